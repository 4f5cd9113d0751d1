import Analysis
import Checkpoints
import Foundation
import Support
import Training

/// A network that learned beside a student, at the last epoch.
struct ParticipantResult {
  /// The student that it learned beside; nil for an assistant or a further teacher.
  let student: String?
  let seed: Int
  /// `peer-2`, `learner`, `booster`; of an assistant its name.
  let role: String
  /// Name of its model.
  let model: String
  /// Share of the development split that it has right; nil for one that was read from a file.
  let developmentAccuracy: Double?
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
    guard
      !recipe.assistants.isEmpty || !recipe.teachers.isEmpty
        || histories.contains(where: { $0.history.epochs.last?.others != nil })
    else {
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
    let named = Set(recipe.assistants.map(\.name) + recipe.teachers.map(\.name))
    let fromFiles = try recipe.teachers.compactMap { named -> ParticipantResult? in
      guard let path = named.teacher.checkpoint else { return nil }
      let key = try AnswerStore.key(of: URL(fileURLWithPath: path))
      let read = try teachers.readNamed(path, as: named.name)
      return ParticipantResult(
        student: nil, seed: firstSeed, role: named.name, model: named.teacher.model.name, developmentAccuracy: nil,
        predictions: try testAnswers(
          named.name, seed: firstSeed, key + (named.teacher.key ?? "") + read.key, as: "test", images
        ) { read.network })
    }
    return try fromFiles
      + histories.flatMap { student, seed, history in
        let own = try [student].filter(named.contains).map { _ in
          ParticipantResult(
            student: nil, seed: seed, role: student, model: recipe.model(of: student).name,
            developmentAccuracy: history.epochs.last?.developmentAccuracy,
            predictions: try answers(student, seed, epoch: lastEpoch(of: student)))
        }
        return try own
          + (history.epochs.last?.others ?? []).map { other in
            ParticipantResult(
              student: student, seed: seed, role: other.role, model: other.model,
              developmentAccuracy: other.developmentAccuracy,
              predictions: try answers("\(student)/\(other.role)", seed, epoch: lastEpoch(of: student)))
          }
      }
  }
}
