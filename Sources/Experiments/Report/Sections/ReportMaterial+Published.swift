import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// What the published procedure says of a network that has learned nothing, in one sentence.
  var untrainedSentence: MarkdownText {
    guard let layer = studies.first(where: { $0.procedure == .published && $0.selection == nil }),
      let raw = publishedMeans(layer.study, RoleName.baseline, isTrained: false),
      let adjusted = publishedMeans(layer.adjusted, RoleName.baseline, isTrained: false),
      let trained = publishedMeans(layer.study, RoleName.baseline, isTrained: true)
    else { return "The published procedure did not measure the untrained network." }
    return """
      As published, an untrained network already has \(NumberFormat.significant(raw.foreground, 3)) concepts on the \
      object and a gap of \(NumberFormat.significant(raw.gap, 2)) nats at \(code: layer.layer), the trained baseline \
      \(NumberFormat.significant(trained.foreground, 3)) and \(NumberFormat.significant(trained.gap, 2)): what a cell's \
      position alone gives counts as knowledge there; without position (\(layer.position.rawValue)) the untrained network \
      has \(NumberFormat.significant(adjusted.foreground, 3)) and \(NumberFormat.significant(adjusted.gap, 2)).
      """
  }

  /// Means over seeds of the means over images.
  private struct PublishedMeans {
    var gap = 0.0
    var foreground = 0.0
    var background = 0.0
    var premise = 0.0
  }

  private func publishedMeans(_ study: ConceptStudy, _ role: String, isTrained: Bool) -> PublishedMeans? {
    let runs = study.series(of: role).compactMap { run -> PublishedMeans? in
      let position = isTrained ? run.epochs.count - 1 : 0
      guard isTrained || run.epochs[0] == 0 else { return nil }
      let masks = study.images.foreground
      let images = masks.indices.compactMap { image -> PublishedMeans? in
        guard let gap = try? run.gap(of: image, at: position, foreground: masks[image]).get(),
          let count = try? run.conceptCount(
            of: image, at: position, foreground: masks[image], threshold: ConceptStudy.publishedThreshold
          ).get()
        else { return nil }
        return PublishedMeans(
          gap: gap, foreground: Double(count.foreground), background: Double(count.background), premise: gap > 0 ? 1 : 0
        )
      }
      return Self.mean(images)
    }
    return Self.mean(runs)
  }

  private static func mean(_ all: [PublishedMeans]) -> PublishedMeans? {
    guard !all.isEmpty else { return nil }
    func mean(_ part: (PublishedMeans) -> Double) -> Double { all.reduce(0) { $0 + part($1) } / Double(all.count) }
    return PublishedMeans(
      gap: mean(\.gap), foreground: mean(\.foreground), background: mean(\.background), premise: mean(\.premise))
  }

  /// What the procedure says of every network, the untrained one first, with position and without.
  func publishedTable(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      [
        .init("Network"), .init("Maps"), .init("Gap (nats)", .right), .init("N_fg", .right), .init("N_bg", .right),
        .init("N_fg / (N_fg + N_bg)", .right), .init("Premise (%)", .right),
      ],
      caption: """
        \(code: layer.layer)\(manner(of: layer)), b = \(NumberFormat.significant(ConceptStudy.publishedThreshold, 2)) \
        nats, means over seeds and images at the last epoch: maps as measured (raw) and without position \
        (\(layer.position.rawValue)). Premise: images whose background has the larger mean entropy.
        """, name: "networks\(suffix(layer))")
    var rows = [(name: "untrained", role: RoleName.baseline, isTrained: false)]
    rows += layer.study.roles.map { (name: title($0), role: $0, isTrained: true) }
    for row in rows {
      for (kind, study) in [("raw", layer.study), ("without position", layer.adjusted)] {
        guard let means = publishedMeans(study, row.role, isTrained: row.isTrained) else {
          table.append(["\(row.name)", "\(kind)", "–", "–", "–", "–", "–"])
          continue
        }
        let all = means.foreground + means.background
        table.append([
          "\(row.name)", "\(kind)", "\(NumberFormat.significant(means.gap, 2))",
          "\(NumberFormat.significant(means.foreground, 3))", "\(NumberFormat.significant(means.background, 3))",
          "\(all > 0 ? NumberFormat.significant(means.foreground / all, 2) : "–")",
          "\(NumberFormat.significant(100 * means.premise, 3))",
        ])
      }
    }
    return table
  }

  /// The paper's quantities, student against baseline: shown with both intervals, never judged.
  func publishedComparisons(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      [
        .init("Hypothesis"), .init("Student"), .init("Quantity"), .init("Claimed"), .init("Student's", .right),
        .init("Baseline's", .right), .init("Difference, 95 % bootstrap", .right), .init("95 % t over seeds", .right),
        .init("Pairs", .right), .init("Left out", .right),
      ],
      caption: """
        Student − baseline by the paper's quantities, \(code: layer.layer)\(manner(of: layer)). A pair is one image in \
        both networks of one seed. The bootstrap over seeds and images is too narrow where seeds are few.
        """, name: "comparisons\(suffix(layer))")
    for (hypothesis, student, comparison) in published(layer) {
      table.append([
        "\(hypothesis.rawValue)", "\(student)", "\(comparison.quantity.symbol)", "\(comparison.expected.rawValue)",
        "\(comparison.student.map { NumberFormat.significant($0, 3) } ?? "–")",
        "\(comparison.baseline.map { NumberFormat.significant($0, 3) } ?? "–")", cell(comparison.difference),
        cell(comparison.differenceOverSeeds), "\(comparison.images)", "\(comparison.leftOut.total)",
      ])
    }
    return table
  }
}
