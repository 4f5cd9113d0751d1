import Foundation

/// From data units to fractions of an axis.
package struct AxisScale: Sendable, Equatable {
  /// The numbers at the ends of the axis, lower before upper.
  package let domain: ClosedRange<Double>
  let isLogarithmic: Bool

  /// - Parameters:
  ///   - axis: its range, if it has one, is taken as it is.
  ///   - extent: of the data; nil where there are none.
  ///   - marginless: whether the data's ends are the axis' ends.
  package init(_ axis: Axis, extent: ClosedRange<Double>?, marginless: Bool = false) {
    isLogarithmic = axis.isLogarithmic
    if let range = axis.range, range.lowerBound.isPlottable, range.upperBound.isPlottable,
      !axis.isLogarithmic || range.lowerBound.isPlottableLogarithm
    {
      let isPoint = range.lowerBound == range.upperBound
      domain =
        !axis.isLogarithmic
        ? Self.widened(range, wholeNumbers: axis.isWholeNumbers)
        : isPoint ? (range.lowerBound / 3)...(range.upperBound * 3) : range
      return
    }
    guard var extent else {
      domain = axis.isLogarithmic ? 1...10 : 0...1
      return
    }
    if axis.isLogarithmic {
      let (lower, upper) = (log10(extent.lowerBound), log10(extent.upperBound))
      let margin = upper > lower ? 0.05 * (upper - lower) : 0.5
      domain = pow(10, lower - margin)...pow(10, upper + margin)
      return
    }
    if axis.startsAtZero { extent = min(0, extent.lowerBound)...max(0, extent.upperBound) }
    if axis.startsAtZero && extent == 0...0 { extent = 0...1 }
    let wide = Self.widened(extent, wholeNumbers: axis.isWholeNumbers)
    let margin = marginless ? 0 : 0.05 * (wide.upperBound - wide.lowerBound)
    // An end at zero that the axis was asked to start at needs no room behind it.
    let lower = axis.startsAtZero && wide.lowerBound == 0 ? 0 : wide.lowerBound - margin
    let upper = axis.startsAtZero && wide.upperBound == 0 ? 0 : wide.upperBound + margin
    domain = lower...upper
  }

  /// Where a value lies: 0 at the lower end, 1 at the upper; far outside it stays within 20 lengths.
  package func fraction(_ value: Double) -> Double {
    let (lower, upper) = (domain.lowerBound, domain.upperBound)
    let fraction =
      if isLogarithmic {
        value > 0 ? (log10(value) - log10(lower)) / (log10(upper) - log10(lower)) : -.infinity
      } else {
        (value - lower) / (upper - lower)
      }
    return fraction.clamped(to: -20...20)
  }

  /// Whether a value can be shown on this axis at all.
  func shows(_ value: Double) -> Bool { isLogarithmic ? value.isPlottableLogarithm : value.isPlottable }

  /// A range that is not so narrow that its ticks would need nine digits.
  private static func widened(_ range: ClosedRange<Double>, wholeNumbers: Bool) -> ClosedRange<Double> {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    let largest = max(abs(lower), abs(upper))
    guard upper - lower <= max(1e-5 * largest, 1e-100) else { return range }
    let half = wholeNumbers ? max(1, largest * 1e-4) : largest > 1e-100 ? largest * 0.05 : 0.5
    return (lower - half)...(upper + half)
  }
}

extension Double {
  /// Whether it is a number that a figure can show: finite, and not beyond all measure.
  var isPlottable: Bool { abs(self) <= 1e100 }

  /// Whether a logarithmic axis can show it.
  var isPlottableLogarithm: Bool { self >= 1e-100 && self <= 1e100 }
}
