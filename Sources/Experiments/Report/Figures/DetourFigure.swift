import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// H3 in one figure: ρ beside its floor, what is left of the largest gap, and the paired difference of the margin.
  func detourFigure(_ layer: LayerStudy) -> Figure {
    let adjusted = layer.adjusted
    func rows(_ look: (String) -> Look, _ value: (NetworkEvidence) -> Double?) -> [SeedRows.Row] {
      adjusted.roles.map { role in
        SeedRows.Row(
          label: role, values: adjusted.series(of: role).map(adjusted.evidence).compactMap(value), look: look(role))
      }
    }
    let floor = RoleLook.reference.marked(.cross)
    let stability = Chart(
      title: "Share of concepts that stay", x: Axis("ρ", range: QuantityRange.share), y: Axis(""),
      marks: SeedRows(rows: rows(look) { $0.meanStability }, range: QuantityRange.share)
        .marks("ρ of the network", look: look(RoleName.baseline), order: 0, of: 2, reference: nil)
        + SeedRows(rows: rows({ _ in floor }) { $0.meanFloor }, range: QuantityRange.share)
        .marks("ρ_{floor}: noise alone", look: floor, order: 1, of: 2, reference: nil))
    let kept = rows(look) { $0.retention }
    let isPositive = kept.allSatisfy { $0.values.allSatisfy { $0 >= 0 } }
    let retention = Chart(
      title: "Largest gap left at the end", x: Axis("g_{M} / max g_{k}", range: isPositive ? QuantityRange.share : nil),
      y: Axis(""), marks: SeedRows(rows: kept, range: isPositive ? 0...1 : -.infinity...1).marks(reference: 1))
    return Figure(
      width: Figure.twoColumns,
      panels: [[.chart(stability), .chart(retention), pairedPanel(.steadierDirection, layer)]],
      rowHeight: 26 + 9 * Double(adjusted.roles.count))
  }
}
