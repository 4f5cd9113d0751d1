import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// What was done, and how often every network is right, in one paragraph.
  var opening: Block {
    let seeds = recipe.seeds.count == 1 ? "one seed" : "\(recipe.seeds.count) seeds"
    let text: MarkdownText = """
      \(teacherName.map { "\($0.withCapitalArticle) taught \(recipe.student.name.withArticle)" } ?? "\(recipe.student.name.withCapitalArticle) learned") on \(recipe.data.set) (\(data.train.count) \
      training images, \(data.train.classes.count) classes). Test accuracy over \(seeds): \(accuracies).
      """
    return .paragraph(comparesProcedures ? "\(text) \(untrainedSentence)" : text)
  }

  private var accuracies: MarkdownText {
    let parts = roles.compactMap { role -> MarkdownText? in
      overSeeds(role, within: QuantityRange.share) { $0.accuracy }.map { estimate in
        "\(title(role)) \(NumberFormat.percent(estimate))\(estimate.count == 1 ? " (one run)" : "")"
      }
    }
    return MarkdownText.list(parts)
  }
}
