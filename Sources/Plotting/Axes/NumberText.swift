import Foundation

/// Numbers as figures print them.
package enum NumberText {
  /// One text per value, all in the same form: fixed decimals, or with one power of ten below 1e-5 and above 1e6.
  ///
  /// - Parameter values: finite.
  /// - Returns: as few decimals as tell the values apart.
  package static func labels(_ values: [Double]) -> [String] {
    let largest = values.map(abs).max() ?? 0
    guard largest > 0 else { return values.map { _ in "0" } }
    guard largest > 1e6 || largest < 1e-5 else { return fixed(values) }
    let exponent = Int(log10(largest).rounded(.down))
    // Negative powers of ten are not exact, and overflow below 1e-308 goes both ways: divide twice.
    let half = pow(10, Double(exponent / 2))
    let mantissas = values.map { $0 / half / pow(10, Double(exponent - exponent / 2)) }
    return zip(values, fixed(mantissas)).map { $0 == 0 ? "0" : "\($1)×\(powerOfTen(exponent))" }
  }

  /// Labels of values that are no multiples of one step, each with its own power of ten beyond the plain range.
  ///
  /// - Parameter values: positive.
  /// - Returns: one text per value.
  package static func logarithmicLabels(_ values: [Double]) -> [String] {
    let isPlain = values.allSatisfy { $0 >= 1e-3 && $0 <= 1e4 }
    return values.map { value in
      if isPlain { return fixed([value])[0] }
      let exponent = Int((log10(value) + 1e-9).rounded(.down))
      let mantissa = (value / pow(10, Double(exponent))).rounded()
      return mantissa == 1 ? powerOfTen(exponent) : "\(Int(mantissa))×\(powerOfTen(exponent))"
    }
  }

  /// A number with a fixed number of decimals, a true minus sign and thin spaces from 10 000 on.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", abs(value))
    let parts = text.split(separator: ".", maxSplits: 1)
    var whole = String(parts[0])
    if whole.count > 4 {
      for offset in stride(from: whole.count - 3, to: 0, by: -3) {
        whole.insert("\u{2009}", at: whole.index(whole.startIndex, offsetBy: offset))
      }
    }
    // What rounds to nothing has no sign.
    let sign = value < 0 && text.contains { $0 != "0" && $0 != "." } ? "−" : ""
    return sign + whole + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// A number by itself, to so many digits.
  package static func significant(_ value: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", value).replacing("-", with: "−")
  }

  /// The least number of decimals, at most 15, that shows every value to a thousandth of the smallest difference.
  package static func decimals(_ values: [Double]) -> Int {
    let sorted = values.sorted()
    let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    let allowed = (gaps.min() ?? abs(sorted.last ?? 0)) / 1000
    return (0..<15).first { decimals in
      let power = pow(10, Double(decimals))
      return values.allSatisfy { abs(($0 * power).rounded() / power - $0) <= allowed }
    } ?? 15
  }

  private static func fixed(_ values: [Double]) -> [String] {
    let decimals = decimals(values)
    return values.map { fixed($0, decimals) }
  }

  private static func powerOfTen(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return "10" + (exponent < 0 ? "⁻" : "")
      + String(String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}
