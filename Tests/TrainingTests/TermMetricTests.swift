import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Numbers that methods tell beside their losses.
@Suite("A training with a method that tells more than its loss")
struct TermMetricTests {
  private struct Stop: Error {}
  private static let signs = "share of equal signs"

  private func program(_ training: inout TinyTraining, _ name: String, _ options: [String: OptionValue]) throws
    -> any TrainingProgram
  {
    training.model = "resnet8"
    training.settings.epochs = 2
    let student = try training.network()
    let teacher = try ModelCatalog.build(training.specification("resnet8"), seed: 5)
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
      trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny")
    let term = JointProgram.Term(name: name, method: try MethodRegistry.make(name, options, setup), weight: 1)
    let joint = JointProgram(
      student: student, teacher: teacher, terms: [term], clipNorm: 5, makeOptimizer: training.settings.makeOptimizer)
    guard term.method.preparation != nil else { return joint }
    training.settings.epochs = 1
    training.second = training.settings
    return PreparedProgram(joint, stepsPerEpoch: 8, makeOptimizer: training.settings.makeOptimizer)
  }

  @Test("has it in history and log, the same after a stop", arguments: [3, 12])
  func kept(_ stop: Int) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      let options: [String: OptionValue] = ["stages": .text("joint")]
      let whole = try program(&training, "activation-boundary", options)
      let history = try training.run(whole)
      #expect(history.epochs.allSatisfy { $0.metrics?.map(\.name) == [Self.signs] })
      let shares = history.epochs.compactMap { $0.metrics?.first?.value }
      #expect(shares.allSatisfy { $0 > 0.3 && $0 < 1 } && shares[1] > shares[0], "\(shares)")
      let rows = history.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(rows[0].last == "activation-boundary share of equal signs (mean)")
      #expect(rows.dropFirst().map { $0.last.map(String.init) } == shares.map { String(Float($0)) })
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      let stopped = try program(&training, "activation-boundary", options)
      var left = stop
      #expect(throws: Stop.self) {
        try training.run(stopped) { event in
          if case .step = event { left -= 1 }
          if left == 0 { throw Stop() }
        }
      }
      let second = try program(&training, "activation-boundary", options)
      let resumed = try training.run(second)
      #expect(resumed.epochs.map(\.metrics) == history.epochs.map(\.metrics))
    }
  }

  @Test("has it in the method's own stage only where it takes part there only")
  func staged() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      let program = try program(&training, "activation-boundary", ["boundary-epochs": .number(1)])
      let history = try training.run(program)
      #expect(history.epochs.map { $0.metrics?.count } == [1, nil])
      #expect(history.metricTitles == ["activation-boundary \(Self.signs)"])
      #expect(history.csv.split(separator: "\n").map(String.init).last?.hasSuffix(",") == true)
    }
  }

  @Test("has none, and no column, where the method tells nothing")
  func silent() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      let program = try program(&training, "kd", [:])
      let history = try training.run(program)
      #expect(history.epochs.allSatisfy { $0.metrics == nil } && !history.csv.contains("share"))
    }
  }
}
