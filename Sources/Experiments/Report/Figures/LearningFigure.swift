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
    // The published procedure may find most concepts in an untrained network.
    let first = min(1, layer.counted.firstEpoch.floor)
    let table = layer.counted.learningTable.filtered("threshold", .number(mainThreshold(of: layer)))
    let series = layer.counted.roles.map { role -> Histogram.Series in
      let rows = table.filtered("role", .text(role)).cells("learning_epoch").compactMap(\.number)
        .map { Int($0.rounded(.up)) }
      let counts = (first...last).map { epoch in
        rows.isEmpty ? 0 : 100 * Double(rows.count { $0 == epoch }) / Double(rows.count)
      }
      return Histogram.Series(
        legend(role, seeds: layer.counted.series(of: role).count), counts: counts, look: look(role))
    }
    return .chart(
      Chart(
        title: "Epoch with most concepts", x: Axis("epoch", isWholeNumbers: true),
        y: Axis("images / %", startsAtZero: true),
        marks: [.histogram(Histogram(edges: (first - 1...last).map { Double($0) + 0.5 }, series: series))]))
  }

  private func distances(_ layer: LayerStudy) -> Panel {
    let isPublished = layer.procedure == .published
    let marks = layer.counted.roles.compactMap { role -> Mark? in
      let runs = layer.counted.series(of: role)
      guard let epochs = runs.first?.epochs else { return nil }
      let estimates = epochs.indices.map { position in
        let distances = runs.compactMap { isPublished ? $0.layerDistances?[position] : $0.distances[position] }
        return (
          x: epochs[position].epochs,
          y: studentInterval(of: distances, over: "seeds", within: QuantityRange.nonnegative)
        )
      }
      return curve(role, seeds: runs.count, estimates)
    }
    return .chart(
      Chart(
        title: isPublished ? "Weight distance of the layer, by steps" : "Weight distance d",
        x: Axis("epoch", isWholeNumbers: true),
        y: Axis("sum of |Δw| / |w₀|", startsAtZero: true), marks: marks))
  }

  private func stability(_ layer: LayerStudy) -> Panel {
    var marks: [Mark] = []
    for role in layer.counted.roles {
      let runs = layer.counted.series(of: role)
      func estimates(_ quantity: ConceptQuantity) -> [(x: Double, y: Estimate?)] {
        layer.counted.thresholds.map {
          (x: $0, y: layer.counted.summary(of: quantity, over: runs, threshold: $0)?.estimate)
        }
      }
      let quantity: ConceptQuantity = layer.procedure == .published ? .stabilityCountingEmpty : .stability
      marks.append(curve(role, seeds: runs.count, estimates(quantity)))
      // The published procedure has no repeats.
      guard runs.contains(where: { !$0.repeats.isEmpty }) else { continue }
      // What a network that never changed would show: measurement noise alone.
      let floor = Look(color: look(role).color, dash: [1, 2], marker: .plus)
      let known = estimates(.noiseFloor).compactMap { place in place.y.map { Point(place.x, $0.value) } }
      marks.append(.line(Line("noise alone: \(role)", points: known, look: floor)))
    }
    return .chart(
      Chart(title: "Stability ρ", x: Axis("threshold b / nats"), y: Axis("share of concepts kept"), marks: marks))
  }
}
