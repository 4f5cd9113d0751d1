import Support

#if canImport(Glibc)
  import Glibc
#endif

/// The standard normal distribution.
public enum NormalDistribution {
  /// The probability of a value of at most `x`, from 0 to 1.
  public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The value that the given probability lies below.
  ///
  /// By bisection until the bracket cannot be halved, like ``StudentT/quantile(_:)``: monotone, so it cannot go astray.
  ///
  /// - Parameter probability: from 0 to 1.
  /// - Returns: −∞ for 0, +∞ for 1.
  public static func quantile(_ probability: Double) -> Double {
    precondition(
      0 <= probability && probability <= 1, "NormalDistribution: probability \(probability) is not from 0 to 1")
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    // No probability above 0 that a Double holds lies below −40.
    var low = probability < 0.5 ? -40.0 : 0
    var high = probability < 0.5 ? 0.0 : 40
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      // The upper tail is compared as such where 1 − p would lose its digits.
      let isAbove =
        probability < 0.5
        ? cumulative(middle) > probability : cumulative(-middle) < 1 - probability
      if isAbove { high = middle } else { low = middle }
    }
  }
}
