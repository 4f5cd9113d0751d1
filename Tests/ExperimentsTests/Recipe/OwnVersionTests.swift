import Experiments
import Support
import Testing

@Suite("Versions of networks and methods of one's own")
struct OwnVersionTests {
  private static let entries = [
    CatalogEntry("kd", "built in"), CatalogEntry("huber", "own", version: 2), CatalogEntry("net", "own", version: 1),
  ]

  @Test("are named once each, and only those that a recipe uses")
  func named() {
    #expect(
      Recipe.ownVersions(of: ["net", "kd", "huber", "huber"], among: Self.entries) == [
        "huber version 2", "net version 1",
      ])
    #expect(Recipe.ownVersions(of: ["kd", "resnet8"], among: Self.entries).isEmpty)
  }

  @Test("are asked of a method and of the networks that its options name")
  func names() throws {
    let text = """
      name: peers
      data: { set: part-shapes }
      student: { model: resnet8 }
      students:
        peers: { distillation: [ { method: dml, peers: [wrn-16-1, resnet14] } ] }
      """
    let recipe = try Recipe.read(yaml: text, at: "r.yaml", vocabulary: .standard)
    let term = try #require(recipe.students.first?.terms.first)
    #expect(Set(term.names).isSuperset(of: ["dml", "wrn-16-1", "resnet14"]) && !term.names.contains("resnet8"))
  }
}
