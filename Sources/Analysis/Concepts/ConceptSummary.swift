import Statistics
import Support

/// A quantity of one network, over images and, with several runs, over training seeds.
public struct ConceptSummary: Sendable, Equatable, Codable {
  /// Which quantity.
  public let quantity: ConceptQuantity
  /// b, nats.
  public let threshold: Double
  /// The mean over seeds of the quantity over images, with its interval; nil where no image has a value.
  public let estimate: Estimate?
  /// Number of seeds that have a value.
  public let seeds: Int
  /// Number of images that have a value, summed over seeds.
  public let images: Int
  /// Images left out, summed over seeds.
  public let leftOut: Omissions
}

extension ConceptStudy {
  /// A quantity at the last epoch, or over the whole run, with its two-level bootstrap interval.
  ///
  /// - Parameters:
  ///   - quantity: which.
  ///   - runs: of one role, one per seed; a single one gives an interval over images.
  ///   - threshold: b, nats.
  /// - Returns: nil where a run cannot have the quantity (no repeats, no step distances).
  public func summary(
    of quantity: ConceptQuantity, over runs: [EntropySeries], threshold: Double
  ) -> ConceptSummary? {
    let observations = runs.compactMap { self.observations(of: quantity, in: $0, threshold: threshold) }
    guard observations.count == runs.count, !runs.isEmpty else { return nil }
    return summary(of: quantity, observations, threshold: threshold)
  }

  /// A count, a fraction or λ at any epoch, with its two-level bootstrap interval.
  ///
  /// - Parameters:
  ///   - quantity: a count, a fraction or λ.
  ///   - runs: of one role, one per seed; those that did not store the epoch are left out.
  ///   - epoch: the epoch.
  ///   - threshold: b, nats.
  /// - Returns: nil where no run stored the epoch.
  public func summary(
    of quantity: ConceptQuantity, over runs: [EntropySeries], atEpoch epoch: Moment, threshold: Double
  ) -> ConceptSummary? {
    let observations = runs.compactMap { run in
      run.epochs.firstIndex(of: epoch).map {
        countObservations(of: quantity, in: run, at: $0, threshold: threshold)
      }
    }
    return observations.isEmpty ? nil : summary(of: quantity, observations, threshold: threshold)
  }

  private func summary(
    of quantity: ConceptQuantity, _ observations: [[Observation]], threshold: Double
  ) -> ConceptSummary {
    var leftOut: Omissions = [:]
    for run in observations { leftOut.add(run.omissions) }
    var values: [[Double]] = []
    for run in observations.map(\.values) where !run.isEmpty {
      if run.count >= quantity.fewestImages { values.append(run) } else { leftOut.count(.onlyImage) }
    }
    let estimate = bootstrap.twoLevelEstimate(counts: values.map(\.count)) { group, units in
      quantity.statistic(of: values[group], units)
    }
    return ConceptSummary(
      quantity: quantity, threshold: threshold, estimate: estimate, seeds: values.count,
      images: values.reduce(0) { $0 + $1.count }, leftOut: leftOut)
  }
}
