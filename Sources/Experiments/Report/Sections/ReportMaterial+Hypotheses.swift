import Analysis
import Plotting
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// A section for each hypothesis, its figure beside what it says; none where nothing decides.
  var hypothesisSections: [ReportSection] {
    guard let primary, !primary.study.images.isEmpty else { return [] }
    return Hypothesis.allCases.map { section($0, primary) }
  }

  private func section(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> ReportSection {
    ReportSection(
      title: "\(headline(.hypothesis(hypothesis)))", before: [.paragraph(explanation(hypothesis, layer))],
      pictures: [picture(hypothesis, layer)], further: further(hypothesis, layer), isFolded: false)
  }

  /// What is asked, by what quantity, and why each verdict is what it is.
  private func explanation(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> MarkdownText {
    let reasons = judged(layer).filter { $0.hypothesis == hypothesis }.map { result -> MarkdownText in
      "\(result.student): \(result.judgement.verdict.rawValue) (\(result.judgement.reason))"
    }
    let why = MarkdownText(markdown: reasons.map(\.markdown).joined(separator: "; "))
    return """
      Claimed: \(hypothesis.claim). Judged by \(hypothesis.symbol): \(hypothesis.quantitySummary), at \
      \(code: layer.layer). \(why).
      """
  }

  private func picture(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> ReportPicture {
    let b = NumberFormat.significant(Hypothesis.threshold, 2)
    let seeds =
      recipe.seeds.count == 1 ? "One seed." : "Bars: 95 % Student t over \(recipe.seeds.count) seeds, dots: seeds."
    let paired: MarkdownText =
      "Right: student − baseline, the pale ground is the claimed side, a cross is not decided. \(seeds)"
    switch hypothesis {
    case .moreConcepts:
      return ReportPicture(
        name: "h1-object", figure: objectFigure(layer),
        alternative: "Images, the baseline's entropy maps, and the cells that teacher, baseline and students keep",
        caption: """
          Above: images with the object's outline; the baseline's map beside the mean of its background, as measured and \
          without position (colours end at the 1 and 99 % percentiles; low is kept); cells that are concepts at b = \(b) \
          nats, and whether the network is right on the image, seed \(recipe.seeds.first ?? 1). Below, left: the gap g \
          at the end. \(paired)
          """)
    case .fasterLearning:
      return ReportPicture(
        name: "h2-course", figure: courseFigure(layer),
        alternative: "The gap over training with the half-times, and the paired differences",
        caption: """
          Left: the gap g over training, mean over seeds; a plus is a seed's t½, where its curve first reaches half of its \
          own maximum. Middle: what a student is ahead of the baseline at each checkpoint. \(paired)
          """)
    case .steadierDirection:
      return ReportPicture(
        name: "h3-detours", figure: detourFigure(layer),
        alternative: "Share of concepts that stay beside that of noise alone, and what is left of the largest gap",
        caption: """
          Left: ρ, the share of all concepts ever learned that are there at the end, and ρ_floor, the same for a network \
          that does not change (b = \(b) nats). Middle: the gap at the end as a share of the largest. \(paired)
          """)
    }
  }

  private func further(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> (summary: String, pictures: [ReportPicture]) {
    let suffix = self.suffix(layer)
    return switch hypothesis {
    case .moreConcepts:
      (
        "Maps over training, position, counts over the threshold",
        [galleryPicture(layer, suffix)] + profilePictures(layer, suffix) + [thresholdPicture(layer, suffix)]
      )
    case .fasterLearning:
      (
        "Gap with position and without, counts over training",
        [gapPicture(layer, suffix), conceptPicture(layer, suffix)]
      )
    case .steadierDirection:
      ("Learning epochs, weight distance, ρ over the threshold", [learningPicture(layer, suffix)])
    }
  }
}
