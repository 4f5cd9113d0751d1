import Analysis
import Reporting

/// One line on a network whose layers overflow on some test images; nil for one that answers all.
func overflow(of role: String, seed: Int, _ predictions: Predictions) -> String? {
  guard predictions.unanswered > 0 else { return nil }
  return "\(role), seed \(seed): the logits of \(predictions.unanswered) of \(predictions.count) test images are not "
    + "finite numbers; there each class counts as likely as any other"
}

extension [TestResult] {
  /// What a report says of networks whose layers overflow; none as a rule.
  var overflows: [MarkdownText] {
    compactMap { overflow(of: $0.role, seed: $0.seed, $0.predictions) }.map { MarkdownText(plain: "\($0).") }
  }
}
