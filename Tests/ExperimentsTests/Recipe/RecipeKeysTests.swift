import Experiments
import Support
import Testing

@Suite("The table of a recipe's keys")
struct RecipeKeysTests {
  private static func keys(_ path: String) -> [String] {
    RecipeSection.all.first { $0.path == path }?.keys.map(\.name) ?? []
  }

  private func members(_ node: DocumentNode?) -> [DocumentNode.Member] {
    if case .map(let members)? = node { members } else { [] }
  }

  @Test("has every key of a recipe that is written out in full")
  func complete() throws {
    let recipe = try Recipe.builtIn(
      vocabulary: .standard,
      overrides: [
        "training.schedule={kind: plateau}", "training.clip-norm=1", "analysis.procedure=both", "seeds=[4, 5]",
      ])
    let root = members(recipe.document)
    func section(_ key: String) -> DocumentNode? { root.first { $0.key == key }?.value }
    #expect(Set(root.map(\.key)).isSubset(of: Self.keys("")))
    for path in ["training", "analysis"] {
      let nested = RecipeSection.all.map(\.path).filter { $0.hasPrefix("\(path).") }.map {
        $0.dropFirst(path.count + 1)
      }
      let known = Self.keys(path) + nested.map(String.init)
      for member in members(section(path)) {
        #expect(known.contains(member.key), "\(path).\(member.key)")
        if case .map(let inner) = member.value {
          #expect(Set(inner.map(\.key)).isSubset(of: Self.keys("\(path).\(member.key)")), "\(path).\(member.key)")
        }
      }
    }
    for student in members(section("students")) {
      #expect(Set(members(student.value).map(\.key)).isSubset(of: Self.keys("students.NAME")))
    }
  }

  @Test(
    "is what the reader goes by",
    arguments: ["training", "training.schedule", "analysis", "analysis.published", "labels"])
  func known(_ path: String) throws {
    let keys = Self.keys(path)
    #expect(!keys.isEmpty)
    let steps = path.split(separator: ".")
    for key in keys + ["unheard-of"] {
      let text = steps.reversed().reduce("{ \(key): { a: 1 } }") { inner, step in
        step == steps[0] ? "\(step): \(inner)" : "{ \(step): \(inner) }"
      }
      let line = try #require(refusal(minimal(text)))
      #expect(line.contains("'\(key)' is no key of \(path)") == (key == "unheard-of"), "\(line)")
    }
  }

  @Test("says of every key what it takes and means, in one line")
  func described() {
    for section in RecipeSection.all {
      #expect(!section.summary.isEmpty)
      for key in section.keys {
        #expect(!key.summary.isEmpty && !key.expectation.isEmpty && !key.summary.contains("\n"), "\(key.name)")
        #expect(key.defaultValue.map(key.accepts) ?? true, "\(key.name)")
      }
    }
  }

  @Test(
    "tells which key a word alone means",
    arguments: [
      ("epochs", "training.epochs"), ("Epoch", "training.epochs"), ("batch_size", "training.batch"),
      ("lr", "training.learning-rate"), ("milestones", "training.schedule.at"),
      ("probe-images", "analysis.probe-images"),
      ("data", "data.set"), ("checkpoint", "teacher.checkpoint"), ("name", "name"), ("layers", "analysis.layers"),
      ("training", nil), ("zebra", nil),
    ] as [(String, String?)])
  func meaning(_ word: String, _ expected: String?) { #expect(RecipeSection.path(meaning: word) == expected) }
}
