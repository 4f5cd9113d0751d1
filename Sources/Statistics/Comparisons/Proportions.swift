import Support

#if canImport(Glibc)
  import Glibc
#endif

/// A proportion with Wilson's score interval (Wilson, JASA 1927): right at 0 and 1 and for few trials, where the
/// normal interval is not.
///
/// - Parameters:
///   - successes: from 0 to `trials`.
///   - trials: number of independent trials.
///   - confidence: between 0 and 1.
///   - unit: what one trial is, for the method's name.
/// - Returns: nil without trials.
public func wilsonInterval(
  _ successes: Int, of trials: Int, confidence: Double = 0.95, over unit: String = "images"
) -> Estimate? {
  precondition(0 <= successes && successes <= trials, "wilsonInterval: \(successes) successes in \(trials) trials")
  precondition(0 < confidence && confidence < 1, "wilsonInterval: confidence \(confidence) is not between 0 and 1")
  guard trials > 0 else { return nil }
  let count = Double(trials)
  let share = Double(successes) / count
  let z = NormalDistribution.quantile((1 + confidence) / 2)
  let scale = 1 + z * z / count
  let centre = (share + z * z / (2 * count)) / scale
  let half = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot() / scale
  return Estimate(
    share, lower: successes == 0 ? 0 : max(0, centre - half), upper: successes == trials ? 1 : min(1, centre + half),
    count: trials, method: "\(percentage(confidence)) Wilson over \(trials) \(unit)")
}

/// McNemar's exact test of two classifiers on the same images (McNemar, Psychometrika 1947; binomial form), two-sided.
///
/// - Parameters:
///   - onlyFirst: images that the first classifier alone has right.
///   - onlySecond: images that the second alone has right.
/// - Returns: its statistic is the smaller of the two counts; p is 1 where they never differ.
public func mcNemarTest(onlyFirst: Int, onlySecond: Int) -> SignificanceTest {
  precondition(onlyFirst >= 0 && onlySecond >= 0, "mcNemarTest: counts \(onlyFirst) and \(onlySecond)")
  let fewer = min(onlyFirst, onlySecond)
  let all = onlyFirst + onlySecond
  // P(X ≤ k) of a fair binomial is I_½(n − k, k + 1).
  let tail =
    fewer == all
    ? 1 : regularizedIncompleteBeta(0.5, complement: 0.5, Double(all - fewer), Double(fewer + 1))
  return SignificanceTest(
    statistic: Double(fewer), pValue: min(1, 2 * tail),
    method: "exact McNemar test over \(all) images that one alone has right")
}

/// How many pairs a paired t test would need to find a difference of this size, from the pairs that there are.
///
/// The smallest k ≥ 2 with √k ≥ (t₁₋α/₂ + t_power) · s / |mean|, both quantiles at k − 1 degrees of freedom: within one
/// of what the noncentral t distribution says. An estimate from few pairs is a rough one.
///
/// - Parameters:
///   - mean: of the paired differences.
///   - deviation: their standard deviation.
///   - power: chance of finding a difference of this size.
///   - confidence: 1 − α.
///   - limit: more than so many are given as nil.
/// - Returns: nil where the mean is 0 or the number is above the limit.
public func pairsNeeded(
  mean: Double, deviation: Double, power: Double = 0.8, confidence: Double = 0.95, limit: Int = 1000
) -> Int? {
  precondition(deviation >= 0, "pairsNeeded: standard deviation \(deviation) is negative")
  guard mean != 0, mean.isFinite, deviation.isFinite else { return nil }
  let ratio = deviation / abs(mean)
  func isEnough(_ count: Int) -> Bool {
    let t = StudentT(degreesOfFreedom: Double(count - 1))
    return Double(count).squareRoot() >= (t.quantile((1 + confidence) / 2) + t.quantile(power)) * ratio
  }
  guard limit >= 2, isEnough(limit) else { return nil }
  // Monotone in k: more pairs are never worse.
  var low = 1
  var high = limit
  while high - low > 1 {
    let middle = (low + high) / 2
    if isEnough(middle) { high = middle } else { low = middle }
  }
  return high
}
