import Analysis
import Checkpoints
import Reporting
import Statistics
import Support
import Training

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
        first.student.map { "\(first.role) of \($0)" } ?? "\(first.role)", "\(first.model)",
        mean(own.compactMap { $0.developmentAccuracy.map { 100 * $0 } }),
        mean(own.map { 100 * $0.predictions.accuracy }), mean(differences),
      ])
    }
    return [.heading(2, "Networks beside the students"), .table(table)]
  }

  /// One row per network and seed; no file where there are none.
  var files: [DataFolder.File] {
    guard !isEmpty else { return [] }
    var table = Table([
      Table.Column(
        "student", .text, "The student that the network learned beside; empty for an assistant or a further teacher."),
      Table.Column(
        "role", .text, "Its role, the name of its folder below the student's; of an assistant or teacher its name."),
      Table.Column("seed", .integer, "Seed of the repetition."), Table.Column("model", .text, "Name of its model."),
      Table.Column("development_accuracy", .number, "Share of the development split that it has right, at the end."),
      Table.Column("test_accuracy", .number, "Share of the test split that it has right."),
      Table.Column("test_loss", .number, unit: "nats", "Mean cross-entropy on the test split."),
    ])
    for result in self {
      table.append([
        .text(result.student ?? ""), .text(result.role), .integer(result.seed), .text(result.model),
        Cell(result.developmentAccuracy), .number(result.predictions.accuracy),
        .number(result.predictions.negativeLogLikelihood),
      ])
    }
    return [DataFolder.File("participants", "One row per network that learned beside a student, and seed.", table)]
  }
}
