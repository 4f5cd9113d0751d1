import Analysis
import Plotting
import Statistics

extension ReportMaterial {
  /// When images have most concepts, how far the weights have gone by then, and how steady the direction is.
  func learningFigure(_ layer: LayerStudy) -> Figure {
    Figure(width: Figure.twoColumns, panels: [[learningEpochs(layer), distances(layer), stability(layer)]])
  }

  private func learningEpochs(_ layer: LayerStudy) -> Panel {
    let last = recipe.training.epochs
    let table = layer.study.learningTable.filtered("threshold", .number(mainThreshold))
    let series = studentRoles.map { role -> Histogram.Series in
      let rows = table.filtered("role", .text(role)).cells("learning_epoch").compactMap(\.integer)
      let counts = (1...last).map { epoch in
        rows.isEmpty ? 0 : 100 * Double(rows.count { $0 == epoch }) / Double(rows.count)
      }
      return Histogram.Series(legend(role, layer.study.series(of: role)), counts: counts, look: look(role))
    }
    return .chart(
      Chart(
        title: "Epoch with most concepts", x: Axis("epoch", isWholeNumbers: true),
        y: Axis("images / %", startsAtZero: true),
        marks: [.histogram(Histogram(edges: (0...last).map { Double($0) + 0.5 }, series: series))]))
  }

  private func distances(_ layer: LayerStudy) -> Panel {
    let marks = studentRoles.compactMap { role -> Mark? in
      let runs = layer.study.series(of: role)
      guard let epochs = runs.first?.epochs else { return nil }
      let estimates = epochs.indices.map { position in
        (x: Double(epochs[position]), y: studentInterval(of: runs.map { $0.distances[position] }, over: "seeds"))
      }
      return .line(Line(legend(role, runs), estimates, look: look(role)))
    }
    return .chart(
      Chart(
        title: "Weight distance d", x: Axis("epoch", isWholeNumbers: true),
        y: Axis("sum of |Δw| / |w₀|", startsAtZero: true), marks: marks))
  }

  private func stability(_ layer: LayerStudy) -> Panel {
    var marks: [Mark] = []
    for role in studentRoles {
      let runs = layer.study.series(of: role)
      func curve(_ quantity: ConceptQuantity) -> [(x: Double, y: Estimate?)] {
        layer.study.thresholds.map {
          (x: $0, y: layer.study.summary(of: quantity, over: runs, threshold: $0)?.estimate)
        }
      }
      marks.append(.line(Line(legend(role, runs), curve(.stability), look: look(role))))
      // What a network that never changed would show: measurement noise alone.
      let floor = Look(color: look(role).color, dash: [1, 2], marker: .plus)
      let known = curve(.noiseFloor).compactMap { place in place.y.map { Point(place.x, $0.value) } }
      marks.append(.line(Line("noise alone: \(role)", points: known, look: floor)))
    }
    return .chart(
      Chart(title: "Stability ρ", x: Axis("threshold b / nats"), y: Axis("share of concepts kept"), marks: marks))
  }
}
