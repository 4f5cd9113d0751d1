import Checkpoints
import Foundation
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite("A training")
struct TrainerTests {
  @Test("lowers the loss and learns what the classes are", arguments: [TrainingSettings.Rule.sgd, .adam])
  func learns(_ rule: TrainingSettings.Rule) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings = TrainingSettings(
        epochs: 6, batch: 16, rule: rule,
        schedule: LearningRateSchedule(base: rule == .adam ? 0.01 : 0.05, shape: .cosine, warmUp: 1))
      let history = try training.run(try training.baseline())
      let losses = history.epochs.compactMap { $0.terms[0] }
      #expect(
        losses.count == 6 && losses[5] < 0.85 * losses[0], "\(losses) \(history.epochs.map(\.developmentAccuracy))")
    }
  }

  @Test("keeps every epoch's weights, with what they are, and the log")
  func checkpoints() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      let history = try training.run(try training.student())
      #expect(training.folder.epochs == [0, 1, 2, 3])
      #expect(
        Fingerprints.files(below: folder) == [
          "epoch-000.safetensors", "epoch-001.safetensors", "epoch-002.safetensors", "epoch-003.safetensors", "log.csv",
          "state/latest.safetensors",
        ])
      let all = try (0...3).map { try training.weights(epoch: $0)["conv1.weight"] ?? [] }
      #expect(Set(all).count == 4)
      let first = try training.network().namedParameters
      for (name, parameter) in first { #expect(try training.weights(epoch: 0)[name] == parameter.tensor.floats) }
      for epoch in 0...3 {
        let facts = try #require(try Checkpoint.read(training.folder.checkpoint(epoch: epoch)).facts)
        #expect(facts.epoch.wholeEpoch == epoch && facts.recipeHash == "recipe")
        #expect(facts.developmentAccuracy == (epoch == 0 ? nil : history.epochs[epoch - 1].developmentAccuracy))
      }
      #expect(try String(contentsOf: training.folder.log, encoding: .utf8) == history.csv)
    }
  }

  @Test("logs each term of a student by itself, one row per epoch")
  func log() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      let history = try training.run(try training.student())
      #expect(history.termNames == ["labels", "kd", "feature-l2"])
      #expect(history.epochs.allSatisfy { $0.terms.count == 3 && Set($0.terms).count == 3 })
      let lines = history.csv.split(separator: "\n")
      #expect(
        lines[0] == "epoch,labels (mean),kd (mean),feature-l2 (mean),development accuracy,development loss (nats),"
          + "learning rate,seconds")
      #expect(lines.count == 4 && lines[3].hasPrefix("3,") && lines[3].split(separator: ",").count == 8)
    }
  }

  @Test("reports every step and every epoch as it goes")
  func events() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      var steps: [Int] = []
      var epochs: [Int] = []
      try training.run(try training.baseline()) { event in
        switch event {
        case .step(let done, let all, let loss):
          #expect(all == 8 && loss.isFinite)
          steps.append(done)
        case .epoch(let row):
          // What is told has been written.
          #expect(training.folder.epochs.last == row.epoch)
          epochs.append(row.epoch)
        case .resumed, .note: Issue.record("nothing was there to resume or to say")
        }
      }
      #expect(steps == Array(1...8) + Array(1...8) + Array(1...8))
      #expect(epochs == [1, 2, 3])
    }
  }

  @Test("refuses a folder that cannot be made")
  func folder() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      let training = TinyTraining(file.appendingPathComponent("run"))
      let error = #expect(throws: InputError.self) { try training.run(try training.baseline()) }
      #expect(error?.description.contains("the folder cannot be made (Not a directory); choose") == true)
    }
  }
}
