import Checkpoints
import Experiments
import Foundation
import Support
import TestSupport
import Testing
import Training

/// Runs on disk of which nothing is there but a recipe and what is noted of trainings that diverged.
@Suite("What a run goes on without")
struct LeftOutTests {
  private static let recipe = """
    name: small
    data: { set: part-shapes }
    teacher: { model: resnet20 }
    student: { model: resnet8 }
    teachers: { wide: { model: resnet14 } }
    assistants:
      middle: { model: cnn4, distillation: [ { method: kd } ] }
    students:
      kd: { distillation: [ { method: kd } ] }
      again: { teacher: kd, distillation: [ { method: logits } ] }
      chain: { teacher: middle, distillation: [ { method: kd } ] }
      both: { distillation: [ { method: multi-average, further-teachers: [wide, again] } ] }
      smooth: { distillation: [ { method: label-smoothing } ] }
    seeds: 2

    """

  /// What the list of runs says of each network that is left out: "ROLE SEED" with the reason.
  private func problems(of diverged: [(String, Int)], mark: String? = nil) throws -> [String: String] {
    try withTemporaryDirectory { folder in
      let folders = ExperimentFolders(root: folder, name: "small")
      try Folders.create(folders.run)
      try Data(Self.recipe.utf8).write(to: folders.recipe)
      if let mark { try Data(mark.utf8).write(to: folders.run.appendingPathComponent("training.sha256")) }
      for (role, seed) in diverged {
        let training = folders.training(role, seed: seed)
        try training.create()
        try Data(#"{ "recipe": "any", "problem": "a loss is not a number", "description": "" }"#.utf8)
          .write(to: training.failure)
      }
      return try StoredRun("small", below: folder).networks.reduce(into: [:]) { problems, network in
        if let problem = network.problem { problems["\(network.role) \(network.seed)"] = problem }
      }
    }
  }

  private static let diverged = "diverged: a loss is not a number"

  static let cases: [(diverged: [(String, Int)], leftOut: [String: String])] = [
    ([], [:]),
    ([("smooth", 2)], ["smooth 2": diverged]), ([("baseline", 1)], ["baseline 1": diverged]),
    (
      [("kd", 2)],
      [
        "kd 2": diverged, "again 2": "left out with kd, which diverged", "both 2": "left out with kd, which diverged",
      ]
    ),
    (
      [("middle", 1), ("chain", 2)],
      ["middle 1": diverged, "chain 1": "left out with middle, which diverged", "chain 2": diverged]
    ),
    (
      [("wide", 1)],
      [
        "wide 1": diverged, "both 1": "left out with wide, which diverged",
        "both 2": "left out with wide, which diverged",
      ]
    ),
    (
      [("teacher", 1)],
      ["kd", "again", "both", "middle", "chain"].flatMap { ["\($0) 1", "\($0) 2"] }
        .reduce(into: ["teacher 1": diverged]) { $0[$1] = "left out with teacher, which diverged" }
    ),
  ]

  @Test("is what diverged, and of its seed whoever learns from it at any remove", arguments: cases.indices)
  func dependants(_ index: Int) throws {
    let (diverged, expected) = Self.cases[index]
    #expect(try problems(of: diverged) == expected)
  }

  @Test("of a comparison is a method that diverged in any seed, and a seed without what all are held against")
  func comparison() throws {
    let mark = "comparison " + String(repeating: "0", count: 64)
    let method = try problems(of: [("smooth", 2)], mark: mark)
    #expect(method == ["smooth 2": Self.diverged, "smooth 1": "left out with smooth, which diverged"])
    let reference = try problems(of: [("kd", 2)], mark: mark)
    #expect(
      Set(reference.keys) == Set(["baseline", "middle", "kd", "again", "chain", "both", "smooth"].map { "\($0) 2" }))
    #expect(try problems(of: [("baseline", 1)], mark: mark).keys.allSatisfy { $0.hasSuffix(" 1") })
  }
}
