/// A number that is never naked: its value with interval, sample count and the method behind the interval.
public struct Estimate: Sendable, Equatable, Codable {
  /// The point estimate, in the quantity's own unit.
  public var value: Double
  /// Lower end of the interval; nil where the sample allows none (fewer than two observations).
  public var lower: Double?
  /// Upper end of the interval; nil where `lower` is.
  public var upper: Double?
  /// Number of observations behind the value.
  public var count: Int
  /// Which interval this is, in words: "95 % Student t over 3 seeds".
  public var method: String

  /// - Parameters:
  ///   - value: the point estimate.
  ///   - lower: lower end of the interval.
  ///   - upper: upper end of the interval.
  ///   - count: number of observations.
  ///   - method: which interval this is, in words.
  public init(_ value: Double, lower: Double? = nil, upper: Double? = nil, count: Int, method: String) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.count = count
    self.method = method
  }

  /// Half of the interval's width; nil without an interval.
  public var halfWidth: Double? {
    guard let lower, let upper else { return nil }
    return (upper - lower) / 2
  }

  /// The longer side of the interval: how far off the value may be; nil without an interval.
  public var error: Double? { lower.flatMap { lower in upper.map { max(value - lower, $0 - value) } } }

  /// The same with an interval that ends where its quantity does; the value stays.
  ///
  /// The true value lies within the range, so the interval holds it as often as before.
  public func within(_ range: ClosedRange<Double>) -> Estimate {
    func cut(_ end: Double) -> Double { min(max(end, range.lowerBound), range.upperBound) }
    return Estimate(value, lower: lower.map(cut), upper: upper.map(cut), count: count, method: method)
  }

  /// −1 or 1 where the whole interval lies on that side of zero, else 0; 0 without an interval.
  public var sign: Int {
    guard let lower, let upper else { return 0 }
    return lower > 0 ? 1 : upper < 0 ? -1 : 0
  }
}

/// "95 %" for 0.95.
func percentage(_ confidence: Double) -> String {
  let percent = confidence * 100
  let rounded = percent.rounded()
  return abs(percent - rounded) < 1e-9 ? "\(Int(rounded)) %" : "\(percent) %"
}
