import Plotting
import Statistics

/// All verdicts on one scale: each question and student is a row, its difference over the half-width of its 95 %
/// interval, so that ±1 is where the interval no longer holds zero.
package struct VerdictStrip {
  private let answers: [Answer]
  private let students: [String]
  private let look: (String) -> Look

  /// - Parameters:
  ///   - answers: a row each.
  ///   - students: in their order.
  ///   - look: of a student.
  package init(answers: [Answer], students: [String], look: @escaping (String) -> Look) {
    self.answers = answers
    self.students = students
    self.look = look
  }

  /// Where things stand in one row; nil for an answer without an interval.
  package struct Place: Equatable {
    /// The mean difference.
    package let value: Double
    /// Its interval, which is always one to both sides.
    package var interval: Interval { Interval(value - 1, value + 1) }
    /// Every seed's difference.
    package let seeds: [Double]
  }

  package static func place(_ answer: Answer) -> Place? {
    guard let half = answer.halfWidth, let difference = answer.judgement.difference else { return nil }
    return Place(value: difference.value / half, seeds: answer.differences.map { $0 / half })
  }

  package var figure: Figure {
    let rows = answers.map { answer -> Intervals.Row in
      let place = Self.place(answer)
      // A mark says that something was asked; what is not testable shows its seeds alone.
      let isAsked = answer.judgement.verdict != .notTestable
      var look = look(answer.student)
      if answer.judgement.verdict == .inconclusive { look.marker = .cross }
      return Intervals.Row(
        students.count == 1 ? answer.question.label : "\(answer.question.label), \(answer.student)",
        value: isAsked ? place?.value ?? .nan : .nan, interval: isAsked ? place?.interval ?? .unknown : .unknown,
        look: look, shaded: answer.question.side == .larger ? .above : .below, note: note(answer))
    }
    let seeds = answers.enumerated().compactMap { row, answer -> Mark? in
      Self.place(answer).map {
        .seeds($0.seeds, row: row, of: answers.count, color: self.look(answer.student).color)
      }
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              x: Axis("difference student − baseline / half-width of its 95 % interval"), y: Axis(""),
              marks: [
                .intervals(Intervals(rows: rows, look: RoleLook.baseline)), .verticalRule(-1), .verticalRule(1),
              ] + seeds))
        ]
      ], rowHeight: 14 + 6.5 * Double(answers.count), showsLegend: false)
  }

  private func note(_ answer: Answer) -> String {
    let verdict = answer.judgement.verdict
    if verdict == .notTestable { return "\(verdict.sign) not testable" }
    return "\(verdict.sign) \(answer.quantity ?? answer.question.word(verdict))"
  }
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
          The verdicts on one scale. A row is the mean difference student − baseline over the half-width of its 95 % \
          Student t interval: beyond ±1 (dashed) the interval does not hold zero. Small dots are seeds, the pale ground is \
          the claimed side. ✓ supported, ✗ contradicted, ? open (crosses); the sign is decided after Holm, so that a row \
          just beyond ±1 may be open. At the right the difference itself.
          """)
    ]
  }
}
