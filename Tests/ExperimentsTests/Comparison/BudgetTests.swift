import Distillation
import Experiments
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing

@Suite("The budget of a comparison")
struct BudgetTests {
  private static let boundaries = "activation-boundary"

  private static func yaml(epochs: Int) -> String {
    """
    name: tiny
    data: { set: part-shapes, size: 16, train: 32, development: 16, test: 16 }
    teacher: { model: resnet8, epochs: 1 }
    student: { model: resnet8 }
    training: { epochs: \(epochs), batch: 16 }
    analysis: { layers: [layer3], probe-images: 2, grid: 2, draws: 2, iterations: 4, epochs: [0, \(epochs)] }
    seeds: [1]
    threads: 1

    """
  }

  private func compared(_ methods: [String], epochs: Int, _ budget: StudentRecipe.Budget = .total) throws -> Recipe {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("tiny.yaml")
      try Data(Self.yaml(epochs: epochs).utf8).write(to: file)
      return try Recipe.comparison(of: methods, path: file.path, budget: budget).recipe
    }
  }

  @Test(
    "takes a stage that trains the student out of training.epochs: a ninth unless its length is stated",
    arguments: [
      (boundaries, 270, 30, 240), (boundaries, 27, 3, 24), (boundaries, 2, 1, 1), (boundaries, 12, 1, 11),
      ("fsp:stages=flow-first", 90, 10, 80), ("fitnet:stages=hint-first", 18, 2, 16), ("fsp", 90, 0, 90),
      ("fitnet:stages=hint-first,hint-epochs=5", 18, 5, 13), ("\(boundaries)+kd", 9, 1, 8), ("kd", 9, 0, 9),
    ])
  func shares(_ method: String, _ epochs: Int, _ stage: Int, _ joint: Int) throws {
    let student = try #require(try compared([method], epochs: epochs).students.last)
    #expect(student.studentStageEpochs == stage && student.jointEpochs(of: epochs) == joint)
    #expect(student.trainedEpoch(epochs) == epochs && student.ownStageEpochs == 0)
    #expect((student.budget == .total) == (stage > 0))
  }

  @Test("is of the joint training alone where that is asked for")
  func joint() throws {
    let student = try #require(try compared([Self.boundaries], epochs: 9, .joint).students.last)
    #expect(student.studentStageEpochs == 30 && student.jointEpochs(of: 9) == 9 && student.trainedEpoch(9) == 39)
    #expect(student.trainedEpoch(0) == 0 && student.trainedEpoch(1) == 31)
  }

  @Test("does not count stages in which the student does not learn, nor further views")
  func own() throws {
    let students = try compared(["factor-transfer", "sskd", "mlkd"], epochs: 9).students
    #expect(students.map(\.ownStageEpochs) == [0, 5, 60, 0] && students.map(\.views) == [1, 1, 4, 2])
    #expect(students.allSatisfy { $0.studentStageEpochs == 0 && $0.jointEpochs(of: 9) == 9 && $0.budget == .joint })
    #expect(students[1].trainedEpoch(1) == 6 && students[1].trainedEpoch(0) == 0)
  }

  @Test(
    "knows which epoch of the training is which of the student's",
    arguments: [
      ("factor-transfer:paraphraser-epochs=5+activation-boundary:boundary-epochs=3", [0, 6, 7, 8, 9, 14]),
      ("activation-boundary:boundary-epochs=3+factor-transfer:paraphraser-epochs=5", [0, 1, 2, 3, 9, 14]),
    ])
  func mapping(_ method: String, _ expected: [Int]) throws {
    let student = try #require(try compared([method], epochs: 9).students.last)
    #expect([0, 1, 2, 3, 4, 9].map(student.trainedEpoch) == expected)
  }

  @Test("is written into the recipe, which reads as the same one", arguments: StudentRecipe.Budget.allCases)
  func written(_ budget: StudentRecipe.Budget) throws {
    let recipe = try compared([Self.boundaries, "sskd"], epochs: 9, budget)
    #expect(recipe.canonicalYAML.contains("budget: total") == (budget == .total))
    let again = try Recipe.read(
      yaml: recipe.canonicalYAML, at: "r.yaml", vocabulary: .standard, overrides: [], quick: false)
    #expect(again == recipe)
  }

  @Test(
    "is refused where a stage leaves nothing of it",
    arguments: [("activation-boundary:boundary-epochs=9", 9, "takes 9"), ("activation-boundary", 1, "takes 1")])
  func refused(_ method: String, _ epochs: Int, _ part: String) {
    let error = #expect(throws: InputError.self) { try compared([method], epochs: epochs) }
    let line = error?.description ?? ""
    #expect(
      line.hasPrefix("compare \(method): the stage 'boundaries' of activation-boundary \(part) of training.epochs")
        && line.contains("boundary-epochs=") && !line.contains("\n"), "\(line)")
  }

  /// Every method with a stage that trains the student must say which option it is that a budget shortens.
  @Test("knows the length of every such stage", arguments: MethodRegistry.entries)
  func known(_ entry: CatalogEntry) throws {
    let stages = entry.options.first { $0.name == "stages" }
    guard case .choice(let choices)? = stages?.kind else { return }
    for choice in choices where choice != "joint" {
      let student = try #require(try compared(["\(entry.name):stages=\(choice)"], epochs: 27).students.last)
      #expect(student.studentStageEpochs == 3, "\(entry.name) \(choice)")
    }
  }

  @Test("is kept by the trainings, and shown in table and report", .tags(.slow))
  func whole() throws {
    try withTemporaryDirectory { folder in
      let recipe = try compared([Self.boundaries, "sskd:head-epochs=1"], epochs: 3)
      let experiment = Experiment(recipe, root: folder, progress: ProgressDisplay(isQuiet: true), comparing: true)
      // Cells of a table are padded.
      let report = try String(contentsOf: try experiment.run(resumes: true).report, encoding: .utf8).split(
        separator: " ", omittingEmptySubsequences: true
      ).joined(separator: " ")
      func epochs(_ role: String) -> Int {
        let run = folder.appendingPathComponent("runs/tiny/seed-1/\(role)")
        return Fingerprints.files(below: run).count { $0.hasPrefix("epoch-") } - 1
      }
      #expect(["baseline", "kd", Self.boundaries, "sskd.head-epochs-1"].map(epochs) == [3, 3, 3, 4])
      for part in ["Student epochs", "| 1 + 2 |", "| 3 × 4 (+ 1) |", "stage before the joint training among"] {
        #expect(report.contains(part), "\(part)")
      }
      #expect(!report.contains("--budget joint"))
    }
  }
}
