import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Training

@Suite("The way that weights go in a training")
struct StepDistanceTests {
  @Test("is added up over steps, for each weight and for all before it")
  func sums() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.keepsStepDistances = true
      training.settings.epochs = 2
      let program = try training.baseline()
      let weights = program.student.namedParameters.filter { $0.parameter.role == .weight }
      var before = weights.map { $0.parameter.tensor.floats.map(Double.init) }
      var (own, upTo) = (Array(repeating: 0.0, count: weights.count), Array(repeating: 0.0, count: weights.count))
      let history = try training.run(program) { event in
        guard case .step = event else { return }
        var together = 0.0
        for (index, weight) in weights.enumerated() {
          let now = weight.parameter.tensor.floats.map(Double.init)
          let square = zip(now, before[index]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          before[index] = now
          together += square
          own[index] += square.squareRoot()
          upTo[index] += together.squareRoot()
        }
      }
      let found = try #require(history.epochs.last?.stepDistances)
      #expect(found.weights == weights.map(\.name))
      expectClose(found.own.map(Float.init), own, relative: 1e-5, absolute: 0)
      expectClose(found.upTo.map(Float.init), upTo, relative: 1e-5, absolute: 0)
      #expect(try #require(history.epochs[0].stepDistances).own[0] < found.own[0])
    }
  }

  @Test("is not added up where nobody asks, nor after epochs for which nobody asked")
  func notAsked() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.epochs = 2
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        try training.run(try training.baseline()) { if case .epoch = $0 { throw Stop() } }
      }
      training.keepsStepDistances = true
      let history = try training.run(try training.baseline())
      #expect(history.epochs.map { $0.stepDistances == nil } == [true, true])
    }
  }
}
