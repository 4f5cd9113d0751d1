import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// What the answers rest on, in one line: seeds, images, layer, and the smallest effect that such a study finds.
  var sizes: Block {
    var parts: [MarkdownText] = [
      "\(recipe.seeds.count == 1 ? "1 seed" : "\(recipe.seeds.count) seeds")", "\(data.test.count) test images",
    ]
    if let primary {
      parts.append(
        "\(primary.study.images.count) probe images on a \(recipe.analysis.grid)×\(recipe.analysis.grid) grid")
      parts.append("layer \(code: primary.layer)")
    }
    let effects = Question.allCases.compactMap(smallestEffect)
    if !effects.isEmpty {
      parts.append(
        """
        smallest effect that four of five such studies find\(students.count == 1 ? "" : " (from student to student)"): \
        \(joined(effects))
        """)
    }
    return .paragraph("**Sizes.** \(MarkdownText(markdown: parts.map(\.markdown).joined(separator: " · "))).")
  }

  /// The smallest effect of one question over the students, by its least and its most; nil where none has one.
  private func smallestEffect(_ question: Question) -> MarkdownText? {
    let found = answers.filter { $0.question == question }.compactMap(\.judgement.smallestEffect)
      .map { question.scale * $0 }.filter { $0.isFinite && $0 > 0 }
    guard let least = found.min(), let most = found.max() else { return nil }
    let (low, high) = (NumberFormat.significant(least, 2), NumberFormat.significant(most, 2))
    let unit = question.unit.isEmpty ? "" : " \(question.unit)"
    return "\(question.short ?? "accuracy") \(low == high ? low : "\(low) to \(high)")\(unit)"
  }
}
