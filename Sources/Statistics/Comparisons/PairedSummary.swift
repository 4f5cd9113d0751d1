/// Paired differences with all that a reader needs to judge them: mean, interval, count, spread, tests.
public struct PairedSummary: Sendable, Equatable, Codable {
  /// Mean of a − b with Student's t interval.
  public let difference: Estimate
  /// Standard deviation of the differences, n − 1; nil for one pair.
  public let deviation: Double?
  /// Student's paired t test; nil for one pair.
  public let tTest: SignificanceTest?
  /// The sign-flip test.
  public let permutation: SignificanceTest

  /// Nil without pairs.
  ///
  /// - Parameters:
  ///   - differences: a − b of every pair.
  ///   - unit: what one pair is ("seeds", "images").
  ///   - permutation: how signs are flipped.
  ///   - range: where the mean difference can lie.
  public init?(
    _ differences: [Double], over unit: String, permutation: PermutationTest = PermutationTest(),
    within range: ClosedRange<Double> = QuantityRange.unbounded
  ) {
    guard let difference = studentInterval(of: differences, over: unit, within: range),
      let flips = permutation.signFlips(differences, over: unit)
    else { return nil }
    self.difference = difference
    deviation = standardDeviation(of: differences)
    tTest = pairedTTest(differences, over: unit)
    self.permutation = flips
  }

  /// Number of pairs.
  public var count: Int { difference.count }

  /// How many pairs a paired t test would need to find a difference of this size with 80 % chance; nil where that
  /// cannot be said or is more than a thousand.
  public var pairsNeeded: Int? {
    deviation.flatMap { Statistics.pairsNeeded(mean: difference.value, deviation: $0) }
  }
}
