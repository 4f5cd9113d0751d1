import Analysis
import Plotting
import Statistics

extension ReportMaterial {
  /// N_fg, N_bg and λ over epochs at the main threshold; the initialisation as a mark of its own.
  func conceptFigure(_ layer: LayerStudy) -> Figure {
    Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(layer, .foregroundConcepts, "N_fg: on the object", "concepts / cells"),
          panel(layer, .backgroundConcepts, "N_bg: on the background", "concepts / cells"),
          panel(layer, .conceptShare, "λ = N_fg / (N_fg + N_bg)", "share"),
        ]
      ])
  }

  private func panel(_ layer: LayerStudy, _ quantity: ConceptQuantity, _ name: String, _ unit: String) -> Panel {
    let study = layer.study
    var marks: [Mark] = []
    for role in study.roles {
      let runs = study.series(of: role)
      let estimates = Set(runs.flatMap(\.epochs)).sorted().map { epoch in
        (
          x: Double(epoch),
          y: study.summary(of: quantity, over: runs, atEpoch: epoch, threshold: mainThreshold(of: layer))?.estimate
        )
      }
      marks.append(.line(Line(legend(role, runs), estimates.filter { $0.x > 0 }, look: look(role))))
      // Baseline and students of one seed start from the same weights: one mark stands for all.
      if role == "baseline", let start = estimates.first(where: { $0.x == 0 })?.y {
        let mark = Look(color: RoleLook.reference.color, marker: .cross)
        marks.append(.points(Points("untrained", points: [Point(0, start.value)], look: mark)))
      }
    }
    return .chart(Chart(title: name, x: Axis("epoch", isWholeNumbers: true), y: Axis(unit), marks: marks))
  }

  /// The same quantities at the last epoch over the threshold b.
  func thresholdFigure(_ layer: LayerStudy) -> Figure {
    func panel(_ quantity: ConceptQuantity, _ name: String, _ unit: String) -> Panel {
      let marks = layer.study.roles.map { role -> Mark in
        let runs = layer.study.series(of: role)
        let estimates = ConceptStudy.curveThresholds.map { threshold in
          (x: threshold, y: layer.study.summary(of: quantity, over: runs, threshold: threshold)?.estimate)
        }
        return .line(Line(legend(role, runs), estimates, look: look(role)))
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
          panel(.foregroundConcepts, "N_fg: on the object", "concepts / cells"),
          panel(.backgroundConcepts, "N_bg: on the background", "concepts / cells"),
          panel(.conceptShare, "λ = N_fg / (N_fg + N_bg)", "share"),
        ]
      ])
  }

  /// A role's name in a legend, with the number of seeds behind its band.
  func legend(_ role: String, _ runs: [EntropySeries]) -> String {
    title(role) + (runs.count > 1 ? ", \(runs.count) seeds" : "")
  }
}
