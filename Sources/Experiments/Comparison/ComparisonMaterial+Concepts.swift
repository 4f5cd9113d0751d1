import Analysis
import Reporting
import Statistics

extension ComparisonMaterial {
  /// The quantities by which H1, H2 and H3 are judged, with the side on which a student is claimed to be.
  func conceptQuantities(_ layer: LayerStudy) -> [(quantity: ConceptQuantity, expected: Hypothesis.Direction)] {
    Hypothesis.allCases.flatMap { $0.quantities(layer.procedure) }
  }

  /// A quantity of one row at the main threshold, with its two-level bootstrap interval.
  func concepts(_ layer: LayerStudy, _ quantity: ConceptQuantity, _ role: String) -> Estimate? {
    let runs = layer.study.series(of: role)
    guard !runs.isEmpty else { return nil }
    return layer.study.summary(of: quantity, over: runs, threshold: mainThreshold(of: layer)).flatMap(\.estimate)
  }

  /// Which methods teach more concepts, faster, more directly: layer by layer.
  ///
  /// - Parameter figures: those whose names end so.
  /// - Returns: for each layer a table, what follows from it, and figures.
  func conceptBlocks(_ figures: (String) -> [Block]) -> [Block] {
    guard !studies.isEmpty else { return [.paragraph("Nothing was measured.")] }
    return studies.flatMap { layer -> [Block] in
      [.heading(3, "\(code: layer.name)"), .table(conceptTable(layer)), .list(taught(layer))]
        + figures("-\(layer.name)")
    }
  }

  private func conceptTable(_ layer: LayerStudy) -> ReportTable {
    let quantities = conceptQuantities(layer)
    let threshold = NumberFormat.significant(mainThreshold(of: layer), 2)
    var table = ReportTable(
      [.init("Method")]
        + quantities.map {
          .init("\($0.quantity.symbol)", .right, best: $0.expected == .larger ? .largest : .smallest)
        } + [.init("More (H1)"), .init("Faster (H2)"), .init("More directly (H3)")],
      caption: """
        Concepts at \(code: layer.layer), b = \(threshold) nats, with 95 % two-level bootstrap over \
        \(recipe.seeds.count) seeds and their images. The verdicts on H1 to H3 are against the baseline, over all \
        thresholds; with fewer than \(Hypothesis.fewestSeeds) seeds they are inconclusive.
        """, name: "concepts-\(layer.name)")
    for role in ranking where layer.study.roles.contains(role) {
      let estimates = quantities.map { concepts(layer, $0.quantity, role) }
      let verdicts = Hypothesis.allCases.map { verdict(layer, $0, role) }
      table.append(
        [name(role)] + estimates.map { cell($0) } + verdicts.map { $0.map { "\($0.rawValue)" } ?? "–" },
        values: [nil] + estimates.map { $0?.value } + [nil, nil, nil])
    }
    return table
  }

  private func verdict(_ layer: LayerStudy, _ hypothesis: Hypothesis, _ role: String) -> Verdict? {
    hypotheses[layer.name]?.first { $0.hypothesis == hypothesis && $0.student == role }?.verdict
  }

  /// What follows from the verdicts, and from the means at the main threshold.
  private func taught(_ layer: LayerStudy) -> [MarkdownText] {
    let roles = ranking.filter { $0 != "baseline" && layer.study.roles.contains($0) }
    func names(_ verdict: Verdict, _ hypothesis: Hypothesis) -> MarkdownText {
      let found = roles.filter { self.verdict(layer, hypothesis, $0) == verdict }
      guard !found.isEmpty else { return "none" }
      return MarkdownText(markdown: found.map { MarkdownText(code: title($0)).markdown }.joined(separator: ", "))
    }
    func most(_ quantity: ConceptQuantity, _ expected: Hypothesis.Direction) -> MarkdownText? {
      let known = ranking.compactMap { role in concepts(layer, quantity, role).map { (role: role, value: $0.value) } }
      let ordered = known.sorted { expected == .larger ? $0.value > $1.value : $0.value < $1.value }
      guard let first = ordered.first, let last = ordered.last else { return nil }
      return """
        \(MarkdownText(markdown: expected == .larger ? "Largest" : "Smallest")) \(quantity.symbol): \
        \(code: title(first.role)) (\(NumberFormat.significant(first.value, 3))); at the other end \
        \(code: title(last.role)) (\(NumberFormat.significant(last.value, 3)))
        """
    }
    return Hypothesis.allCases.map { hypothesis in
      let ends = hypothesis.quantities(layer.procedure).prefix(1).compactMap { most($0.quantity, $0.expected) }
      return """
        **\(hypothesis.rawValue)**, \(hypothesis.claim). Supported: \(names(.supported, hypothesis)); contradicted: \
        \(names(.contradicted, hypothesis)); mixed: \(names(.mixed, hypothesis)); all others are inconclusive. \
        \(ends.first ?? "").
        """
    }
  }
}
