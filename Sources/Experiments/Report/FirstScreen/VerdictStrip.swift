import Plotting
import Reporting
import Statistics

/// All verdicts on one scale: each answer is a row, its difference over the half-width of its 95 % interval, so that ±1
/// is where the interval no longer holds zero.
package struct VerdictStrip {
  /// Rows below each other, in a panel of their own.
  package struct Column {
    /// What stands above; nil for nothing.
    let title: String?
    let rows: [Row]

    /// - Parameters:
    ///   - title: what stands above; nil for nothing.
    ///   - rows: from the top.
    package init(title: String?, rows: [Row]) {
      self.title = title
      self.rows = rows
    }
  }

  /// A place for an answer; empty without one.
  package typealias Row = (label: String, answer: Answer?)

  private let columns: [Column]
  private let look: (Answer) -> Look

  /// - Parameters:
  ///   - columns: panels side by side.
  ///   - look: of an answer.
  package init(_ columns: [Column], look: @escaping (Answer) -> Look) {
    self.columns = columns
    self.look = look
  }

  /// One column of all questions and students.
  ///
  /// - Parameters:
  ///   - answers: a row each.
  ///   - students: in their order.
  ///   - look: of a student.
  package init(answers: [Answer], students: [String], look: @escaping (String) -> Look) {
    let rows = answers.map { answer -> Row in
      let label = answer.question.label
      return (students.count == 1 ? label : "\(label), \(answer.student)", answer)
    }
    self.init([Column(title: nil, rows: rows)]) { answer in
      var look = look(answer.student)
      if answer.judgement.verdict == .inconclusive { look.marker = .cross }
      return look
    }
  }

  /// Where things stand in one row; nil for an answer without an interval, or that is not testable.
  package struct Place: Equatable {
    /// The mean difference.
    package let value: Double
    /// Its interval, which is always one to both sides.
    package var interval: Interval { Interval(value - 1, value + 1) }
    /// Every seed's difference.
    package let seeds: [Double]
  }

  package static func place(_ answer: Answer) -> Place? {
    // A mark says that something was asked.
    guard answer.judgement.verdict != .notTestable, let half = answer.halfWidth,
      let difference = answer.judgement.difference
    else { return nil }
    return Place(value: difference.value / half, seeds: answer.differences.map { $0 / half })
  }

  package var figure: Plotting.Figure {
    let rows = columns.map(\.rows.count).max() ?? 0
    // Rows of many methods stand closer: they are read down a column.
    let height = columns.count > 1 ? 26 + 4.4 * Double(rows) : 14 + 6.5 * Double(rows)
    return Figure(
      width: Figure.twoColumns, panels: [columns.map { .chart(chart($0)) }], rowHeight: height, showsLegend: false)
  }

  private func chart(_ column: Column) -> Chart {
    let rows = column.rows.map { label, answer -> Intervals.Row in
      guard let answer else { return Intervals.Row(label, nil) }
      let place = Self.place(answer)
      return Intervals.Row(
        label, value: place?.value ?? .nan, interval: place?.interval ?? .unknown, look: look(answer),
        shaded: answer.question.side == .larger ? .above : .below, note: note(answer))
    }
    let seeds = column.rows.enumerated().compactMap { row, entry -> Mark? in
      guard let answer = entry.answer, let place = Self.place(answer) else { return nil }
      return .seeds(place.seeds, row: row, of: rows.count, color: look(answer).color)
    }
    let axis =
      columns.count > 1
      ? "difference / half-width" : "difference student − baseline / half-width of its 95 % interval"
    return Chart(
      title: column.title, x: Axis(axis), y: Axis(""),
      marks: [.intervals(Intervals(rows: rows, look: RoleLook.baseline)), .verticalRule(-1), .verticalRule(1)] + seeds)
  }

  private func note(_ answer: Answer) -> String {
    let verdict = answer.judgement.verdict
    // Beside other columns there is room for the sign; the numbers stand in the table above.
    guard columns.count == 1 else { return verdict.sign }
    if verdict == .notTestable { return "\(verdict.sign) not testable" }
    return "\(verdict.sign) \(answer.quantity ?? answer.question.word(verdict))"
  }

  /// What a caption says of every strip, behind what a row is.
  static let key: MarkdownText = """
    over the half-width of its 95 % Student t interval: beyond ±1 (dashed) the interval does not hold zero. Small dots \
    are seeds, the pale ground is the claimed side. ✓ supported, ✗ contradicted, ? open (crosses); the sign is decided \
    after Holm, so that a row just beyond ±1 may be open.
    """
}

extension ReportMaterial {
  /// The first figure of a report: empty where nothing has an interval.
  var stripPicture: [ReportPicture] {
    let answers = self.answers
    guard answers.contains(where: { VerdictStrip.place($0) != nil }) else { return [] }
    return [
      ReportPicture(
        name: "verdicts", figure: VerdictStrip(answers: answers, students: students, look: look).figure,
        alternative: "Every question and student as a row: the difference in units of its interval's half-width",
        caption: """
          The verdicts on one scale. A row is the mean difference student − baseline \(VerdictStrip.key) At the right the \
          difference itself.
          """)
    ]
  }
}
