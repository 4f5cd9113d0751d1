import Checkpoints
import Foundation
import Support
import Training

/// What a network does on the test split with the weights of the epoch that was best on the development split.
struct BestEpoch {
  let role: String
  let seed: Int
  /// The first of the epochs with the highest development accuracy.
  let epoch: Int
  /// Share of test images, in [0, 1].
  let testAccuracy: Double
}

/// Everything beside the concepts that a comparison is made from.
struct ComparisonResults {
  /// At the last epoch, the teacher first.
  let tests: [TestResult]
  /// Of baseline and students.
  let best: [BestEpoch]
  let histories: [(role: String, seed: Int, history: TrainingHistory)]
  /// SHA-256 of the teacher's file.
  let teacherHash: String
  /// What was done to a teacher from a file before it was asked.
  var teacherChanges: [String] = []
  /// Networks that learned beside the students.
  var participants: [ParticipantResult] = []
}

extension Evaluations {
  /// The answers of all networks, and where their weights were best.
  func comparison() throws -> ComparisonResults {
    try context.timed("evaluation") {
      let tests = try testResults()
      let images = AnswerStore.key(of: try data().test, try data().normalization)
      var best: [BestEpoch] = []
      for (role, seed) in comparedNetworks {
        try Interrupt.check()
        guard let top = try history(role, seed: seed).bestEpoch else { continue }
        let last = tests.first { $0.role == role && $0.seed == seed && top == lastEpoch(of: role) }
        let file = folders.training(role, seed: seed).checkpoint(epoch: top)
        let accuracy =
          try last?.accuracy
          ?? testAnswers(role, seed: seed, AnswerStore.key(of: file), as: "test-best", images) {
            try RunFolder.network(at: file)
          }.accuracy
        best.append(BestEpoch(role: role, seed: seed, epoch: top, testAccuracy: accuracy))
      }
      let histories = try histories()
      return ComparisonResults(
        tests: tests, best: best, histories: histories, teacherHash: try AnswerStore.key(of: teachers.file),
        teacherChanges: try teachers.changes(), participants: try participantResults(histories))
    }
  }
}
