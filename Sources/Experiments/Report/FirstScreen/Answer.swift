import Analysis
import Reporting
import Statistics

/// What was found on one question for one student.
package struct Answer {
  package let question: Question
  package let student: String
  package let judgement: Judgement
  /// student − baseline of every seed that has both.
  package let differences: [Double]

  package init(question: Question, student: String, judgement: Judgement, differences: [Double]) {
    self.question = question
    self.student = student
    self.judgement = judgement
    self.differences = differences
  }

  /// The difference with its interval as it is printed, without unit; nil where there is none.
  var number: String? { judgement.difference.map { NumberFormat.estimate($0, scale: question.scale) } }

  /// The same with its unit.
  var quantity: String? { number.map { question.unit.isEmpty ? $0 : "\($0) \(question.unit)" } }

  /// Sign and word with the number, as tables have them.
  var worded: MarkdownText {
    guard judgement.verdict != .notTestable else { return strong }
    return "\(strong)\(judgement.isLostToHolm ? " (not after Holm)" : ""), \(number ?? "–")"
  }

  /// Sign and word.
  var strong: MarkdownText {
    MarkdownText(markdown: "\(judgement.verdict.sign) **\(question.word(judgement.verdict))**")
  }

  /// The smallest effect that such a study shows; nil where none that is possible is.
  var smallestEffect: Double? { judgement.smallestEffect(within: question.range) }

  /// Half of the width of the difference's 95 % interval; nil where there is none, or nothing of it.
  var halfWidth: Double? {
    judgement.difference?.halfWidth.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }
}

extension ReportMaterial {
  /// All answers, question by question and student by student. Without concepts there is one question.
  var answers: [Answer] {
    accuracyAnswers.all + (primary.map(judged) ?? []).answers
  }

  /// The study that decides: the first layer, every network at the same distortion; nil where only the published
  /// procedure was carried out, which decides nothing.
  var primary: LayerStudy? { studies.first { $0.procedure == .fixedDistortion } }
}
