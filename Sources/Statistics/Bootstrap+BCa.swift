extension Bootstrap {
  /// The bias-corrected and accelerated interval (Efron, "Better Bootstrap Confidence Intervals", JASA 1987) of a
  /// statistic of independent observations: second-order right where the statistic is skewed or biased.
  ///
  /// The acceleration comes from the jackknife. A sample without spread has an interval of no width; where the whole
  /// bootstrap distribution lies on one side of the estimate no correction exists, and the percentile interval is
  /// given, under its own name.
  ///
  /// - Parameters:
  ///   - values: one per observation.
  ///   - unit: what one observation is, for the method's name.
  ///   - statistic: recomputed in each resample and, with one observation less, in the jackknife.
  /// - Returns: nil where there are no values, without an interval where there is one.
  public func correctedEstimate(
    _ values: [Double], over unit: String = "observations", statistic: ([Double]) -> Double
  ) -> Estimate? {
    guard !values.isEmpty else { return nil }
    let whole = statistic(values)
    guard values.count > 1 else { return Estimate(whole, count: 1, method: "one of \(unit), no interval") }
    let jackknife = values.indices.map { left in
      statistic(values.indices.filter { $0 != left }.map { values[$0] })
    }
    return correctedInterval(
      around: whole, replicates(of: values, statistic), jackknife: jackknife, count: values.count, over: unit)
  }

  /// The BCa interval of finished replicates.
  ///
  /// - Parameters:
  ///   - value: the statistic of the sample.
  ///   - replicates: the statistic of each resample.
  ///   - jackknife: the statistic of the sample without each of its observations.
  ///   - count: number of observations.
  ///   - unit: what one observation is.
  /// - Returns: the estimate with its interval.
  package func correctedInterval(
    around value: Double, _ replicates: [Double], jackknife: [Double], count: Int, over unit: String
  ) -> Estimate {
    let sorted = replicates.sorted()
    let below = sorted.count { $0 < value }
    let equal = sorted.count { $0 == value }
    // Ties count half, as in scipy: a discrete statistic has many of them.
    let share = (Double(below) + 0.5 * Double(equal)) / Double(sorted.count)
    guard share > 0, share < 1 else {
      return interval(
        around: value, replicates, count: count,
        method: "percentile bootstrap over \(count) \(unit), bias beyond correction")
    }
    let bias = NormalDistribution.quantile(share)
    let acceleration = Self.acceleration(jackknife)
    func probability(_ nominal: Double) -> Double {
      let shifted = bias + NormalDistribution.quantile(nominal)
      return NormalDistribution.cumulative(bias + shifted / (1 - acceleration * shifted))
    }
    return Estimate(
      value, lower: quantile(probability((1 - confidence) / 2), ofSorted: sorted),
      upper: quantile(probability((1 + confidence) / 2), ofSorted: sorted), count: count,
      method: "\(percentage(confidence)) BCa bootstrap over \(count) \(unit), \(resamples) resamples, seed \(seed)")
  }

  /// One sixth of the skewness of the jackknife's values; 0 where they do not differ.
  private static func acceleration(_ jackknife: [Double]) -> Double {
    guard let centre = mean(of: jackknife) else { return 0 }
    var squares = 0.0
    var cubes = 0.0
    for value in jackknife {
      let difference = centre - value
      squares += difference * difference
      cubes += difference * difference * difference
    }
    let scale = squares * squares.squareRoot()
    return scale > 0 ? cubes / (6 * scale) : 0
  }
}
