import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// What a finished network does on the test split, and how near it is to its teacher there.
struct TestResult: Codable, Equatable {
  let role: String
  let seed: Int
  let accuracy: Double
  let loss: Double
  /// Share of test images on which student and teacher choose the same class; nil for the teacher.
  let agreement: Double?
  /// KL(teacher ‖ student) at temperature 1, mean over test images, nats; nil for the teacher.
  let divergence: Double?
}

/// Everything beside the concepts: test results, and the log of every training.
struct RunResults {
  let tests: [TestResult]
  let histories: [(role: String, seed: Int, history: TrainingHistory)]
}

extension Experiment {
  /// Test accuracy of every last epoch, fidelity to the teacher, and the logs.
  func evaluate() throws -> RunResults {
    try timed("evaluation") {
      let data = try data()
      let labels = data.test.labels.map(Int.init)
      let teacher = Logits.of(try trainedTeacher(), on: data.test, data.normalization)
      let own = Evaluation(logits: teacher, labels: labels)
      var tests = [
        TestResult(
          role: "teacher", seed: firstSeed, accuracy: own.accuracy, loss: own.loss, agreement: nil, divergence: nil)
      ]
      var histories: [(role: String, seed: Int, history: TrainingHistory)] = []
      if recipe.teacher.checkpoint == nil {
        histories.append((role: "teacher", seed: firstSeed, history: try history("teacher", seed: firstSeed)))
      }
      let choices = teacher.argmaxOfRows()
      for role in studentRoles {
        for seed in recipe.seeds {
          let file = folders.training(role, seed: seed).checkpoint(epoch: lastEpoch(of: role))
          let logits = Logits.of(try Checkpoint.read(file).network, on: data.test, data.normalization)
          let result = Evaluation(logits: logits, labels: labels)
          let same = zip(logits.argmaxOfRows(), choices).count { $0 == $1 }
          tests.append(
            TestResult(
              role: role, seed: seed, accuracy: result.accuracy, loss: result.loss,
              agreement: Double(same) / Double(labels.count),
              divergence: Double(softenedDivergence(logits, from: teacher, temperature: 1).item)))
          histories.append((role: role, seed: seed, history: try history(role, seed: seed)))
        }
      }
      return RunResults(tests: tests, histories: histories)
    }
  }

  func history(_ role: String, seed: Int) throws -> TrainingHistory {
    let folder = folders.training(role, seed: seed)
    let state = try Safetensors.read(folder.state)
    guard let text = state.metadata["kdscope.history"],
      let history = try? JSONDecoder().decode(TrainingHistory.self, from: Data(text.utf8))
    else { throw InputError(folder.state.path, "the state holds no history", remedy: "train the network again") }
    return history
  }
}
