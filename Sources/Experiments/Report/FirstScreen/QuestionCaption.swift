import Analysis
import Reporting
import Statistics

/// What stands above a table of answers, of a run's students as of a comparison's methods.
struct QuestionCaption {
  /// Who is held against whom: "Each student against the baseline".
  let subject: MarkdownText
  /// For how many Holm corrects: "one student".
  let judged: String
  let seeds: Int
  /// Where H1 to H3 were asked; nil where they were not.
  let place: MarkdownText?

  var text: MarkdownText {
    let asked: MarkdownText =
      place.map {
        """
         H1 to H3 are those of Cheng et al. (CVPR 2020), asked of entropy maps \($0): how much noise each cell of a picture \
        bears before the layer's feature changes, less what the cell's position alone decides. \(symbols).
        """
      } ?? ""
    return """
      \(subject): \
      \(seeds == 1 ? "difference of one seed" : "mean difference over \(seeds) paired seeds with its 95 % Student t interval, not corrected"). \
      The word is Student's t test at 0.05, Holm-corrected for \(judged): ✓ on the claimed side, ✗ on the other, ? not \
      decided, – not testable. An effect is called detectable that four of five such studies would decide.\(asked)
      """
  }

  /// What the three symbols are.
  private var symbols: MarkdownText {
    MarkdownText(
      plain: Hypothesis.allCases.map { "\($0.symbol): \($0.quantitySummary)" }.joined(separator: "; "))
  }
}
