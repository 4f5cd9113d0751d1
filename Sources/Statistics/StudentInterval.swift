import Support

/// The mean with Student's t interval: mean ± t · s/√n, for observations that are independent and about normal.
///
/// - Parameters:
///   - values: one per observation (one per seed, as a rule).
///   - confidence: between 0 and 1.
///   - unit: what one observation is, for the method's name ("seeds").
///   - range: where the quantity's mean can lie; the interval is cut there, which costs no coverage.
/// - Returns: nil where there are no values, without an interval where there is one.
public func studentInterval(
  of values: [Double], confidence: Double = 0.95, over unit: String = "observations",
  within range: ClosedRange<Double> = QuantityRange.unbounded
) -> Estimate? {
  precondition(0 < confidence && confidence < 1, "studentInterval: confidence \(confidence) is not between 0 and 1")
  guard let centre = mean(of: values) else { return nil }
  guard let deviation = standardDeviation(of: values) else {
    return Estimate(centre, count: values.count, method: "one of \(unit), no interval")
  }
  let t = StudentT(degreesOfFreedom: Double(values.count - 1)).quantile((1 + confidence) / 2)
  // Equal values have no spread; what their mean is off by is rounding.
  let rounding = Double(values.count) * (values.map(\.magnitude).max() ?? 0).ulp
  let halfWidth = deviation <= rounding ? 0 : t * deviation / Double(values.count).squareRoot()
  return Estimate(
    centre, lower: centre - halfWidth, upper: centre + halfWidth, count: values.count,
    method: "\(percentage(confidence)) Student t over \(values.count) \(unit)"
  ).within(range)
}

/// The mean of the paired differences `a − b` with Student's t interval.
///
/// - Parameters:
///   - a: one value per pair.
///   - b: the other value of each pair, same count and order.
///   - confidence: between 0 and 1.
///   - unit: what one pair is, for the method's name.
///   - range: where the mean difference can lie.
/// - Returns: nil where there are no pairs, without an interval where there is one.
public func pairedDifference(
  of a: [Double], minus b: [Double], confidence: Double = 0.95, over unit: String = "pairs",
  within range: ClosedRange<Double> = QuantityRange.unbounded
) -> Estimate? {
  precondition(a.count == b.count, "pairedDifference: counts \(a.count) and \(b.count) differ")
  return studentInterval(of: zip(a, b).map { $0 - $1 }, confidence: confidence, over: unit, within: range)
}
