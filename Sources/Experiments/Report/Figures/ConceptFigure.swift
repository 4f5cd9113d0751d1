import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// N_fg, N_bg and λ over epochs at the main threshold; the initialisation as a mark of its own.
  func conceptFigure(_ layer: LayerStudy) -> Figure {
    Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(layer, .foregroundConcepts, "N_{fg}: on the object", "concepts / cells"),
          panel(layer, .backgroundConcepts, "N_{bg}: on the background", "concepts / cells"),
          panel(layer, .conceptShare, "λ = N_{fg} / (N_{fg} + N_{bg})", "share"),
        ]
      ])
  }

  private func panel(_ layer: LayerStudy, _ quantity: ConceptQuantity, _ name: String, _ unit: String) -> Panel {
    let study = layer.counted
    let table = epochCurves(layer).filtered("threshold", .number(mainThreshold(of: layer)))
    var marks: [Mark] = []
    for role in study.roles {
      let runs = study.series(of: role)
      let estimates = table.curve(of: quantity, role, over: "epoch")
      marks.append(curve(role, seeds: runs.count, estimates.filter { $0.x > 0 }))
      // Baseline and students of one seed start from the same weights: one mark stands for all.
      if role == RoleName.baseline, let start = estimates.first(where: { $0.x == 0 })?.y {
        let mark = Look(color: RoleLook.reference.color, marker: .cross)
        marks.append(.points(Points("untrained", points: [Point(0, start.value)], look: mark)))
      }
    }
    return .chart(Chart(title: name, x: Axis("epoch", isWholeNumbers: true), y: Axis(unit), marks: marks))
  }

  /// The same quantities at the last epoch over the threshold b.
  func thresholdFigure(_ layer: LayerStudy) -> Figure {
    let table = thresholdCurves(layer)
    func panel(_ quantity: ConceptQuantity, _ name: String, _ unit: String) -> Panel {
      let marks = layer.counted.roles.map { role in
        curve(
          role, seeds: layer.counted.series(of: role).count, table.curve(of: quantity, role, over: "threshold"))
      }
      return .chart(
        Chart(
          title: name, x: Axis("threshold b / nats"), y: Axis(unit, startsAtZero: quantity != .conceptShare),
          marks: marks))
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(.foregroundConcepts, "N_{fg}: on the object", "concepts / cells"),
          panel(.backgroundConcepts, "N_{bg}: on the background", "concepts / cells"),
          panel(.conceptShare, "λ = N_{fg} / (N_{fg} + N_{bg})", "share"),
        ]
      ])
  }
}

extension Table {
  /// A role's estimates of one quantity over a column, from a table of curves.
  fileprivate func curve(
    of quantity: ConceptQuantity, _ role: String, over column: String
  ) -> [(x: Double, y: Estimate?)] {
    filtered("role", .text(role)).filtered("quantity", .text(quantity.rawValue)).observations.map { row in
      let estimate = row.number("value").map { value in
        Estimate(
          value, lower: row.number("lower"), upper: row.number("upper"), count: row.integer("images") ?? 0,
          method: row.text("method") ?? "")
      }
      return (x: row.number(column) ?? 0, y: estimate)
    }
  }
}
