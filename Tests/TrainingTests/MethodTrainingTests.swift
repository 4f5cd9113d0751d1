import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Every method in a training: run over the registry, so that a new one is covered by being registered.
@Suite("A training with")
struct MethodTrainingTests {
  private struct Stop: Error {}

  /// Weights near those of the recipes, so that small losses move something in few steps; all others have 1.
  private static let weights: [String: Float] = [
    "attention-transfer": 1000, "nst": 50, "cwd": 50, "fsp": 50, "pkt": 30_000, "similarity-preserving": 3000,
    "correlation-congruence": 100, "rkd": 1, "crd": 0.8,
    "semckd": 400, "mgd": 0.0012, "afd": 200, "afds": 500,
    "sobolev": 1000,
  ]

  /// Methods whose value need not fall: weights per image rise while the student does not learn the labels, or a teacher's
  /// graph is learned beside the student.
  private static let weighted: Set = ["wsl", "mhgd", "ca-mkd"]

  /// Stages of an epoch, few negatives: what makes a method quick without changing what it is.
  static func options(_ name: String) -> [String: OptionValue] {
    let entry = MethodRegistry.entries.first { $0.name == name }
    let stages = entry?.options.filter { $0.name.hasSuffix("epochs") }.map { ($0.name, OptionValue.number(1)) } ?? []
    let joint = entry?.options.contains { $0.name == "stages" } ?? false ? [("stages", OptionValue.text("joint"))] : []
    let own: [String: [(String, OptionValue)]] = [
      "crd": [("negatives", .number(32))], "review-kd": [("warm-up", .number(0))],
      "ca-mkd": [("further-teachers", .list([.text("other")])), ("beta", .number(1))],
    ]
    return Dictionary(uniqueKeysWithValues: stages + joint + (own[name] ?? []))
  }

  /// What stands for a teacher from a file.
  static func furtherTeacher(_ training: TinyTraining) throws -> any Network {
    let network = try ModelCatalog.build(training.specification("resnet14"), seed: 6)
    network.freeze()
    return network
  }

  @Test(
    "any method lowers its term, leaves the teacher alone, and goes on after a stop with the same bits",
    arguments: MethodRegistry.entries.map(\.name))
  func trains(_ name: String) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      training.model = "resnet8"
      training.settings = TrainingSettings(
        epochs: 3, batch: 16, schedule: LearningRateSchedule(base: 0.02, shape: .constant), clipNorm: 5)
      let teacher = try ModelCatalog.build(training.specification("resnet14"), seed: 5)
      func program() throws -> any TrainingProgram {
        let student = try training.network()
        let setup = MethodSetup(
          student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
          trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny",
          readNetwork: { _ in try Self.furtherTeacher(training) })
        let term = JointProgram.Term(
          name: name, method: try MethodRegistry.make(name, Self.options(name), setup), weight: Self.weights[name] ?? 1)
        let joint = JointProgram(
          student: student, teacher: teacher, labelWeight: 0, terms: [term], clipNorm: 5,
          makeOptimizer: training.settings.makeOptimizer)
        guard let preparation = term.method.preparation else { return joint }
        training.second = training.settings
        training.second?.epochs = 3
        training.settings.epochs = preparation.epochs
        return PreparedProgram(joint, stepsPerEpoch: 8, makeOptimizer: training.settings.makeOptimizer)
      }
      let before = teacher.namedParameters.map { $0.parameter.tensor.floats }
      // First: it says how long the stages are.
      let first = try program()
      let history = try training.run(first)
      let values = history.epochs.compactMap { $0.terms[1] }
      #expect(values.count == 3 && (values[2] < values[0] || Self.weighted.contains(name)), "\(values)")
      #expect(teacher.namedParameters.map { $0.parameter.tensor.floats } == before)

      let whole = try Fingerprints.tensors(below: training.folder.url)
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      var left = 13
      #expect(throws: Stop.self) {
        try training.run(try program()) { event in
          if case .step = event { left -= 1 }
          if left == 0 { throw Stop() }
        }
      }
      try training.run(try program())
      #expect(try Fingerprints.tensors(below: training.folder.url) == whole)
    }
  }
}
