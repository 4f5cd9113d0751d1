import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// The primary differences student − baseline of one hypothesis: one row per student, the claimed side shaded.
  func pairedPanel(_ hypothesis: Hypothesis, _ layer: LayerStudy) -> Panel {
    let results = judged(layer).filter { $0.hypothesis == hypothesis }
    let rows = results.map { result -> SeedRows.Row in
      var look = look(result.student)
      // What is not decided is marked by an open shape.
      if ![.supported, .contradicted].contains(result.judgement.verdict) { look.marker = .cross }
      return SeedRows.Row(
        label: result.student, values: result.pairs.map(\.difference), look: look,
        estimate: result.judgement.difference)
    }
    let unit = hypothesis.unit.isEmpty ? "" : " / \(hypothesis.unit)"
    return .chart(
      Chart(
        title: headline(.hypothesis(hypothesis)), x: Axis("difference of \(hypothesis.drawnSymbol)\(unit)"),
        y: Axis(""),
        marks: [.shade(0, isAbove: hypothesis.side == .larger)] + SeedRows(rows: rows).marks(reference: 0)))
  }

  /// Differences of the paper's quantities by its own procedure.
  func publishedFigure(_ layer: LayerStudy) -> Figure {
    let panels = Hypothesis.allCases.flatMap { hypothesis in
      hypothesis.publishedQuantities.map { quantity, expected -> Panel in
        let rows = published(layer).filter { $0.comparison.quantity == quantity }.map { entry in
          Intervals.Row(entry.student, entry.comparison.differenceOverSeeds, look: look(entry.student))
        }
        let unit = quantity.unit.isEmpty ? "" : " / \(quantity.unit)"
        return .chart(
          Chart(
            title: "\(hypothesis.rawValue): \(quantity.drawnSymbol)", x: Axis("student − baseline\(unit)"), y: Axis(""),
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

extension ConceptQuantity {
  /// Its symbol as figures draw it.
  var drawnSymbol: String { symbol.drawnSymbol }
}

extension String {
  /// A symbol as figures draw it: what stands behind an underscore is a subscript.
  var drawnSymbol: String {
    let parts = split(separator: "_", maxSplits: 1)
    guard parts.count == 2 else { return self }
    let name = parts[1].prefix { $0.isLetter || $0.isNumber }
    return "\(parts[0])_{\(name)}\(parts[1].dropFirst(name.count))"
  }
}
