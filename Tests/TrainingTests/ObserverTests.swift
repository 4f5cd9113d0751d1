import Distillation
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("A training and those who watch it")
struct ObserverTests {
  /// Notes what it is told.
  private final class Witness: TrainingObserver {
    var told: [String] = []
    var losses: [Double] = []

    func begin(after history: TrainingHistory, stepsPerEpoch: Int) {
      told.append("begin after \(history.epochs.count), \(stepsPerEpoch) steps")
    }

    func step(_ done: Int, of stepsPerEpoch: Int, epoch: Int, _ names: [String], _ values: [Float]) {
      if done == stepsPerEpoch { told.append("\(done) steps of \(epoch), \(names)") }
    }

    func epoch(_ history: TrainingHistory, _ program: any TrainingProgram) {
      told.append("epoch \(history.epochs.count)")
      losses.append(history.epochs.last?.developmentLoss ?? .nan)
    }
  }

  @Test("needs no folder: the weights are those of one that is kept, bit for bit")
  func noFolder() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder.appendingPathComponent("run"))
      let kept = try training.baseline()
      let history = try training.run(kept)
      let (program, witness) = (try training.baseline(), Witness())
      let data = TinyData.splits
      let found = try Trainer(
        program, data: data, settings: training.settings, augmentation: data.augmentation, seed: training.seed,
        observers: [witness]
      ).run()
      for (own, right) in zip(program.student.namedParameters, kept.student.namedParameters) {
        #expect(own.parameter.tensor.floats == right.parameter.tensor.floats, "\(own.name)")
      }
      #expect(found.epochs.map(\.developmentLoss) == history.epochs.map(\.developmentLoss))
      let epochs = (0..<training.settings.epochs).flatMap { ["8 steps of \($0), [\"labels\"]", "epoch \($0 + 1)"] }
      #expect(witness.told == ["begin after 0, 8 steps"] + epochs)
      #expect(witness.losses == found.epochs.map(\.developmentLoss))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run"])
    }
  }

  @Test("begins behind the epochs that a keeper has, for all observers")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      try training.run(try training.baseline())
      let witness = Witness()
      try training.trainer(try training.baseline(), witness).run()
      #expect(witness.told == ["begin after \(training.settings.epochs), 8 steps"])
    }
  }
}
