import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// Whether students are right more often than the baseline: over seeds, and on these images.
  var accuracyBlocks: [Block] {
    guard !comparisons.isEmpty else { return [] }
    var table = ReportTable(
      [
        .init("Student"), .init("Verdict"), .init("Difference over seeds (points)", .right), .init("s", .right),
        .init("p", .right), .init("Difference over images (points)", .right), .init("p", .right),
        .init("On these images"),
      ],
      caption: """
        Is a student more accurate than the baseline on the test split? Student − baseline in points of a hundred, \
        with 95 % Student t intervals; s is the standard deviation of the seeds' differences. Over seeds (n = \
        \(recipe.seeds.count)): paired t test. Over images (n = \(data.test.count)): \(imageTest). Every p is \
        Holm-corrected for \(comparisons.count == 1 ? "one student" : "\(comparisons.count) students"); the verdict is \
        the one over seeds, at 0.05.
        """)
    for item in comparisons {
      let deviation = item.bySeeds.deviation.map { NumberFormat.significant(100 * $0, 2) } ?? "–"
      table.append([
        "\(title(item.student))", MarkdownText(markdown: "**\(item.verdict.rawValue)**\(remark(item))"),
        points(item.bySeeds.difference), "\(deviation)", "\(item.seedsP.map(probability) ?? "–")",
        points(item.byImages.difference), "\(probability(item.imagesP))", "\(item.verdictOnImages.rawValue)",
      ])
    }
    return [.table(table)]
  }

  private var imageTest: String {
    recipe.seeds.count == 1
      ? "McNemar's exact test"
      : "sign-flip test of each image's mean over the seeds, \(PermutationTest().draws) draws"
  }

  /// What follows the verdict's own words.
  private func remark(_ item: AccuracyComparison) -> String {
    String(item.verdictText.dropFirst(item.verdict.rawValue.count))
  }

  private func points(_ estimate: Estimate) -> MarkdownText {
    "\(NumberFormat.estimate(estimate, scale: 100))"
  }

  private func probability(_ p: Double) -> String {
    p < 0.0001 ? "< 0.0001" : NumberFormat.significant(p, 2)
  }
}
