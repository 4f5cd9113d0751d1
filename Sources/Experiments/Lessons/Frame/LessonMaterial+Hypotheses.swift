import Analysis
import Reporting
import Statistics

extension LessonMaterial {
  /// The verdicts on H1 to H3 of every student against the baseline; nothing where no concepts were measured.
  var hypothesisBlocks: [Block] {
    guard let layer = studies.first(where: { $0.procedure == .fixedDistortion }) else { return [] }
    let results = hypotheses.results[layer.name] ?? []
    var table = ReportTable(
      [.init("Hypothesis")] + recipe.students.map { .init(MarkdownText(code: $0.name)) },
      caption: """
        Verdicts of Cheng et al.'s hypotheses, student against baseline at \(code: layer.layer), Holm-corrected over the \
        students; “not testable” has its reason below.
        """, name: "hypotheses")
    for hypothesis in Hypothesis.allCases {
      table.append(
        ["**\(hypothesis.rawValue)** \(hypothesis.claim)"]
          + recipe.students.map { student in
            results.first { $0.hypothesis == hypothesis && $0.student == student.name }
              .map { "\($0.judgement.verdict.rawValue)" } ?? "–"
          })
    }
    var reasons: [String] = []
    for result in results where result.judgement.verdict == .notTestable {
      let reason = "\(result.hypothesis.rawValue): \(result.judgement.reason)"
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    return [.table(table)] + (reasons.isEmpty ? [] : [.list(reasons.map { MarkdownText(plain: $0) })])
  }
}
