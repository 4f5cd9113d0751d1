#if canImport(Glibc)
  import Glibc
#endif

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) in Lentz's form.
///
/// - Parameters:
///   - x: from 0 to 1.
///   - complement: 1 − x; given apart because it loses its digits where x is near 1.
///   - a: above 0.
///   - b: above 0.
/// - Returns: from 0 to 1, relative error about 1e-13 where a + b is below 1,000, more above (cancelling logarithms).
func regularizedIncompleteBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if complement <= 0 { return 1 }
  // The fraction converges fast only left of the mean; right of it the mirrored function is the small one.
  guard x <= (a + 1) / (a + b + 2) else {
    return 1 - regularizedIncompleteBeta(complement, complement: x, b, a)
  }
  let logBeta = lgamma(a).0 + lgamma(b).0 - lgamma(a + b).0
  let front = exp(a * log(x) + b * log(complement) - logBeta) / a
  let tiny = 1e-300
  var numerator = 1.0
  var denominator = 1 / nonzero(1 - (a + b) * x / (a + 1), tiny)
  var fraction = denominator
  for m in 1...10_000 {
    let m = Double(m)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    denominator = 1 / nonzero(1 + even * denominator, tiny)
    numerator = nonzero(1 + even / numerator, tiny)
    fraction *= denominator * numerator
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    denominator = 1 / nonzero(1 + odd * denominator, tiny)
    numerator = nonzero(1 + odd / numerator, tiny)
    let step = denominator * numerator
    fraction *= step
    if abs(step - 1) < 1e-15 { break }
  }
  return front * fraction
}

private func nonzero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
