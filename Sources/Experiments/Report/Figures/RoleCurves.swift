import Plotting
import Statistics
import Training

extension ReportMaterial {
  /// A role's name in a legend, with the number of seeds behind its band.
  func legend(_ role: String, seeds: Int) -> String { title(role) + (seeds > 1 ? ", \(seeds) seeds" : "") }

  /// A role's estimates as a line with a band, under its name and in its look.
  func curve(_ role: String, seeds: Int, _ estimates: [(x: Double, y: Estimate?)]) -> Mark {
    .line(Line(legend(role, seeds: seeds), estimates, look: look(role)))
  }

  /// Of all trainings of a role.
  func histories(_ role: String) -> [TrainingHistory] {
    results.histories.filter { $0.role == role }.map(\.history)
  }

  /// A role's mean over seeds of something at each epoch; nil where no epoch has it.
  ///
  /// - Parameters:
  ///   - role: which networks.
  ///   - range: where the quantity can lie; nil for losses, of which some kinds fall below zero.
  ///   - value: of one network at one epoch.
  /// - Returns: nil where no epoch has it.
  func curve(
    _ role: String, within range: ClosedRange<Double>? = nil,
    _ value: (TrainingHistory, TrainingHistory.Epoch) -> Double?
  ) -> Mark? {
    let all = histories(role)
    guard let first = all.first else { return nil }
    let range =
      range ?? QuantityRange.losses(all.flatMap { history in history.epochs.compactMap { value(history, $0) } })
    let points = first.epochs.indices.map { index in
      (
        x: Double(first.epochs[index].epoch),
        y: studentInterval(
          of: all.compactMap { index < $0.epochs.count ? value($0, $0.epochs[index]) : nil }, over: "seeds",
          within: range)
      )
    }
    guard points.contains(where: { $0.y != nil }) else { return nil }
    return curve(role, seeds: all.count, points)
  }
}
