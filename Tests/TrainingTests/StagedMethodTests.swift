import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Methods with a stage of their own before the joint training, and one that brings its own training.
@Suite("A training in stages")
struct StagedMethodTests {
  private struct Stop: Error {}

  struct Case: Sendable, CustomTestStringConvertible {
    let method: String
    var teacher = "cnn4"
    let options: [String: OptionValue]
    /// Up to where the stage trains the student; nil where the student does not run.
    var layer: String?
    /// Whether the method still has a term behind its stage.
    var takesPart = false
    var testDescription: String { method }
  }

  static let cases = [
    Case(
      method: "fitnet",
      options: [
        "stages": .text("hint-first"), "hint-epochs": .number(2), "layers": .list([.text("conv1")]),
        "teacher-layers": .list([.text("conv2")]),
      ],
      layer: "conv1", takesPart: true),
    Case(
      method: "factor-transfer", options: ["paraphraser-epochs": .number(2), "paraphraser-rate": .number(0.02)],
      takesPart: true),
    Case(
      method: "activation-boundary", teacher: "resnet8",
      options: [
        "boundary-epochs": .number(2), "layers": .list([.text("conv1")]), "teacher-layers": .list([.text("layer1")]),
        "teacher-bn": .text("batch"),
      ], layer: "conv1"),
    Case(
      method: "fsp", options: ["flow-epochs": .number(2)], layer: "conv2"),
  ]

  @Test(
    "trains what it says, then the rest on the labels, and goes on after a stop with the same bits", arguments: cases)
  func stages(_ staged: Case) throws {
    try withTemporaryDirectory { folder in try hold(staged, folder) }
  }

  private func hold(_ staged: Case, _ folder: URL) throws {
    var training = TinyTraining(folder.appendingPathComponent("whole"))
    training.settings = TrainingSettings(
      epochs: 2, batch: 16, schedule: LearningRateSchedule(base: 0.02, shape: .constant), clipNorm: 5)
    training.second = training.settings
    let teacher = try ModelCatalog.build(training.specification(staged.teacher), seed: 5)
    let weights = teacher.namedParameters.map { $0.parameter.tensor.floats }
    holdTerms(try training.run(try program(staged, training, teacher)).epochs.map(\.terms), staged)
    #expect(teacher.namedParameters.map { $0.parameter.tensor.floats } == weights)
    try holdWeights(training, staged)
    let whole = try Fingerprints.tensors(below: training.folder.url)
    for stop in [11, 20] {
      training.folder = RunFolder(folder.appendingPathComponent("stopped-\(stop)"))
      try run(training, stoppingAt: stop) { try program(staged, training, teacher) }
      #expect(try Fingerprints.tensors(below: training.folder.url) == whole)
    }
  }

  private func program(_ staged: Case, _ training: TinyTraining, _ teacher: any Network) throws -> any TrainingProgram {
    let student = try training.network()
    let method = try MethodRegistry.make(staged.method, staged.options, setup(student, teacher))
    #expect(method.preparation?.epochs == 2)
    let joint = JointProgram(
      student: student, teacher: teacher, terms: [.init(name: staged.method, method: method, weight: 1)], clipNorm: 5,
      makeOptimizer: training.settings.makeOptimizer)
    return PreparedProgram(joint, stepsPerEpoch: 8, makeOptimizer: training.settings.makeOptimizer)
  }

  private func setup(_ student: any Network, _ teacher: any Network) -> MethodSetup {
    MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
      trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny")
  }

  /// Trains in two processes, the first of which ends at a step.
  private func run(_ training: TinyTraining, stoppingAt stop: Int, _ program: () throws -> any TrainingProgram) throws {
    var left = stop
    let first = try program()
    #expect(throws: Stop.self) {
      try training.run(first) { event in
        if case .step = event { left -= 1 }
        if left == 0 { throw Stop() }
      }
    }
    try training.run(try program())
  }

  /// Columns: labels, the method, its stage.
  private func holdTerms(_ rows: [[Double?]], _ staged: Case) {
    let stage = rows.compactMap { $0[2] }
    #expect(stage.count == 2 && rows[0][2] != nil && stage[1] < stage[0], "\(rows)")
    let labels = rows.compactMap { $0[0] }
    #expect(labels.count == 2 && rows[3][0] != nil && labels[1] < labels[0], "\(rows)")
    #expect(rows[0][1] == nil && (rows[2][1] != nil) == staged.takesPart)
  }

  private func holdWeights(_ training: TinyTraining, _ staged: Case) throws {
    let (first, middle) = (try training.weights(epoch: 0), try training.weights(epoch: 2))
    let last = try training.weights(epoch: 4)
    let network = try training.network()
    let before = staged.layer.map { network.layerNames(upTo: $0) } ?? []
    for (name, parameter) in network.namedParameters where parameter.role.isTrainable {
      let isTrained = before.contains { name.hasPrefix("\($0).") }
      let moves = middle[name] != first[name]
      #expect(moves == isTrained, "\(name) in the stage")
      #expect(last[name] != middle[name], "\(name) behind it")
    }
  }

  @Test("of a rocket lowers all its terms and goes on after a stop with the same bits")
  func rocket() throws {
    try withTemporaryDirectory { folder in try holdRocket(folder) }
  }

  private func holdRocket(_ folder: URL) throws {
    var training = TinyTraining(folder.appendingPathComponent("whole"))
    let teacher = try ModelCatalog.build(training.specification("cnn4"), seed: 5)
    let history = try training.run(try rocket(training, teacher))
    let (first, last) = (try #require(history.epochs.first), try #require(history.epochs.last))
    #expect(history.termNames == ["labels", "booster", "rocket"])
    for term in 0..<2 {
      let (before, after) = (try #require(first.terms[term]), try #require(last.terms[term]))
      #expect(after < before)
    }
    let whole = try Fingerprints.tensors(below: training.folder.url)
    training.folder = RunFolder(folder.appendingPathComponent("stopped"))
    try run(training, stoppingAt: 13) { try rocket(training, teacher) }
    #expect(try Fingerprints.tensors(below: training.folder.url) == whole)
  }

  private func rocket(_ training: TinyTraining, _ teacher: any Network) throws -> any TrainingProgram {
    let student = try training.network()
    let made = try MethodRegistry.make("rocket", ["share": .text("conv1")], setup(student, teacher))
    let method = try #require(made as? any ProgramMethod)
    return try method.program(
      ProgramFrame(student: student, labelWeight: 1, weight: 0.03, makeOptimizer: training.settings.makeOptimizer))
  }
}
