import Plotting
import Statistics
import Training

extension ReportMaterial {
  /// Development accuracy and loss over epochs, all networks, mean over seeds with bands.
  var trainingFigure: Figure {
    let epochs = Axis("epoch", isWholeNumbers: true)
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Development accuracy", x: epochs, y: Axis("share of images"),
              marks: curves(within: QuantityRange.share) { $0.developmentAccuracy } + secondStage)),
          .chart(
            Chart(
              title: "Development loss", x: epochs, y: Axis("cross-entropy / nats"),
              marks: curves(within: QuantityRange.nonnegative) { $0.developmentLoss } + secondStage)),
        ]
      ])
  }

  /// Where two-stage students leave their features alone and train what lies behind them.
  private var secondStage: [Mark] {
    recipe.students.contains { $0.classifierEpochs > 0 }
      ? [.verticalRule(Double(recipe.training.epochs), label: "classifiers")] : []
  }

  private func curves(
    within range: ClosedRange<Double>, _ value: (TrainingHistory.Epoch) -> Double
  ) -> [Mark] {
    roles.compactMap { role in
      let histories = results.histories.filter { $0.role == role }.map(\.history)
      guard let first = histories.first else { return nil }
      let name = "\(title(role))" + (histories.count > 1 ? ", \(histories.count) seeds" : "")
      return .line(
        Line(
          name,
          first.epochs.indices.map { index in
            (
              x: Double(first.epochs[index].epoch),
              y: studentInterval(of: histories.map { value($0.epochs[index]) }, over: "seeds", within: range)
            )
          }, look: look(role)))
    }
  }
}
