import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Every method driven out of all bounds: run over the registry, so that a new one is covered by being registered.
@Suite("A training that breaks")
struct MethodDivergenceTests {
  /// A rate that is infinite after some steps, one at which weights stay finite, and a weight of the term.
  static let extremes: [(rate: Double, weight: Float)] = [(1e30, 1), (1e8, 1), (0.05, 1e30)]

  @Test(
    "names term and layer, or the parameter of the method, and does not end as if nothing had been",
    arguments: MethodRegistry.entries.map(\.name), extremes)
  func breaks(_ name: String, _ extreme: (rate: Double, weight: Float)) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.model = "resnet8"
      training.settings = TrainingSettings(
        epochs: 1, batch: 16, schedule: LearningRateSchedule(base: extreme.rate, shape: .constant))
      let (student, teacher) = (
        try training.network(), try ModelCatalog.build(training.specification("resnet14"), seed: 5)
      )
      let setup = MethodSetup(
        student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
        trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny",
        readNetwork: { [training] _ in try MethodTrainingTests.furtherTeacher(training) })
      let method = try MethodRegistry.make(name, MethodTrainingTests.options(name), setup)
      let joint = JointProgram(
        student: student, teacher: teacher, labelWeight: 0,
        terms: [JointProgram.Term(name: name, method: method, weight: extreme.weight)],
        makeOptimizer: training.settings.makeOptimizer)
      var program: any TrainingProgram = joint
      if let preparation = method.preparation {
        training.second = training.settings
        training.settings.epochs = preparation.epochs
        program = PreparedProgram(joint, stepsPerEpoch: 8, makeOptimizer: training.settings.makeOptimizer)
      }
      do {
        let last = try #require(try training.run(program).epochs.last)
        let labels = TinyData.splits.development.labels
        let commonest = Set(labels).map { label in labels.count { $0 == label } }.max() ?? 0
        // Nats at which a probability is 0 in single precision.
        #expect(
          last.developmentLoss < 104 || last.accuracy > Double(commonest) / Double(labels.count),
          "\(name) ends with \(last.developmentLoss) nats, accuracy \(last.developmentAccuracy)")
      } catch let divergence as Divergence {
        let line = divergence.description
        // These compare features, which are finite while the logits behind them are not any more.
        let endsBefore = ["fitnet", "srrl"].contains(name) && line.contains("'labels'")
        #expect(line.contains("'\(name)") || line.contains("\(name) ") || endsBefore, "\(line)")
        let layer = try #require(line.split(separator: "first layer that is not finite: ").last)
        #expect(!layer.hasPrefix("none;") || layer.contains("the largest values are those of "), "\(line)")
        if ProcessInfo.processInfo.environment["SURVEY"] != nil { print("SURVEY \(name) \(extreme) \(line)") }
      }
    }
  }
}
