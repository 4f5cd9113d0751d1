import Analysis
import Reporting
import Statistics

/// A way in which a layer was studied: by which procedure, on which images.
private struct Manner: Equatable {
  let procedure: EntropyProcedure
  let isSelected: Bool

  init(_ layer: LayerStudy) {
    procedure = layer.procedure
    isSelected = layer.selection != nil
  }

  /// Heading of a column.
  var title: MarkdownText {
    switch (procedure, isSelected) {
    case (.fixedDistortion, _): "Fixed distortion"
    case (.published, false): "As published, all images"
    case (.published, true): "As published, selected images"
    }
  }
}

extension ReportMaterial {
  /// Which hypotheses hold where, then one part for each procedure.
  var procedureBlocks: [Block] {
    var blocks: [Block] = [
      .heading(2, "Which hypotheses hold under which procedure"), .table(matrix), .table(premises),
      .paragraph("Against the paper this run is small:"), .list(reductions),
    ]
    for procedure in recipe.analysis.procedures {
      blocks.append(
        .heading(2, procedure == .published ? "As published" : "Every network at the same distortion"))
      for layer in studies where layer.procedure == procedure {
        blocks.append(.heading(3, "\(layer.layer)\(manner(of: layer).markdown)"))
        if let selection = layer.selection { blocks.append(.paragraph(effect(of: selection))) }
        blocks += verdictBlocks(layer)
      }
    }
    return blocks
  }

  /// ", as published, selected images"; empty at fixed distortion.
  func manner(of layer: LayerStudy) -> MarkdownText {
    guard layer.procedure == .published else { return "" }
    return layer.selection == nil ? ", as published, all images" : ", as published, selected images"
  }

  /// One clause for each manner: in how many layers each hypothesis is supported or contradicted.
  var outcomesByProcedure: MarkdownText {
    let clauses = manners.map { manner -> MarkdownText in
      let results = studies.filter { Manner($0) == manner }.flatMap { hypotheses($0) }
      let parts = Hypothesis.allCases.map { hypothesis -> MarkdownText in
        let verdicts = results.filter { $0.hypothesis == hypothesis }.map(\.verdict)
        let counts = Verdict.allCases.compactMap { verdict in
          let count = verdicts.count { $0 == verdict }
          return count > 0 ? "\(verdict.rawValue) in \(count)" : nil
        }
        return "\(hypothesis.rawValue) \(counts.joined(separator: ", ")) of \(verdicts.count)"
      }
      return "\(manner.title): \(MarkdownText(markdown: parts.map(\.markdown).joined(separator: "; ")))."
    }
    return MarkdownText(markdown: clauses.map(\.markdown).joined(separator: " "))
  }

  /// The verdicts as a tidy table.
  var matrixTable: Table {
    var table = Table([
      Table.Column("layer", .text, "Probe point at which both networks are measured."),
      Table.Column("student", .text, "Role of the distilled network."),
      Table.Column("procedure", .text, "fixed-distortion or published."),
      Table.Column("selection", .text, "all: every probe image; selected: those that the published rule keeps."),
      Table.Column("hypothesis", .text, "H1, H2 or H3 of Cheng et al. (CVPR 2020)."),
      Table.Column("verdict", .text, "Verdict on the hypothesis."),
      Table.Column("reason", .text, "Why, in a clause."),
      Table.Column("premise_share", .number, "Share of pairs of images in which the premise holds at the last epoch."),
      Table.Column("images", .integer, "Pairs of images behind the premise, summed over seeds."),
      Table.Column("dropped_share", .number, "Share of the candidates that the rule drops; empty without selection."),
    ])
    for layer in studies {
      for result in hypotheses(layer) {
        table.append([
          .text(layer.layer), .text(result.student), .text(layer.procedure.rawValue),
          .text(layer.selection == nil ? "all" : "selected"), .text(result.hypothesis.rawValue),
          .text(result.verdict.rawValue), .text(result.reason), Cell(result.premise.share),
          .integer(result.premise.images), Cell(layer.selection?.droppedShare),
        ])
      }
    }
    return table
  }

  private var manners: [Manner] {
    studies.reduce(into: []) { list, layer in if !list.contains(Manner(layer)) { list.append(Manner(layer)) } }
  }

  /// Layers with the students that are compared there, in order.
  private var places: [(layer: String, student: String)] {
    recipe.analysis.layers.flatMap { layer in
      recipe.roles(at: layer).dropFirst().map { (layer: layer, student: $0) }
    }
  }

  private func result(_ place: (layer: String, student: String), _ manner: Manner, _ hypothesis: Hypothesis)
    -> HypothesisResult?
  {
    studies.first { $0.layer == place.layer && Manner($0) == manner }.flatMap { study in
      hypotheses(study).first { $0.student == place.student && $0.hypothesis == hypothesis }
    }
  }

