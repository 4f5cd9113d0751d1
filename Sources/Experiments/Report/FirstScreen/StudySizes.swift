import Analysis
import Datasets
import Reporting
import Statistics
import Support

/// What answers rest on, in one line: seeds, images, layer, and the smallest effect that such a study finds.
struct StudySizes {
  /// Answers to one question, and what the line calls it.
  typealias Asked = (name: String, answers: [Answer])

  let recipe: Recipe
  let data: DataSplits
  /// The study that decides; nil where nothing was measured.
  let primary: LayerStudy?
  /// What one of those is that the answers are about: "student".
  let subject: String
  let asked: [Asked]

  var block: Block {
    var parts: [MarkdownText] = [
      "\(recipe.seeds.count == 1 ? "1 seed" : "\(recipe.seeds.count) seeds")",
      "\(data.train.count) training images, \(recipe.training.epochs) epochs", "\(data.test.count) test images",
    ]
    if let primary {
      parts.append(
        "\(primary.study.images.count) probe images on a grid of \(recipe.analysis.grid)×\(recipe.analysis.grid)")
      parts.append("layer \(code: primary.layer)")
      // Who reads “the object” must know that nobody has drawn one.
      if recipe.data.options[SharedDataOptions.masks] == "box" {
        parts.append("**no masks: the object is the central box of each image, the background its rim**")
      }
    }
    if recipe.asksTeacher, recipe.seeds.count > 1 { parts.append("one teacher for all seeds") }
    let effects = asked.compactMap(smallestEffect)
    if !effects.isEmpty {
      let range = recipe.students.count == 1 ? "" : " (from \(subject) to \(subject))"
      parts.append(
        "smallest effect that four of five such studies find\(range): \(MarkdownText.list(effects))")
    }
    return .paragraph("**Sizes.** \(MarkdownText(markdown: parts.map(\.markdown).joined(separator: " · "))).")
  }

  /// The smallest effect of one question, by its least and its most; nil where no answer that was testable has one.
  private func smallestEffect(_ asked: Asked) -> MarkdownText? {
    guard let question = asked.answers.first?.question else { return nil }
    let found = asked.answers.filter { $0.judgement.verdict != .notTestable }.compactMap(\.smallestEffect).map {
      question.scale * $0
    }
    guard let least = found.min(), let most = found.max() else { return nil }
    let (low, high) = (NumberFormat.significant(least, 2), NumberFormat.significant(most, 2))
    let unit = question.unit.isEmpty ? "" : " \(question.unit)"
    return "\(asked.name) \(low == high ? low : "\(low) to \(high)")\(unit)"
  }
}

extension MarkdownText {
  /// Parts with commas between them.
  static func list(_ parts: [MarkdownText]) -> MarkdownText {
    MarkdownText(markdown: parts.map(\.markdown).joined(separator: ", "))
  }
}

extension ReportMaterial {
  /// What the answers rest on.
  var sizes: Block {
    let answers = self.answers
    return StudySizes(
      recipe: recipe, data: data, primary: primary, subject: "student",
      asked: Question.allCases.map { question in
        (question.short ?? "accuracy", answers.filter { $0.question == question })
      }
    ).block
  }
}
