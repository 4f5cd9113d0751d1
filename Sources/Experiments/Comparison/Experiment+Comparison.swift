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

/// A method whose training came to a number that is none.
struct FailedMethod {
  let role: String
  /// As its row would be called.
  let title: String
  let seed: Int
  /// What was not a number, and when.
  let problem: String
}

extension Experiment {
  /// Whether a comparison can do without a network: all are held against baseline and kd.
  func canLeaveOut(_ role: String) -> Bool { isComparison && role != "baseline" && role != Recipe.plainMethod }

  /// Notes that a method could not be trained, so that hours of work with the others do not end there.
  ///
  /// - Throws: ``Divergence``, if its folder is not that of a student.
  func leaveOut(_ role: String, seed: Int, _ divergence: Divergence) throws {
    guard let student = recipe.students.first(where: { $0.name == role }) else { throw divergence }
    failures.append(
      FailedMethod(role: role, title: student.comparedTitle, seed: seed, problem: divergence.problem))
    progress.milestone("\(role) is left out: seed \(seed), \(divergence.problem)")
  }

  /// Refuses to go on with the training of a student that was begun with other weights of its terms or labels.
  ///
  /// - Throws: ``InputError`` for the first such training.
  func requireOwnTrainings() throws {
    for seed in recipe.seeds {
      for role in studentRoles {
        let state = folders.training(role, seed: seed).state
        guard FileManager.default.fileExists(atPath: state.path) else { continue }
        let owner = try Safetensors.header(of: state).metadata["kdscope.recipe.sha256"]
        guard owner == weightsHash(of: role) else {
          throw InputError(
            state.path, "\(role) was trained with other weights or options",
            remedy: "choose another name with --set name=…, or remove the folder")
        }
      }
    }
  }

  /// The answers of all networks, and where their weights were best.
  func comparisonResults() throws -> ComparisonResults {
    try timed("evaluation") {
      let tests = try testResults()
      let images = AnswerStore.key(of: try data().test, try data().normalization)
      var best: [BestEpoch] = []
      for role in studentRoles {
        for seed in recipe.seeds {
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
      }
      let histories = try histories()
      return ComparisonResults(
        tests: tests, best: best, histories: histories, teacherHash: try AnswerStore.key(of: teacherFile),
        teacherChanges: try teacherChanges(), participants: try participantResults(histories))
    }
  }

  /// Ranks the methods and writes tables, figures and report.
  ///
  /// - Parameter studies: the concepts.
  /// - Returns: what came out, and the report's path.
  /// - Throws: what evaluating and writing throw.
  func reportComparison(_ studies: [LayerStudy]) throws -> RunOutcome {
    let results = try comparisonResults()
    progress.begin(reportStage)
    let material = ComparisonMaterial(
      recipe: recipe, studies: studies, results: results, data: try data(), failures: failures)
    let written = try ComparisonWriter(self, material).write()
    if writesEvents { try writePictureEvents(written.pictures) }
    progress.finish()
    return material.outcome(report: written.report)
  }
}