  private var matrix: ReportTable {
    var table = ReportTable(
      [.init("Layer"), .init("Student"), .init("Hypothesis")] + manners.map { .init($0.title) },
      caption: """
        The same networks, images and seeds under each procedure. The selection keeps only images that agree with the \
        premise at every late checkpoint, as the authors' code does: what it changes is an effect of the choice.
        """)
    for place in places {
      for hypothesis in Hypothesis.allCases {
        table.append(
          ["\(code: place.layer)", "\(place.student)", "\(hypothesis.rawValue): \(hypothesis.claim)"]
            + manners.map { manner in
              result(place, manner, hypothesis).map { MarkdownText(markdown: "**\($0.verdict.rawValue)**") } ?? "–"
            })
      }
    }
    return table
  }

  private var premises: ReportTable {
    var table = ReportTable(
      [.init("Layer"), .init("Student")] + manners.map { .init($0.title, .right) } + [.init("Dropped", .right)],
      caption: """
        The premise H̄_bg > H̄_fg: pairs of images in which it holds at the last epoch in both networks, of those asked; \
        last column: candidates that the published rule dropped (from epoch \(recipe.firstValidEpoch) on).
        """)
    for place in places {
      let selection = studies.first { $0.layer == place.layer && $0.selection != nil }?.selection
      let dropped = selection.map { "\($0.dropped) of \($0.asked)" } ?? "–"
      table.append(
        ["\(code: place.layer)", "\(place.student)"]
          + manners.map { manner in
            result(place, manner, .moreConcepts).map { "\($0.premise.holding) of \($0.premise.images)" } ?? "–"
          } + ["\(dropped)"])
    }
    return table
  }

  private func effect(of selection: PublishedSelection) -> MarkdownText {
    let share = selection.droppedShare.map { NumberFormat.significant(100 * $0, 3) } ?? "–"
    return """
      The published rule dropped \(selection.dropped) of \(selection.asked) candidates (\(share) %, over all seeds), \
      because their foreground had the larger mean entropy at some checkpoint from epoch \(selection.firstEpoch) on, in \
      some of the compared networks, or the feature did not answer at all; at most \(selection.limit) were used for \
      each seed, \(selection.used) in all.
      """
  }

  /// Where the run stays behind the paper.
  private var reductions: [MarkdownText] {
    let (analysis, published) = (recipe.analysis, recipe.analysis.published)
    return [
      "images of \(data.train.height)×\(data.train.width) pixels (224×224), \(data.train.count) of them for training;",
      "\(recipe.training.epochs) epochs of training (150), \(recipe.measuredEpochs.count) measured checkpoints (15);",
      """
      \(published.candidates) candidate images (500), of which at most \(analysis.probeImages) are used (50); a grid \
      of \(analysis.grid)×\(analysis.grid) cells (16×16);
      """,
      """
      \(published.draws) noise draws a step (96), \(published.steps) + \(published.extraSteps) steps (60 + 20), λ = \
      \(NumberFormat.significant(analysis.publishedSettings(for: recipe.student.name).weight, 2));
      """,
      """
      a teacher that was trained on the same images alone (the paper's teachers begin with ImageNet weights); \
      \(recipe.seeds.count) seeds (1).
      """,
    ]
  }
}

extension ReportMaterial {
  /// How the published procedure measures and counts.
  var publishedMethod: [MarkdownText] {
    let (analysis, settings) = (recipe.analysis, recipe.analysis.publishedSettings(for: recipe.student.name))
    func number(_ value: Double) -> String { NumberFormat.significant(value, 3) }
    return [
      """
      **Entropy as published** (the authors' code). One σ per cell of a \(analysis.grid)×\(analysis.grid) grid, start \
      \(number(settings.start)), bounds \(number(settings.bounds.lowerBound)) and \
      \(number(settings.bounds.upperBound)); SGD at rate \(number(settings.rate)) on MSE(relu f(x + σε), relu f(x)) / \
      s_f − λ·mean H, λ = \(number(settings.weight)), \(settings.draws) draws a step, one image at a time; \
      \(settings.steps) steps, \(settings.extraSteps) more with λ × \(number(settings.extraFactor)) where the mean \
      entropy has not passed \(number(settings.target)) nats. The iterate nearest to that mean is kept: networks are \
      compared at equal mean entropy. A cell is foreground as the mask's pixel at its upper left corner.
      """,
      """
      **Concepts as published.** H̄_bg is one number per network and checkpoint, the mean over the used images; a cell is \
      a concept where H̄_bg − H_i > \(number(ConceptStudy.publishedThreshold)). D counts the way of the measured layer's \
      weights over optimiser steps, up to the checkpoint with most concepts\
      \(layerDistancesAreKept ? "" : " (not kept by this training: run it with the published procedure in its recipe)"); \
      its variance is the population's. ρ counts images without any concept as 0; beside it stands ρ without them. \
      Checkpoints count from epoch \(PublishedSettings.firstEpoch(for: recipe.student.name)).
      """,
    ]
  }

  private var layerDistancesAreKept: Bool {
    studies.allSatisfy { $0.study.series.allSatisfy { $0.layerDistances != nil } }
  }
}
