import Foundation

/// Where an axis has its ticks: at multiples of 1, 2, 2.5, 5 or 10 times a power of ten.
package enum TickRule {
  /// Evenly spaced ticks that cover a range; the first and the last may lie outside.
  ///
  /// - Parameters:
  ///   - range: both ends finite.
  ///   - maximumIntervals: at least 1.
  ///   - areWhole: whether only whole numbers will do.
  /// - Returns: increasing, with at most that many intervals; one tick for a range of no length.
  package static func values(
    _ range: ClosedRange<Double>, maximumIntervals: Int = 9, areWhole: Bool = false
  ) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 1e-300, span.isFinite else { return [range.lowerBound] }
    var exponent = Int((log10(span / Double(maximumIntervals))).rounded(.down))
    if areWhole { exponent = max(0, exponent) }
    // A range that starts between two multiples may need one interval more than its length says: try on.
    while true {
      for multiple in [1, 2, 2.5, 5, 10] where !(areWhole && multiple == 2.5 && exponent == 0) {
        let step = scaled(multiple, exponent)
        // A ten-thousandth of a step beyond the end is no reason for another tick.
        let first = (range.lowerBound / step + 1e-4).rounded(.down)
        let last = (range.upperBound / step - 1e-4).rounded(.up)
        guard last - first <= Double(maximumIntervals) else { continue }
        return stride(from: first, through: last, by: 1).map { scaled($0 * multiple, exponent) }
      }
      exponent += 1
    }
  }

  /// Ticks at powers of ten that cover a range, or at 1, 2 and 5 times them where there are less than two powers.
  ///
  /// - Parameters:
  ///   - range: both ends finite and positive.
  ///   - maximumIntervals: at least 1.
  /// - Returns: increasing.
  package static func logarithmicValues(_ range: ClosedRange<Double>, maximumIntervals: Int = 9) -> [Double] {
    let first = Int((log10(range.lowerBound) + 1e-4).rounded(.down))
    let last = Int((log10(range.upperBound) - 1e-4).rounded(.up))
    guard last - first <= maximumIntervals else {
      let step = (last - first + maximumIntervals - 1) / maximumIntervals
      return stride(from: first, through: last, by: step).map { scaled(1, $0) }
    }
    let fine = (first...max(first, last)).flatMap { exponent in [1, 2, 5].map { scaled($0, exponent) } }
    let inside = fine.filter { range.contains($0) }
    return inside.count <= maximumIntervals + 1 && range.upperBound <= 100 * range.lowerBound
      ? inside : (first...max(first, last)).map { scaled(1, $0) }
  }

  /// `factor` times a power of ten, to the last bit as if written in decimals.
  private static func scaled(_ factor: Double, _ exponent: Int) -> Double {
    exponent < 0 ? factor / pow(10, Double(-exponent)) : factor * pow(10, Double(exponent))
  }
}
