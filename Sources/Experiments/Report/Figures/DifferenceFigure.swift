import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// The primary differences student − baseline: one panel per hypothesis, one row per student, the claimed side shaded.
  func primaryFigure(_ layer: LayerStudy) -> Figure {
    let panels = Hypothesis.allCases.map { panel($0, layer) }
    let lines = Double(layer.study.roles.count - 1)
    return Figure(
      width: Figure.twoColumns, panels: [panels], rowHeight: 26 + 9 * lines, showsLegend: false)
  }

  private func panel(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> Panel {
    let results = judged(layer).filter { $0.hypothesis == hypothesis }
    let rows = results.map { result -> Intervals.Row in
      let difference = result.judgement.difference
      var look = look(result.student)
      // What is not decided is marked by an open shape.
      if ![.supported, .contradicted].contains(result.judgement.verdict) { look.marker = .cross }
      return Intervals.Row(
        result.student, value: difference?.value ?? .nan, interval: difference.map { Interval($0) } ?? .unknown,
        look: look)
    }
    let seeds = results.enumerated().map { place, result in
      // Rows count from the top, places on the axis from the bottom; the seeds stand below their interval.
      let height = Double(results.count - place) - 0.75
      let dot = Look(color: look(result.student).color, marker: .circle)
      return Mark.points(
        Points(nil, points: result.pairs.map { Point($0.difference, height) }, look: dot))
    }
    let unit = hypothesis.unit.isEmpty ? "" : " / \(hypothesis.unit)"
    return .chart(
      Chart(
        title: "\(hypothesis.rawValue): \(hypothesis.symbol)", x: Axis("student − baseline\(unit)"), y: Axis(""),
        marks: [
          .shade(0, isAbove: hypothesis.side == .larger),
          .intervals(Intervals(rows: rows, look: look(RoleName.baseline))),
        ] + seeds))
  }

  /// Differences of the paper's quantities by its own procedure.
  func publishedFigure(_ layer: LayerStudy) -> Figure {
    let panels = Hypothesis.allCases.flatMap { hypothesis in
      hypothesis.publishedQuantities.map { quantity, expected -> Panel in
        let rows = published(layer).filter { $0.comparison.quantity == quantity }.map { entry in
          Intervals.Row(
            entry.student, value: entry.comparison.differenceOverSeeds?.value ?? .nan,
            interval: entry.comparison.differenceOverSeeds.map { Interval($0) } ?? .unknown, look: look(entry.student))
        }
        let unit = quantity.unit.isEmpty ? "" : " / \(quantity.unit)"
        return .chart(
          Chart(
            title: "\(hypothesis.rawValue): \(quantity.symbol)", x: Axis("student − baseline\(unit)"), y: Axis(""),
            marks: [
              .shade(0, isAbove: expected == .larger),
              .intervals(Intervals(rows: rows, look: look(RoleName.baseline))),
            ]))
      }
    }
    let lines = Double(layer.study.roles.count - 1)
    return Figure(
      width: Figure.twoColumns, panels: Panel.rows(panels, columns: 3), rowHeight: 26 + 6 * lines, showsLegend: false)
  }
}
