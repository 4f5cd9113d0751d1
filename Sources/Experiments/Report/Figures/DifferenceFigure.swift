import Analysis
import Plotting
import Statistics

extension ReportMaterial {
  /// Paired differences student − baseline of every quantity of H1 to H3, at every threshold.
  func differenceFigure(_ layer: LayerStudy) -> Figure {
    let results = hypotheses(layer)
    var panels: [Panel] = []
    for hypothesis in Hypothesis.allCases {
      for (quantity, expected) in hypothesis.quantities(layer.procedure) {
        panels.append(panel(results, hypothesis, quantity, expected))
      }
    }
    let lines = Double((layer.study.roles.count - 1) * layer.study.thresholds.count)
    return Figure(width: Figure.twoColumns, panels: Panel.rows(panels, columns: 3), rowHeight: 30 + 4.5 * lines)
  }

  private func panel(
    _ results: [HypothesisResult], _ hypothesis: Hypothesis, _ quantity: ConceptQuantity,
    _ expected: Hypothesis.Direction
  ) -> Panel {
    let unit = quantity.unit.isEmpty ? "" : " / \(quantity.unit)"
    let marks = results.filter { $0.hypothesis == hypothesis }.map { result -> Mark in
      let rows = result.comparisons.filter { $0.quantity == quantity }.compactMap { comparison in
        comparison.difference.map {
          Intervals.Row("b = \(comparison.threshold)", value: $0.value, interval: Interval($0))
        }
      }
      return .intervals(Intervals(title(result.student), rows: rows, look: look(result.student)))
    }
    return .chart(
      Chart(
        title: "\(hypothesis.rawValue): \(quantity.symbol), claimed \(expected == .larger ? "> 0" : "< 0")",
        x: Axis("student − baseline\(unit)"), y: Axis(""), marks: marks))
  }
}
