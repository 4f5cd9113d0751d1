import Foundation

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

extension Double {
  /// The nearest number of a range; NaN gives the lower end.
  func clamped(to range: ClosedRange<Double>) -> Double {
    self > range.upperBound ? range.upperBound : self >= range.lowerBound ? self : range.lowerBound
  }
}
