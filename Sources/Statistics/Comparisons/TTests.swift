/// Student's t test of paired differences against zero, two-sided.
///
/// Differences that are all equal have no spread to judge by: p is 1 where they are zero and 0 where they are not, as
/// the limit of ever smaller spreads has it.
///
/// - Parameters:
///   - differences: one per pair, independent and about normal.
///   - unit: what one pair is, for the method's name.
/// - Returns: nil for fewer than two pairs.
public func pairedTTest(_ differences: [Double], over unit: String = "pairs") -> SignificanceTest? {
  guard let centre = mean(of: differences), let deviation = standardDeviation(of: differences) else { return nil }
  let count = Double(differences.count)
  return tTest(
    difference: centre, error: deviation / count.squareRoot(), degrees: count - 1,
    method: "paired t test over \(differences.count) \(unit)")
}

/// Welch's t test of two independent samples of unequal variance (Welch, Biometrika 1947), two-sided.
///
/// - Parameters:
///   - a: one sample.
///   - b: the other.
/// - Returns: t of mean(a) − mean(b); nil where a sample has fewer than two values.
public func welchTTest(_ a: [Double], _ b: [Double]) -> SignificanceTest? {
  guard let centreA = mean(of: a), let centreB = mean(of: b), let deviationA = standardDeviation(of: a),
    let deviationB = standardDeviation(of: b)
  else { return nil }
  let partA = deviationA * deviationA / Double(a.count)
  let partB = deviationB * deviationB / Double(b.count)
  let sum = partA + partB
  // Welch–Satterthwaite; without any spread the number does not matter.
  let degrees = sum * sum / (partA * partA / Double(a.count - 1) + partB * partB / Double(b.count - 1))
  return tTest(
    difference: centreA - centreB, error: sum.squareRoot(), degrees: degrees.isFinite && degrees > 0 ? degrees : 1,
    method: "Welch t test of \(a.count) against \(b.count)")
}

private func tTest(difference: Double, error: Double, degrees: Double, method: String) -> SignificanceTest {
  guard error > 0 else {
    let isEqual = difference == 0
    return SignificanceTest(
      statistic: isEqual ? 0 : (difference < 0 ? -.infinity : .infinity), pValue: isEqual ? 1 : 0,
      method: method + ", no spread")
  }
  let t = difference / error
  return SignificanceTest(
    statistic: t, pValue: min(1, 2 * StudentT(degreesOfFreedom: degrees).cumulative(-abs(t))), method: method)
}
