import Analysis
import Reporting
import Statistics

extension ValidityReport {
  /// The threshold-free number that is judged first.
  var mainMeasure: ValidityScores.Measure { .averagePrecision }

  /// Comparisons at the main layer in one number.
  func comparisons(of measure: String) -> [ValidityComparison] {
    comparisons.filter { $0.layer == lesson.mainLayer && $0.measure == measure }
  }

  var shareMeasure: String { "share of concepts on the informative part, b = \(ConceptValidity.mainThreshold)" }

  /// The trained network against each rival, in the numbers that decide.
  var verdictTable: ReportTable {
    let measures = ValidityScores.Measure.allCases.map(\.rawValue) + [shareMeasure]
    var table = ReportTable(
      [
        .init("Trained network against"), .init("in"), .init("Difference, 95 % bootstrap", .right),
        .init("95 % t over seeds", .right), .init("Pairs", .right), .init("Verdict"),
      ],
      caption: """
        Does the trained network's map find the \(part)? Differences trained − rival at \(code: lesson.mainLayer), \
        paired by seed and image. Average precision: −H_i as a score of “this cell shows the \(part)”. Chance: the \
        mean over all orders of the cells of the same image.
        """)
    for measure in measures {
      for comparison in comparisons(of: measure) {
        table.append([
          "\(comparison.rival)", "\(measure)", cell(comparison.difference.estimate),
          cell(comparison.difference.overSeeds), "\(comparison.difference.images)",
          MarkdownText(markdown: "**\(comparison.verdict.rawValue)**"),
        ])
      }
    }
    return table
  }

  /// Every network's own numbers at every layer.
  var scoreTable: ReportTable {
    let b = ConceptValidity.mainThreshold
    var table = ReportTable(
      [.init("Network"), .init("Layer")]
        + ["Average precision", "chance", "with one cell of tolerance", "AUROC", "AUROC on the object"].map {
          .init(MarkdownText(plain: $0), .right)
        } + [.init("Precision, b = \(NumberFormat.significant(b, 2))", .right), .init("Recall", .right)],
      caption: """
        Networks by themselves, means over \(lesson.seeds.count) seeds and \(study.images.count) images with 95 % \
        two-level bootstrap. AUROC: probability that a cell of the \(part) has a lower entropy than another cell; on \
        the object: than a cell of another part. Precision: share of the concepts (H̄_bg − H_i > b) on the \(part); \
        recall: share of its cells that are concepts.
        """)
    for layer in study.layers.reversed() {
      for network in study.networks {
        func own(_ measure: ValidityScores.Measure) -> MarkdownText {
          cell(study.estimate(network, layer: layer, measure.value).estimate)
        }
        table.append([
          "\(network)", "\(code: layer)", own(.averagePrecision),
          cell(
            study.estimate(network, layer: layer) { mainMeasure.chance($1) }.estimate.map {
              Estimate($0.value, count: $0.count, method: "")
            }),
          own(.averagePrecisionNearby), own(.area), own(.areaOnObject),
          cell(study.share(network, layer, .informative, at: b).estimate),
          cell(study.recall(network, layer, .informative, at: b).estimate),
        ])
      }
    }
    return table
  }

  /// Where the concepts lie, beside where the cells lie.
  var placeTable: ReportTable {
    var table = ReportTable(
      [.init("Network"), .init("b (nats)", .right)]
        + PartRegion.allCases.map { .init("\($0 == .informative ? part : $0.rawValue) (%)", .right) }
        + [.init("Images without concepts", .right)],
      caption: """
        Share of the counted concepts on each region at \(code: lesson.mainLayer), in per cent of an image's \
        concepts; in brackets the region's share of the cells, which concepts at random places would have.
        """)
    for network in study.networks {
      for threshold in study.thresholds {
        let shares = PartRegion.allCases.map { region -> MarkdownText in
          guard let own = study.share(network, lesson.mainLayer, region, at: threshold).estimate,
            let chance = study.chanceShare(network, lesson.mainLayer, region, at: threshold).estimate
          else { return "–" }
          return "\(NumberFormat.estimate(own, scale: 100)) (\(NumberFormat.significant(100 * chance.value, 3)))"
        }
        table.append(
          ["\(network)", "\(NumberFormat.significant(threshold, 2))"] + shares
            + ["\(study.share(network, lesson.mainLayer, .informative, at: threshold).leftOut)"])
      }
    }
    return table
  }

  /// What should make no difference.
  var robustnessTable: ReportTable {
    var table = ReportTable(
      [
        .init("Changed"), .init("to"), .init("Rank correlation", .right), .init("Images", .right),
        .init("Left out", .right),
      ],
      caption: """
        Spearman's rank correlation between an image's map as measured (16×16 cells, τ = \
        \(NumberFormat.significant(lesson.options.number("distortion"), 2))) and its map measured differently, trained \
        networks at \(code: lesson.mainLayer); other grids are compared on the coarser one. Thresholds: of the \
        concept cells at b = \(NumberFormat.significant(ConceptValidity.mainThreshold, 2)) and at the other b. Images \
        without concepts at one of them are left out.
        """)
    for check in material.checks {
      let estimate = study.estimate(check.correlations)
      table.append([
        "\(check.factor)", "\(check.change)", cell(estimate.estimate), "\(estimate.images)", "\(estimate.leftOut)",
      ])
    }
    return table
  }

  /// All layers and thresholds.
  var comparisonTable: ReportTable {
    var table = ReportTable(
      [
        .init("Layer"), .init("Number"), .init("Against"), .init("Difference", .right), .init("Left out", .right),
        .init("Verdict"),
      ], caption: "The trained network against its rivals, in every number at every layer.")
    for comparison in comparisons {
      table.append([
        "\(code: comparison.layer)", "\(comparison.measure)", "\(comparison.rival)",
        cell(comparison.difference.estimate), "\(comparison.difference.leftOut)", "\(comparison.verdict.rawValue)",
      ])
    }
    return table
  }

  private func cell(_ estimate: Estimate?) -> MarkdownText {
    estimate.map { MarkdownText(plain: NumberFormat.estimate($0)) } ?? "–"
  }
}
