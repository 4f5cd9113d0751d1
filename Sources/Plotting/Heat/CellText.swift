import Foundation

/// How a heat map prints its values: all with the same decimals, three digits for the largest.
struct CellText {
  private let decimals: Int
  private let exponent: Int

  /// - Parameter values: all that may be printed, finite.
  init(_ values: [Double]) {
    let largest = values.map(abs).max() ?? 0
    let magnitude = largest > 0 ? Int(log10(largest).rounded(.down)) : 0
    // Counts stay counts, and what is far from 1 is given as a multiple of a power of ten.
    let areWhole = values.allSatisfy { $0 == $0.rounded() } && largest < 1e4
    exponent = magnitude >= 5 || magnitude <= -4 ? magnitude : 0
    decimals = areWhole ? 0 : max(0, 2 - max(0, magnitude - exponent)) + max(0, exponent == 0 ? -magnitude - 1 : 0)
  }

  func text(_ value: Double) -> String {
    guard exponent != 0 else { return NumberText.fixed(value, decimals) }
    return String(format: "%.1e", value).replacing("e-0", with: "e-").replacing("e+0", with: "e")
      .replacing("e+", with: "e").replacing("-", with: "−")
  }
}
