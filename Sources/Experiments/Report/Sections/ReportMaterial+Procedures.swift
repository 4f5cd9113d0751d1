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
  /// What the published procedure says, and what it says of an untrained network.
  ///
  /// - Parameter figures: those of one study.
  /// - Returns: nothing where the procedure was not carried out.
  func procedureBlocks(_ figures: (LayerStudy) -> [Block]) -> [Block] {
    guard comparesProcedures else { return [] }
    var blocks: [Block] =
      [
        .heading(2, "As published"), .paragraph(untrainedSentence), .table(matrix),
      ] + paperBlocks
    for layer in studies where layer.procedure == .published {
      let selection = layer.selection.map { [Block.paragraph(effect(of: $0))] } ?? []
      blocks.append(
        .details("\(layer.layer)\(manner(of: layer).markdown)", selection + numberBlocks(layer) + figures(layer)))
    }
    return blocks
  }

  /// ", as published, selected images"; empty at fixed distortion.
  func manner(of layer: LayerStudy) -> MarkdownText {
    guard layer.procedure == .published else { return "" }
    return layer.selection == nil ? ", as published, all images" : ", as published, selected images"
  }

  /// On which side the published quantities lie, as a tidy table.
  var matrixTable: Table {
    var table = Table([
      Table.Column("layer", .text, "Probe point at which both networks are measured."),
      Table.Column("student", .text, "Role of the distilled network."),
      Table.Column("selection", .text, "all: every probe image; selected: those that the published rule keeps."),
      Table.Column("hypothesis", .text, "H1, H2 or H3 of Cheng et al. (CVPR 2020)."),
      Table.Column("on_claimed_side", .integer, "Quantities whose mean difference lies where the paper claims."),
      Table.Column("quantities", .integer, "Quantities of the hypothesis that have a difference."),
      Table.Column("dropped_share", .number, "Share of the candidates that the rule drops; empty without selection."),
    ])
    for place in places {
      for layer in studies where layer.procedure == .published && layer.layer == place.layer {
        for hypothesis in Hypothesis.allCases {
          let found = publishedSides(layer, hypothesis, place.student)
          table.append([
            .text(layer.layer), .text(place.student), .text(layer.selection == nil ? "all" : "selected"),
            .text(hypothesis.rawValue), .integer(found.count { $0 > 0 }), .integer(found.count),
            Cell(layer.selection?.droppedShare),
          ])
        }
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

  private func publishedSides(_ layer: LayerStudy, _ hypothesis: Hypothesis, _ student: String) -> [Int] {
    published(layer).filter { $0.hypothesis == hypothesis && $0.student == student }.map(\.comparison.agreement)
      .filter { $0 != 0 }
  }

  private var matrix: ReportTable {
    var table = ReportTable(
      [.init("Layer"), .init("Student"), .init("Hypothesis")] + manners.map { .init($0.title) },
      caption: """
        The same networks, images and seeds under each procedure: the verdict at fixed distortion, position removed, \
        and how many of the paper's quantities lie on the claimed side by its own procedure, which says nothing of \
        chance and decides nothing. The selection keeps only images that agree with the premise at every late \
        checkpoint, as the authors' code does: what it changes is an effect of the choice.
        """)
    for place in places {
      for hypothesis in Hypothesis.allCases {
        table.append(
          ["\(code: place.layer)", "\(place.student)", "\(hypothesis.rawValue): \(hypothesis.claim)"]
            + manners.map { manner in
              guard let layer = studies.first(where: { $0.layer == place.layer && Manner($0) == manner }) else {
                return "–"
              }
              guard manner.procedure == .published else {
                guard layer.layer == primary?.layer else { return "not asked here" }
                return result(hypothesis, place.student, at: layer).map { "\($0.judgement.verdict.rawValue)" } ?? "–"
              }
              let found = publishedSides(layer, hypothesis, place.student)
              return found.isEmpty ? "–" : "claimed side in \(found.count { $0 > 0 }) of \(found.count)"
            })
      }
    }
    return table
  }

  private func effect(of selection: PublishedSelection) -> MarkdownText {
    let share = selection.droppedShare.map { NumberFormat.significant(100 * $0, 3) } ?? "–"
    return """
      The published rule dropped \(selection.dropped) of \(selection.asked) candidates (\(share) %, over all seeds), \
      because their foreground had the larger mean entropy at some checkpoint from epoch \(selection.firstEpoch.description) on, in \
      some of the compared networks, or the feature did not answer at all; at most \(selection.limit) were used for \
      each seed, \(selection.used) in all.
      """
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
      Checkpoints count from epoch \(PublishedSettings.firstEpoch(for: recipe.student.name).description).
      """,
    ]
  }

  private var layerDistancesAreKept: Bool {
    studies.allSatisfy { $0.study.series.allSatisfy { $0.layerDistances != nil } }
  }
}
