import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// What a reader sees first: what was found in a sentence, the answers, the same as a figure, and what they rest on.
  ///
  /// - Parameter strip: the figure of all verdicts.
  /// - Returns: in that order.
  func firstScreen(_ strip: [Block]) -> [Block] {
    FirstScreen(sentence: openingSentence.text, questions: questionTable, strip: strip, sizes: sizes).blocks
  }

  private var questionTable: ReportTable {
    let place: MarkdownText = primary.map { "at \(code: $0.layer)" } ?? "which were not measured at one distortion"
    let caption = QuestionCaption(
      subject: "Each student against the baseline, the same network trained on labels alone",
      judged: students.count == 1 ? "one student" : "\(students.count) students", seeds: recipe.seeds.count,
      place: recipe.analysis.measures ? place : nil)
    var table = ReportTable(
      [.init("Question")] + students.map { .init("\(title($0))") }, caption: caption.text, name: "questions")
    let answers = self.answers
    for question in Question.allCases where question == .accuracy || recipe.analysis.measures {
      table.append(
        ["\(question.asked)"]
          + students.map { student in
            answers.first { $0.question == question && $0.student == student }.map(cell) ?? missing(question)
          })
    }
    return table
  }

  private func cell(_ answer: Answer) -> MarkdownText {
    guard answer.question == .accuracy else { return worded(answer) }
    return "\(worded(answer))\(gapToTeacher(answer.student, answer.judgement.difference))"
  }

  /// Why a question was not asked of a student.
  private func missing(_ question: Question) -> MarkdownText {
    guard question != .accuracy else { return "–" }
    let sign = MarkdownText(markdown: "\(Verdict.notTestable.sign) **not testable**")
    guard let primary else { return "\(sign): measured by the published procedure alone" }
    return "\(sign): not measured at \(code: primary.layer)"
  }

  /// How much of the teacher's lead over the baseline, taken as it is, a student's difference makes up for.
  private func gapToTeacher(_ student: String, _ difference: Estimate?) -> String {
    func accuracy(_ role: String) -> Double? { overSeeds(role) { $0.accuracy }?.value }
    guard let own = accuracy(student), let base = accuracy(RoleName.baseline), let best = accuracy(RoleName.teacher)
    else {
      return ""
    }
    guard best > base else { return "; the teacher is not better than the baseline" }
    let lead = best - base
    // A teacher hardly better than the baseline: the share would be a large number with a larger interval.
    if let half = difference?.halfWidth, half > lead {
      return
        "; the teacher leads by \(NumberFormat.significant(100 * lead, 2)) points, too little to say which part is closed"
    }
    let share =
      if let difference, difference.lower != nil {
        NumberFormat.estimate(difference, scale: 100 / lead)
      } else {
        NumberFormat.fixed(100 * (own - base) / lead, 0)
      }
    return "; closes \(share) % of the gap to the teacher"
  }

  /// Sign and word with the number, and what else decides how to read it.
  private func worded(_ answer: Answer) -> MarkdownText {
    let judgement = answer.judgement
    if judgement.verdict == .notTestable { return "\(answer.worded): \(judgement.reason)" }
    guard judgement.verdict == .inconclusive, let effect = answer.smallestEffect else { return answer.worded }
    return "\(answer.worded); detectable from \(NumberFormat.significant(answer.question.scale * effect, 2))"
  }
}
