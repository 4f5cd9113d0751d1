import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// What was done and what came out, in one paragraph that can be quoted.
  var opening: Block {
    let seeds = recipe.seeds.count == 1 ? "one seed" : "\(recipe.seeds.count) seeds"
    var text: MarkdownText = """
      A \(recipe.teacher.model.name) taught a \(recipe.student.name) on \(recipe.data.set) (\(data.train.count) \
      training images, \(data.train.classes.count) classes). Test accuracy over \(seeds): \(accuracies).
      """
    if comparesProcedures { return .paragraph("\(text) \(outcomesByProcedure)") }
    for layer in studies {
      let outcomes = hypotheses(layer).map { result -> MarkdownText in
        let student: MarkdownText = students.count > 1 ? " (\(result.student))" : ""
        return "\(result.hypothesis.rawValue)\(student) \(MarkdownText(markdown: "**\(result.verdict.rawValue)**"))"
      }
      text = """
        \(text) At \(code: layer.layer), with every network at the same distortion τ = \
        \(NumberFormat.significant(recipe.analysis.distortion, 2)): \(joined(outcomes)).
        """
    }
    return .paragraph(text)
  }

  private var accuracies: MarkdownText {
    let parts = roles.compactMap { role -> MarkdownText? in
      overSeeds(role, within: QuantityRange.share) { $0.accuracy }.map { estimate in
        "\(title(role)) \(NumberFormat.percent(estimate))\(estimate.count == 1 ? " (one run)" : "")"
      }
    }
    return joined(parts)
  }

  func joined(_ parts: [MarkdownText]) -> MarkdownText {
    MarkdownText(markdown: parts.map(\.markdown).joined(separator: ", "))
  }

  /// The verdicts on one layer, then the numbers behind them.
  func verdictBlocks(_ layer: LayerStudy) -> [Block] {
    [
      .table(verdictTable(layer)), .table(summaryTable(layer)),
      .details("Every comparison", [.table(comparisons(layer))]),
    ]
  }

  private func verdictTable(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      [.init("Hypothesis"), .init("Student"), .init("Verdict"), .init("Why")],
      caption: """
        Verdicts at \(code: layer.layer)\(manner(of: layer)): is the student, against the same network trained without a teacher, where \
        Cheng et al. (CVPR 2020) place it? Paired over images and seeds, 95 % two-level bootstrap, at b = \
        \(layer.study.thresholds.map { NumberFormat.significant($0, 2) }.joined(separator: ", ")) nats.
        """, name: "verdicts\(suffix(layer))")
    for result in hypotheses(layer) {
      table.append([
        "\(result.hypothesis.rawValue): \(result.hypothesis.claim)", "\(result.student)",
        MarkdownText(markdown: "**\(result.verdict.rawValue)**"), "\(result.reason)",
      ])
    }
    return table
  }

  private func summaryTable(_ layer: LayerStudy) -> ReportTable {
    let quantities: [ConceptQuantity] =
      [.foregroundConcepts, .backgroundConcepts, .conceptShare]
      + (layer.procedure == .published
        ? [.learningLayerDistanceMean, .learningLayerDistanceVariance, .stabilityCountingEmpty, .stability]
        : [.learningDistanceMean, .learningDistanceDeviation, .learningShareMean, .stability, .noiseFloor])
    var table = ReportTable(
      Self.testColumns + quantities.map { .init("\($0.symbol)", .right) },
      caption: """
        All networks at their last epoch; \(code: layer.layer)\(manner(of: layer)), b = \(NumberFormat.significant(mainThreshold(of: layer), 2)) nats. \
        Accuracy, agreement and KL: mean over \(recipe.seeds.count) seeds with 95 % Student t interval, on the test \
        split. N_fg, N_bg: concepts in cells of the \(recipe.analysis.grid)×\(recipe.analysis.grid) grid; the others are \
        ratios; 95 % two-level bootstrap over seeds and images.
        """, name: "summary\(suffix(layer))")
    for role in ["teacher"] + layer.study.roles {
      let runs = layer.study.series(of: role)
      let tests = testEstimates(role)
      let concepts = quantities.map { quantity in
        runs.isEmpty
          ? "–"
          : cell(layer.study.summary(of: quantity, over: runs, threshold: mainThreshold(of: layer)).flatMap(\.estimate))
      }
      let values = [nil] + tests.map { $0?.value } + quantities.map { _ in nil }
      // The teacher is what the others are held against: it does not compete with them.
      table.append(["\(title(role))"] + tests.map(cell) + concepts, values: role == "teacher" ? nil : values)
    }
    return table
  }

  private static let testColumns: [ReportTable.Column] = [
    .init("Network"), .init("Test accuracy (%)", .right, best: .largest),
    .init("Agrees with teacher (%)", .right, best: .largest),
    .init("KL from teacher (nats)", .right, best: .smallest),
  ]

  private func testEstimates(_ role: String) -> [Estimate?] {
    [
      overSeeds(role, within: 0...100) { 100 * $0.accuracy },
      overSeeds(role, within: 0...100) { $0.agreement.map { 100 * $0 } },
      overSeeds(role, within: QuantityRange.nonnegative) { $0.divergence },
    ]
  }

  /// What the networks do on the test split, where there are no concepts to stand beside it.
  var networkTable: ReportTable {
    var table = ReportTable(
      Self.testColumns,
      caption: """
        All networks at their last epoch, on the test split; \
        \(recipe.seeds.count == 1 ? "one seed" : "mean over \(recipe.seeds.count) seeds with 95 % Student t interval").
        """, name: "networks")
    for role in roles {
      let tests = testEstimates(role)
      table.append(
        ["\(title(role))"] + tests.map(cell), values: role == "teacher" ? nil : [nil] + tests.map { $0?.value })
    }
    return table
  }

  private func comparisons(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      [
        .init("Hypothesis"), .init("Student"), .init("Quantity"), .init("b (nats)", .right), .init("Claimed"),
        .init("Student's", .right), .init("Baseline's", .right), .init("Difference, 95 % bootstrap", .right),
        .init("95 % t over seeds", .right), .init("Pairs", .right), .init("Left out", .right), .init("Verdict"),
      ],
      caption: "Student − baseline, quantity by quantity. A pair is one image in both networks of one seed.",
      name: "comparisons\(suffix(layer))")
    for result in hypotheses(layer) {
      for comparison in result.comparisons {
        table.append([
          "\(result.hypothesis.rawValue)", "\(result.student)", "\(comparison.quantity.symbol)",
          "\(NumberFormat.significant(comparison.threshold, 2))", "\(comparison.expected.rawValue)",
          "\(comparison.student.map { NumberFormat.significant($0, 3) } ?? "–")",
          "\(comparison.baseline.map { NumberFormat.significant($0, 3) } ?? "–")", cell(comparison.difference),
          cell(comparison.differenceOverSeeds), "\(comparison.images)", "\(comparison.leftOut.total)",
          "\(comparison.verdict.rawValue)",
        ])
      }
    }
    return table
  }

  private func cell(_ estimate: Estimate?) -> MarkdownText {
    estimate.map { MarkdownText(plain: NumberFormat.estimate($0)) } ?? "–"
  }
}
