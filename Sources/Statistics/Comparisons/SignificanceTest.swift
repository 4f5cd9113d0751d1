/// What a test of a null hypothesis says.
public struct SignificanceTest: Sendable, Equatable, Codable {
  /// The test's statistic: t, a difference of means, a count; its name is in the method.
  public var statistic: Double
  /// Probability of a statistic at least as extreme, on either side, if there is no difference; from 0 to 1.
  public var pValue: Double
  /// Which test, on how many observations, in words.
  public var method: String

  /// - Parameters:
  ///   - statistic: t, a difference of means, a count.
  ///   - pValue: two-sided, from 0 to 1.
  ///   - method: which test, on how many observations.
  public init(statistic: Double, pValue: Double, method: String) {
    self.statistic = statistic
    self.pValue = pValue
    self.method = method
  }
}

/// The p-values of several tests made comparable with one level for all (Holm, Scandinavian Journal of Statistics
/// 1979): the chance of any false rejection among them stays below the level, whatever their dependence.
///
/// - Parameter pValues: one per test, each from 0 to 1.
/// - Returns: the adjusted values in the same order, each at least the given one and at most 1.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var largest = 0.0
  for (place, test) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, Double(pValues.count - place) * pValues[test]))
    adjusted[test] = largest
  }
  return adjusted
}
