import Support

/// The percentile bootstrap (Efron, 1979): deterministic in its seed.
public struct Bootstrap: Sendable, Equatable, Codable {
  /// Number of resamples.
  public var resamples: Int
  /// Between 0 and 1.
  public var confidence: Double
  /// Seed of the draws.
  public var seed: UInt64

  /// - Parameters:
  ///   - resamples: number of resamples, at least 2.
  ///   - confidence: between 0 and 1.
  ///   - seed: seed of the draws.
  public init(resamples: Int = 2000, confidence: Double = 0.95, seed: UInt64 = 1) {
    precondition(resamples >= 2, "Bootstrap: \(resamples) resamples are fewer than 2")
    precondition(0 < confidence && confidence < 1, "Bootstrap: confidence \(confidence) is not between 0 and 1")
    self.resamples = resamples
    self.confidence = confidence
    self.seed = seed
  }

  /// The interval of a statistic of independent observations.
  ///
  /// - Parameters:
  ///   - values: one per observation.
  ///   - unit: what one observation is, for the method's name.
  ///   - statistic: recomputed in each resample, which has as many values as the sample.
  /// - Returns: nil where there are no values, without an interval where there is one.
  public func estimate(
    _ values: [Double], over unit: String = "observations", statistic: ([Double]) -> Double
  ) -> Estimate? {
    guard !values.isEmpty else { return nil }
    let whole = statistic(values)
    guard values.count > 1 else { return Estimate(whole, count: 1, method: "one of \(unit), no interval") }
    return interval(
      around: whole, replicates(of: values, statistic), count: values.count,
      method: "percentile bootstrap over \(values.count) \(unit)")
  }

  /// The statistic of each resample, which has as many values as the sample.
  func replicates(of values: [Double], _ statistic: ([Double]) -> Double) -> [Double] {
    var random = SplitMix64(seed: seed)
    var resample = values
    return (0..<resamples).map { _ in
      for i in resample.indices { resample[i] = values[random.index(below: values.count)] }
      return statistic(resample)
    }
  }

  /// The percentile interval of finished replicates.
  func interval(around value: Double, _ replicates: [Double], count: Int, method: String) -> Estimate {
    let sorted = replicates.sorted()
    return Estimate(
      value, lower: quantile((1 - confidence) / 2, ofSorted: sorted),
      upper: quantile((1 + confidence) / 2, ofSorted: sorted), count: count,
      method: "\(percentage(confidence)) \(method), \(resamples) resamples, seed \(seed)")
  }
}
