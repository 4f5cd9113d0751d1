import Analysis
import Plotting
import Statistics

extension ReportMaterial {
  /// Where the premise of counting holds, and the mean entropies of object and background.
  func premiseFigure(_ layer: LayerStudy) -> Figure {
    let table = layer.study.premiseTable
    let epochs = Axis("epoch", isWholeNumbers: true)
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Premise: background entropy above the object's", x: epochs,
              y: Axis("share of images", range: 0...1),
              marks: curves(table, within: QuantityRange.share) { $0.number("share") } + [.horizontalRule(0.5)])),
          .chart(
            Chart(
              title: "Entropy: background − object", x: epochs, y: Axis("difference of means / nats"),
              marks: curves(table) { row in
                guard let outside = row.number("background_entropy"), let inside = row.number("foreground_entropy")
                else {
                  return nil
                }
                return outside - inside
              } + [.horizontalRule(0)])),
        ]
      ])
  }

  private func curves(
    _ table: Table, within range: ClosedRange<Double> = QuantityRange.unbounded, _ value: (Table.Row) -> Double?
  ) -> [Mark] {
    table.values("role").compactMap(\.text).map { role in
      let rows = table.filtered("role", .text(role))
      let seeds = rows.values("seed").count
      let estimates = rows.grouped(by: ["epoch"]).map { epoch in
        (
          x: epoch.key[0].number ?? 0,
          y: studentInterval(of: epoch.table.observations.compactMap(value), over: "seeds", within: range)
        )
      }
      return curve(role, seeds: seeds, estimates)
    }
  }
}
