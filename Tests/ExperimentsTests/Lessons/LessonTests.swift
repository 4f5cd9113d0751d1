import Experiments
import Foundation
import Support
import Tensors
import TestSupport
import Testing

@Suite("Lessons")
struct LessonTests {
  private func make(
    _ name: String = "concept-validity", _ assignments: [String] = [], _ level: LessonLevel = .ten,
    seeds: [Int]? = [1], root: URL = URL(fileURLWithPath: "/nowhere")
  ) throws -> any Lesson {
    try LessonRegistry.make(
      name,
      LessonSetup(
        level: level, assignments: assignments, seeds: seeds, root: root, progress: ProgressDisplay(isQuiet: true)))
  }

  private func line(_ body: () throws -> Void) -> String {
    let error = #expect(throws: InputError.self) { try body() }
    return error?.description ?? ""
  }

  @Test("have names that differ, a question, and folders of their own at every level", arguments: LessonLevel.allCases)
  func entries(level: LessonLevel) throws {
    #expect(Set(LessonRegistry.entries.map(\.name)).count == LessonRegistry.entries.count)
    for entry in LessonRegistry.entries {
      #expect(entry.summary.hasSuffix("?"))
      let lesson = try make(entry.name, [], level, seeds: nil)
      #expect(lesson.folders.name == "\(entry.name)-\(level.rawValue)min")
      #expect(!lesson.plan.isEmpty)
    }
  }

  @Test("have arms behind every planned comparison, more seeds than verdicts need, and grow with their level")
  func plans() throws {
    for plan in LessonRegistry.plans {
      let work = try LessonLevel.allCases.map { level -> Int in
        let recipe = try Recipe.read(
          yaml: plan.recipe(at: level), at: "lesson", name: "lesson", vocabulary: .standard)
        let moments = plan.moments(at: level)
        #expect(moments.allSatisfy { (1..<recipe.training.epochs).contains($0.epoch) })
        let roles = Set(recipe.taught.map(\.name) + ["baseline", "averaged/learner"] + moments.map(\.name))
        for claim in plan.claims(at: level) {
          #expect(roles.contains(claim.role) && roles.contains(claim.reference), "\(plan) \(claim.name)")
          #expect(claim.role != claim.reference)
        }
        // What has the students' model, their start and labels alone would be the baseline itself.
        for assistant in recipe.assistants where assistant.model == recipe.student && assistant.lesson == nil {
          #expect(assistant.isApart, "\(plan) \(assistant.name)")
        }
        #expect(Set(plan.claims(at: level).map(\.name)).count == plan.claims(at: level).count)
        #expect(recipe.seeds.count >= 3)
        let values = recipe.data.options.values
        let (images, size) = (try #require(values["train"]?.number), try #require(values["size"]?.number))
        return Int(images * size * size) * recipe.training.epochs * recipe.seeds.count
      }
      #expect(work == work.sorted() && Set(work).count == 3, "\(plan)")
      #expect(plan.predictions.count >= 2 && plan.entry.paper?.isEmpty == false)
    }
  }

  @Test("take 2, 10 or 120 minutes and no others", arguments: ["0", "5", "-2", "2.0", "", "two", "1200"])
  func minutes(text: String) {
    #expect(line { _ = try LessonLevel(minutes: text) } == "--minutes: is \(text); it takes 2, 10 or 120")
  }

  @Test("refuse unknown names, options, values and layers in one line that suggests what would be right")
  func refusals() {
    #expect(line { _ = try make("concept-validty") }.contains("there is no lesson 'concept-validty'; did you mean"))
    #expect(line { _ = try make("capacity-gab") }.contains("did you mean 'capacity-gap'?"))
    #expect(line { _ = try make("capacity-gap", ["training.epoch=3"]) }.contains("did you mean 'epochs'?"))
    #expect(line { _ = try make("capacity-gap", ["analysis=none", "name=a/b"]) }.contains("name is 'a/b'"))
    #expect(line { _ = try make("concept-validity", ["epoch=3"]) }.hasPrefix("--set epoch: 'epoch' is no option of"))
    #expect(line { _ = try make("concept-validity", ["epochs=0"]) }.hasPrefix("--set epochs"))
    #expect(line { _ = try make("concept-validity", ["epochs"]) }.contains("no value"))
    #expect(line { _ = try make("concept-validity", ["levels=[two-colors]"]) }.contains("two-colours"))
    #expect(line { _ = try make("concept-validity", ["levels=[one-colour, one-colour]"]) }.contains("one twice"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer9]"]) }.contains("resnet8 has no layer 'layer9'"))
    #expect(line { _ = try make("concept-validity", ["layers=[fc]"]) }.contains("'fc' is no map"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer3, layer3]"]) }.contains("one twice"))
  }

  @Test("say of networks that have not learned their task that nothing can be judged, and repeat nothing", .tags(.slow))
  func uninformative() throws {
    try withTemporaryDirectory { folder in
      Threads.use(1)
      func report() throws -> String {
        let url = try make(
          "concept-validity",
          [
            "train=200", "epochs=2", "probe-images=2", "position-images=2", "levels=[two-colours]", "layers=[layer3]",
            "settings=main",
          ], root: folder
        ).run()
        let text = try String(contentsOf: url, encoding: .utf8)
        return text.components(separatedBy: "## Provenance")[0]
      }
      let first = try report()
      #expect(
        first.contains("**not testable** (network a of seed 1 has ") && first.contains("at least 95 % are needed"))
      let runs = folder.appendingPathComponent("runs")
      let stored = try Fingerprints.tensors(below: runs)
      // The second time nothing is trained or measured again.
      #expect(try report() == first)
      #expect(try Fingerprints.tensors(below: runs) == stored)
      // Other settings must not go on with these weights.
      let error = #expect(throws: InputError.self) {
        _ = try make("concept-validity", ["train=200", "epochs=3", "levels=[two-colours]"], root: folder).run()
      }
      #expect(error?.description.contains("belongs to another recipe") == true)
    }
  }
}
