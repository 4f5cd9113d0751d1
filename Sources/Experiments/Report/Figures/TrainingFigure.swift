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
              marks: curves(within: QuantityRange.share) { $0.accuracy } + secondStage)),
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
    roles.compactMap { role in curve(role, within: range) { _, epoch in value(epoch) } }
  }
}
