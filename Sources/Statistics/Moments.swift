import Support

/// The arithmetic mean.
///
/// - Parameter values: any count.
/// - Returns: nil where there are none.
public func mean(of values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The sample standard deviation, divisor n − 1, in the unit of the values.
///
/// - Parameter values: any count.
/// - Returns: nil where there are fewer than two.
public func standardDeviation(of values: [Double]) -> Double? {
  guard values.count > 1, let centre = mean(of: values) else { return nil }
  var squares = 0.0
  for value in values { squares += (value - centre) * (value - centre) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996; numpy's default).
///
/// - Parameters:
///   - probability: from 0 (least value) to 1 (greatest).
///   - values: in any order, without NaN.
/// - Returns: nil where there are no values.
public func quantile(_ probability: Double, of values: [Double]) -> Double? {
  quantile(probability, ofSorted: values.sorted())
}

/// The same for values that are sorted already.
///
/// - Parameters:
///   - probability: from 0 (least value) to 1 (greatest).
///   - values: ascending, without NaN.
/// - Returns: nil where there are no values.
public func quantile(_ probability: Double, ofSorted values: [Double]) -> Double? {
  precondition(0 <= probability && probability <= 1, "quantile: probability \(probability) is not from 0 to 1")
  guard !values.isEmpty else { return nil }
  let position = probability * Double(values.count - 1)
  let below = Int(position)
  guard below + 1 < values.count else { return values[below] }
  let weight = position - Double(below)
  return weight == 0 ? values[below] : values[below] + weight * (values[below + 1] - values[below])
}
