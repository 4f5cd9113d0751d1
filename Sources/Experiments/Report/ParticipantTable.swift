import Analysis
import Checkpoints
import Reporting
import Statistics
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

extension Experiment {
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

extension [ParticipantResult] {
  /// What a report says of them.
  ///
  /// - Parameter tests: of the students that they stand beside.
  /// - Returns: a table under a heading; nothing where there are none.
  func blocks(beside tests: [TestResult]) -> [Block] {
    guard !isEmpty else { return [] }
    var table = ReportTable(
      [
        .init("Network"), .init("Model"), .init("Development accuracy (%)", .right), .init("Test accuracy (%)", .right),
        .init("Student − it, test (points)", .right),
      ],
      caption: """
        Networks that learned beside a student, or that taught one, at the last epoch: mean over seeds with 95 % Student t interval, the \
        difference paired by seed. A student's row of verdicts is about the network that is deployed alone.
        """, name: "participants")
    var seen: Set<String> = []
    for first in self where seen.insert("\(first.student ?? "")/\(first.role)").inserted {
      let own = filter { $0.student == first.student && $0.role == first.role }
      func mean(_ values: [Double]) -> MarkdownText {
        MarkdownText(of: studentInterval(of: values, over: "seeds"))
      }
      let differences = own.compactMap { result in
        tests.first { $0.role == result.student && $0.seed == result.seed }
          .map { 100 * ($0.accuracy - result.predictions.accuracy) }
      }
      table.append([
        first.student.map { "\(first.role) of \($0)" } ?? "assistant \(first.role)", "\(first.model)",
        mean(own.map { 100 * $0.developmentAccuracy }),
        mean(own.map { 100 * $0.predictions.accuracy }), mean(differences),
      ])
    }
    return [.heading(2, "Networks beside the students"), .table(table)]
  }

  /// One row per network and seed; no file where there are none.
  var files: [DataFolder.File] {
    guard !isEmpty else { return [] }
    var table = Table([
      Table.Column("student", .text, "The student that the network learned beside; empty for an assistant."),
      Table.Column("role", .text, "Its role, the name of its folder below the student's; of an assistant its name."),
      Table.Column("seed", .integer, "Seed of the repetition."), Table.Column("model", .text, "Name of its model."),
      Table.Column("development_accuracy", .number, "Share of the development split that it has right, at the end."),
      Table.Column("test_accuracy", .number, "Share of the test split that it has right."),
      Table.Column("test_loss", .number, unit: "nats", "Mean cross-entropy on the test split."),
    ])
    for result in self {
      table.append([
        .text(result.student ?? ""), .text(result.role), .integer(result.seed), .text(result.model),
        .number(result.developmentAccuracy), .number(result.predictions.accuracy),
        .number(result.predictions.negativeLogLikelihood),
      ])
    }
    return [DataFolder.File("participants", "One row per network that learned beside a student, and seed.", table)]
  }
}
