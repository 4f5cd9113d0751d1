import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// The study that decides: the first layer, every network at the same distortion; nil where only the published
  /// procedure was carried out, which decides nothing.
  var primary: LayerStudy? { studies.first { $0.procedure == .fixedDistortion } }

  /// The answers, questions as rows and students as columns, with the differences as a figure directly below.
  ///
  /// - Parameter figure: of the primary differences.
  /// - Returns: table and figure.
  func questionBlocks(_ figure: [Block]) -> [Block] { [.table(questionTable)] + figure }

  private var questionTable: ReportTable {
    let place: MarkdownText = primary.map { "at \(code: $0.layer)" } ?? "which were not measured at one distortion"
    let asked: MarkdownText =
      recipe.analysis.measures
      ? """
       H1 to H3 are those of Cheng et al. (CVPR 2020), asked of entropy maps \(place) without what a cell's position \
      alone decides.
      """ : ""
    var table = ReportTable(
      [.init("Question")] + students.map { .init("\(title($0))") },
      caption: """
        Each student against the baseline, the same network trained on labels alone: \
        \(recipe.seeds.count == 1 ? "difference of one seed" : "mean difference over \(recipe.seeds.count) paired seeds with its 95 % Student t interval, not corrected"). The word is Student's t test \
        at 0.05, Holm-corrected for \(students.count == 1 ? "one student" : "\(students.count) students").\(asked)
        """, name: "questions")
    table.append(["Is it right more often? Test accuracy, points"] + students.map { accuracyAnswer($0) })
    for hypothesis in Hypothesis.allCases where recipe.analysis.measures {
      let unit = hypothesis.unit.isEmpty ? "" : ", \(hypothesis.unit)"
      let side = hypothesis.side == .larger ? "> 0" : "< 0"
      table.append(
        ["\(hypothesis.rawValue): \(hypothesis.claim). Difference of \(hypothesis.symbol)\(unit), claimed \(side)"]
          + students.map { answer(hypothesis, $0) })
    }
    return table
  }

  private func accuracyAnswer(_ student: String) -> MarkdownText {
    guard let judgement = accuracyJudgements[student] else { return "–" }
    let word =
      switch judgement.verdict {
      case .supported: "better"
      case .contradicted: "worse"
      case .inconclusive, .notTestable: judgement.verdict.rawValue
      }
    return "\(worded(word, judgement, scale: 100))\(gapToTeacher(student, judgement.difference))"
  }

  /// How much of the teacher's lead over the baseline, taken as it is, a student's difference makes up for.
  private func gapToTeacher(_ student: String, _ difference: Estimate?) -> String {
    func accuracy(_ role: String) -> Double? { overSeeds(role) { $0.accuracy }?.value }
    guard let own = accuracy(student), let base = accuracy(RoleName.baseline), let best = accuracy(RoleName.teacher)
    else {
      return ""
    }
    guard best > base else { return "; the teacher is not better than the baseline" }
    let share =
      if let difference, difference.lower != nil {
        NumberFormat.estimate(difference, scale: 100 / (best - base))
      } else {
        NumberFormat.fixed(100 * (own - base) / (best - base), 0)
      }
    return "; closes \(share) % of the gap to the teacher"
  }

  private func answer(_ hypothesis: Hypothesis, _ student: String) -> MarkdownText {
    guard let primary else { return "**not testable**: measured by the published procedure alone" }
    guard let result = result(hypothesis, student, at: primary) else {
      return "**not testable**: not measured at \(code: primary.layer)"
    }
    return worded(result.judgement.verdict.rawValue, result.judgement)
  }

  /// The word with the number, and what else decides how to read it.
  private func worded(_ word: String, _ judgement: Judgement, scale: Double = 1) -> MarkdownText {
    let strong = MarkdownText(markdown: "**\(word)**")
    if judgement.verdict == .notTestable { return "\(strong): \(judgement.reason)" }
    let number = judgement.difference.map { NumberFormat.estimate($0, scale: scale) } ?? "–"
    guard judgement.verdict == .inconclusive else { return "\(strong), \(number)" }
    let effect = judgement.smallestEffect.map { ", shows \(NumberFormat.significant(scale * $0, 2)) or more" } ?? ""
    return "\(strong)\(judgement.isLostToHolm ? " (not after Holm)" : ""), \(number)\(effect)"
  }

  /// One clause for each hypothesis and student, for the opening.
  var outcomes: MarkdownText {
    guard let primary else { return "" }
    let clauses = judged(primary).map { result -> MarkdownText in
      let student: MarkdownText = students.count > 1 ? " (\(result.student))" : ""
      let word = MarkdownText(markdown: "**\(result.judgement.verdict.rawValue)**")
      return "\(result.hypothesis.rawValue)\(student) \(word)"
    }
    return "At \(code: primary.layer): \(joined(clauses))."
  }
}
