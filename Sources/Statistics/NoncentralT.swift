import Support

#if canImport(Glibc)
  import Glibc
#endif

/// The noncentral t distribution: (Z + δ) / √(χ²_ν / ν), what a t statistic follows where there is an effect.
public struct NoncentralT: Sendable, Equatable {
  /// Degrees of freedom ν, at least 1.
  public let degreesOfFreedom: Double
  /// δ: the effect in standard errors.
  public let noncentrality: Double

  /// - Parameters:
  ///   - degreesOfFreedom: ν, at least 1.
  ///   - noncentrality: δ, the effect in standard errors.
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    precondition(degreesOfFreedom >= 1, "NoncentralT: degrees of freedom \(degreesOfFreedom) are below 1")
    precondition(noncentrality.isFinite, "NoncentralT: noncentrality \(noncentrality)")
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  /// The probability of a value of at most `t`, from 0 to 1: ∫ Φ(t·s − δ) f(s) ds over s = √(χ²_ν / ν).
  ///
  /// By Gauss–Legendre panels, finer where Φ rises: the series in powers of δ² (Lenth, 1989) underflows at large δ.
  public func cumulative(_ t: Double) -> Double {
    if t == .infinity { return 1 }
    if t == -.infinity { return 0 }
    let upper = 1 + 9 / degreesOfFreedom.squareRoot()
    var edges = (0...32).map { upper * Double($0) / 32 }
    if t != 0 {
      // Φ(t·s − δ) goes from 0 to 1 within eight standard deviations of s = δ / t.
      let (centre, width) = (noncentrality / t, 1 / abs(t))
      edges += (-16...16).map { centre + width * Double($0) / 2 }.filter { 0 < $0 && $0 < upper }
      edges.sort()
    }
    let half = degreesOfFreedom / 2
    let logFactor = log(2) + half * log(half) - lgamma(half)
    var sum = 0.0
    for (start, end) in zip(edges, edges.dropFirst()) where end > start {
      for (node, weight) in gaussLegendre {
        let s = start + (end - start) * (1 + node) / 2
        let density = exp(logFactor + (degreesOfFreedom - 1) * log(s) - half * s * s)
        sum += weight * (end - start) / 2 * density * NormalDistribution.cumulative(t * s - noncentrality)
      }
    }
    return min(1, max(0, sum))
  }
}

/// The chance that a two-sided t test finds an effect.
///
/// - Parameters:
///   - effect: in standard errors of the mean.
///   - count: observations, at least 2.
///   - level: of the test, between 0 and 1.
/// - Returns: from the level, without an effect, to 1.
public func tTestPower(effect: Double, count: Int, level: Double = 0.05) -> Double {
  precondition(count >= 2, "tTestPower: \(count) observations")
  precondition(0 < level && level < 1, "tTestPower: level \(level) is not between 0 and 1")
  let critical = StudentT(degreesOfFreedom: Double(count - 1)).quantile(1 - level / 2)
  let distribution = NoncentralT(degreesOfFreedom: Double(count - 1), noncentrality: effect)
  let mirrored = NoncentralT(degreesOfFreedom: Double(count - 1), noncentrality: -effect)
  return min(1, mirrored.cumulative(-critical) + distribution.cumulative(-critical))
}

/// The smallest effect that a two-sided t test finds with a given chance.
///
/// - Parameters:
///   - count: observations, at least 2.
///   - level: of the test, between 0 and 1.
///   - power: chance of finding it, above the level and below 1.
/// - Returns: in standard errors of the mean; 5.65 for three observations at the usual level.
public func smallestEffect(count: Int, level: Double = 0.05, power: Double = 0.8) -> Double {
  precondition(level < power && power < 1, "smallestEffect: power \(power) at level \(level)")
  var (low, high) = (0.0, 1.0)
  while tTestPower(effect: high, count: count, level: level) < power {
    low = high
    high *= 2
  }
  // To ten digits: a report shows three.
  while high - low > 1e-10 * high {
    let middle = low + (high - low) / 2
    if tTestPower(effect: middle, count: count, level: level) < power { low = middle } else { high = middle }
  }
  return low + (high - low) / 2
}

/// Nodes within ±1 and weights of ten-point Gauss–Legendre quadrature (Abramowitz and Stegun, table 25.4).
private let gaussLegendre: [(node: Double, weight: Double)] =
  [
    (0.1488743389816312, 0.2955242247147529), (0.4333953941292472, 0.2692667193099963),
    (0.6794095682990244, 0.2190863625159820), (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.0666713443086881),
  ].flatMap { [($0.0, $0.1), (-$0.0, $0.1)] }
