import Distillation
import Plotting
import Reporting
import Statistics
import Training

extension ReportMaterial {
  /// The terms of the students' losses, each by itself, in a figure of its own; none where labels are all.
  var termPictures: [ReportPicture] {
    var pictures: [ReportPicture] = []
    let terms = students.reduce(into: [String]()) { names, role in
      for name in histories(role).first?.termNames ?? [] where !names.contains(name) { names.append(name) }
    }
    if terms.count > 1 {
      pictures.append(
        ReportPicture(
          name: "terms", figure: termFigure(terms), alternative: "Every term of the losses over epochs",
          caption: """
            Every term of the loss by itself, before its weight, mean over an epoch's training images. Look for a \
            term that stops falling while the others go on: it is where terms begin to disagree. \(termBands)
            """))
    }
    if let figure = metricFigure {
      pictures.append(
        ReportPicture(
          name: "metrics", figure: figure, alternative: "What methods report beside their losses over epochs",
          caption: """
            What methods report beside their losses, mean over an epoch's training images; only the epochs in which a \
            method takes part have it. \(termBands)
            """))
    }
    if let figure = gradientFigure {
      pictures.append(
        ReportPicture(
          name: "gradients", figure: figure,
          alternative: "Cosine and ratio of norms between the gradient of each term and that of the labels over epochs",
          caption: """
            Gradients as knowledge: what each term wants of all the student's weights, beside what the labels want. A \
            cosine near 1 says that the term teaches what the labels teach; near 0, something else; below 0, against \
            them. The ratio is of norms before weights. By stage: \(code: "gradients.csv"). \(termBands)
            """))
    }
    return pictures
  }

  private var termBands: MarkdownText {
    recipe.seeds.count > 1 ? "Mean over \(recipe.seeds.count) seeds with 95 % Student t interval." : "One seed."
  }

  private func termFigure(_ terms: [String]) -> Plotting.Figure {
    let panels = terms.map { term -> Panel in
      .chart(
        Chart(
          title: term, x: Axis("epoch", isWholeNumbers: true), y: Axis("loss before its weight"),
          marks: studentRoles.compactMap { role in
            curve(role) { history, row in
              history.termNames.firstIndex(of: term).flatMap { $0 < row.terms.count ? row.terms[$0] : nil }
            }
          }))
    }
    return figure(panels)
  }

  private func figure(_ panels: [Panel]) -> Plotting.Figure {
    Figure(width: Figure.twoColumns, panels: Panel.rows(panels, columns: 3))
  }

  /// What methods report beside their losses; nil where they tell nothing.
  private var metricFigure: Plotting.Figure? {
    let all = results.histories.flatMap { $0.history.epochs }.flatMap { $0.metrics ?? [] }
    let known = all.reduce(into: [TermMetric]()) { known, metric in
      if !known.contains(where: { $0.title == metric.title }) { known.append(metric) }
    }
    guard !known.isEmpty else { return nil }
    return figure(
      known.map { metric in
        .chart(
          Chart(
            title: metric.term, x: Axis("epoch", isWholeNumbers: true), y: Axis(metric.name),
            marks: students.compactMap {
              curve($0) { _, row in row.metrics?.first { $0.title == metric.title }?.value }
            }))
      })
  }

  /// Cosine and ratio of norms of every term over epochs, all weights; nil where they were not measured.
  private var gradientFigure: Plotting.Figure? {
    let terms = results.histories.flatMap { $0.history.epochs }.flatMap { $0.gradients ?? [] }.reduce(into: [String]())
    {
      if !$0.contains($1.term) { $0.append($1.term) }
    }
    guard !terms.isEmpty else { return nil }
    func pull(_ row: TrainingHistory.Epoch, _ term: String) -> TermGradient? {
      row.gradients?.first { $0.term == term && $0.group == TermGradient.all }
    }
    let rows = terms.map { term -> [Panel] in
      [
        .chart(
          Chart(
            title: "\(term): direction", x: Axis("epoch", isWholeNumbers: true),
            y: Axis("cosine with the labels' gradient"),
            marks: students.compactMap { curve($0, within: QuantityRange.correlation) { pull($1, term)?.cosine } } + [
              .horizontalRule(0)
            ])),
        .chart(
          Chart(
            title: "\(term): size", x: Axis("epoch", isWholeNumbers: true),
            y: Axis("norm / norm of the labels'", startsAtZero: true),
            marks: students.compactMap { curve($0) { pull($1, term)?.normRatio } })),
      ]
    }
    return Figure(width: Figure.twoColumns, panels: rows)
  }
}
