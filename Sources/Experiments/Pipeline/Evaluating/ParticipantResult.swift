import Analysis
import Checkpoints
import Support
import Training

/// A network that learned beside a student, at the last epoch.
struct ParticipantResult {
  /// The student that it learned beside; nil for an assistant.
  let student: String?
  let seed: Int
  /// `peer-2`, `learner`, `booster`; of an assistant its name.
  let role: String
  /// Name of its model.
  let model: String
  /// Share of the development split that it has right.
  let developmentAccuracy: Double
  /// Its answers on the test split.
  let predictions: Predictions
}

extension Evaluations {
  /// What the networks beside the students do on the test split.
  ///
  /// - Parameter histories: of all trainings.
  /// - Returns: one for each network and seed; none where every training has one network.
  /// - Throws: what reading checkpoints and storing answers throw.
  func participantResults(_ histories: [(role: String, seed: Int, history: TrainingHistory)]) throws
    -> [ParticipantResult]
  {
    guard !recipe.assistants.isEmpty || histories.contains(where: { $0.history.epochs.last?.others != nil }) else {
      return []
    }
    let images = AnswerStore.key(of: try data().test, try data().normalization)
    func answers(_ path: String, _ seed: Int, epoch: Int) throws -> Predictions {
      try Interrupt.check()
      let file = folders.training(path, seed: seed).checkpoint(epoch: epoch)
      return try testAnswers(path, seed: seed, AnswerStore.key(of: file), as: "test", images) {
        try RunFolder.network(at: file)
      }
    }
    return try histories.flatMap { student, seed, history in
      let assistant = try recipe.assistants.filter { $0.name == student }.map { assistant in
        ParticipantResult(
          student: nil, seed: seed, role: student, model: recipe.model(of: student).name,
          developmentAccuracy: history.epochs.last?.developmentAccuracy ?? 0,
          predictions: try answers(student, seed, epoch: lastEpoch(of: student)))
      }
      return try assistant
        + (history.epochs.last?.others ?? []).map { other in
          ParticipantResult(
            student: student, seed: seed, role: other.role, model: other.model,
            developmentAccuracy: other.developmentAccuracy,
            predictions: try answers("\(student)/\(other.role)", seed, epoch: lastEpoch(of: student)))
        }
    }
  }
}
