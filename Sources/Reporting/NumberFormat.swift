import Foundation
import Statistics

/// Numbers as a report prints them: as many digits as mean something, a true minus sign, thin separators.
public enum NumberFormat {
  /// A number to some significant digits: 0.8123, 12.35, 1.20 × 10⁻⁵.
  ///
  /// - Parameters:
  ///   - value: infinite or not a number is said in words.
  ///   - digits: at least 1.
  /// - Returns: the number without unit.
  public static func significant(_ value: Double, _ digits: Int = 4) -> String {
    guard value.isFinite else { return unusual(value) }
    guard value != 0 else { return "0" }
    let exponent = decimalExponent(value, digits)
    guard (-4..<7).contains(exponent) else {
      return "\(fixed(value / pow(10, Double(exponent)), digits - 1)) × \(powerOfTen(exponent))"
    }
    return fixed(value, max(0, digits - 1 - exponent))
  }

  /// A number with a fixed number of decimals: "−0.50".
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return unusual(value) }
    let text = String(format: "%.\(max(0, decimals))f", value)
    guard text.hasPrefix("-") else { return text }
    let digits = text.dropFirst()
    // What rounds to nothing has no sign.
    return digits.contains { $0 != "0" && $0 != "." } ? "−\(digits)" : String(digits)
  }

  /// A number with its interval, both ending at the second significant digit of the half-width: 0.8123 ± 0.0040.
  ///
  /// An interval whose sides differ from their mean by more than a fifth is given by its ends: 0.812 [0.801, 0.856].
  /// Where two digits would not show on which side of zero it lies, there are more: 0.21 [0.0004, 0.42]. Where a
  /// half-width is less than the value's fifteenth digit, which is rounding, it is 0.
  ///
  /// - Parameters:
  ///   - estimate: without an interval, the value alone.
  ///   - scale: factor on all its numbers, 100 for per cent.
  /// - Returns: the number without unit.
  public static func estimate(_ estimate: Estimate, scale: Double = 1) -> String {
    let value = estimate.value * scale
    guard let lower = estimate.lower.map({ $0 * scale }), let upper = estimate.upper.map({ $0 * scale }),
      value.isFinite, lower.isFinite, upper.isFinite
    else { return significant(value) }
    let half = (upper - lower) / 2
    guard half > 1e-14 * abs(value) else { return "\(significant(value)) ± 0" }
    let largest = decimalExponent(max(abs(value), half), 2)
    let common = (-4..<7).contains(largest) ? 0 : largest
    let factor = pow(10, Double(-common))
    let fewest = max(0, 1 - decimalExponent(half * factor, 2))
    let skew = max(abs(upper - value - half), abs(value - lower - half))
    let isByEnds = skew > half / 5
    // Some ends lie so near to zero that only their own digits would show their side.
    let decimals =
      (fewest..<fewest + mostExtraDecimals).first { decimals in
        let scaled = (value * factor, half * factor, lower * factor, upper * factor)
        return isByEnds
          ? showsSign(scaled.2, decimals) && showsSign(scaled.3, decimals)
          : showsSide(scaled.0, scaled.1, estimate.sign, decimals)
      } ?? fewest
    let number = fixed(value * factor, decimals)
    if isByEnds {
      let ends = "[\(fixed(lower * factor, decimals)), \(fixed(upper * factor, decimals))]"
      return common == 0 ? "\(number) \(ends)" : "\(number) \(ends) × \(powerOfTen(common))"
    }
    let sides = "\(number) ± \(fixed(half * factor, decimals))"
    return common == 0 ? sides : "(\(sides)) × \(powerOfTen(common))"
  }

  private static let mostExtraDecimals = 5

  /// Whether a number that is not zero shows its sign with so many decimals.
  private static func showsSign(_ value: Double, _ decimals: Int) -> Bool {
    value == 0 || fixed(value, decimals).contains { ("1"..."9").contains($0) }
  }

  /// Whether value and half-width, as they are printed, say on which side of zero the interval lies.
  private static func showsSide(_ value: Double, _ half: Double, _ sign: Int, _ decimals: Int) -> Bool {
    let (printed, margin) = (
      Double(String(format: "%.\(decimals)f", value)), Double(String(format: "%.\(decimals)f", half))
    )
    guard let printed, let margin else { return true }
    return sign == 0 ? abs(printed) <= margin : abs(printed) > margin && (printed > 0) == (sign > 0)
  }

  /// The interval alone: "± 0.0040", or "[0.55, 1.00]" where its sides differ; nil without one.
  public static func interval(_ estimate: Estimate) -> String? {
    guard let half = estimate.halfWidth, let error = estimate.error else { return nil }
    if error - half <= half / 5 { return "± \(significant(half, 2))" }
    let text = self.estimate(estimate)
    return text.firstIndex(of: "[").map { String(text[$0...]) }
  }

  /// A share in per cent: "81.2 %".
  public static func percent(_ share: Double, decimals: Int = 1) -> String { "\(fixed(share * 100, decimals)) %" }

  /// A share with its interval in per cent: "81.2 ± 0.4 %".
  public static func percent(_ share: Estimate) -> String { "\(estimate(share, scale: 100)) %" }

  /// A whole number, thousands set apart by thin spaces from five digits on: 5760, 272 474.
  public static func count(_ count: Int) -> String {
    let digits = String(count.magnitude)
    let sign = count < 0 ? "−" : ""
    guard digits.count > 4 else { return sign + digits }
    var grouped = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { grouped += "\u{202F}" }
      grouped.append(digit)
    }
    return sign + grouped
  }

  /// A time in the units that people use: "0.35 s", "42 s", "3 min 12 s", "2 h 05 min".
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return unusual(seconds) }
    if seconds < 9.995 { return "\(significant(seconds, 2)) s" }
    // A time that no clock shows would not fit a whole number either.
    let whole = Int(min(seconds, 1e15).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    let minutes = (whole + 30) / 60
    let rest = String(minutes % 60)
    return "\(count(minutes / 60)) h \(rest.count < 2 ? "0" : "")\(rest) min"
  }

  /// A memory size in binary units: "23.4 GiB".
  public static func bytes(_ bytes: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1023.95, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return "\(fixed(value, unit == 0 ? 0 : 1)) \(units[unit])"
  }

  /// The decimal exponent of the value once it is rounded to that many significant digits: 0.0996 has −1 at two.
  private static func decimalExponent(_ value: Double, _ digits: Int) -> Int {
    let rounded = String(format: "%.\(max(0, digits - 1))e", abs(value))
    return Int(rounded.split(separator: "e").last ?? "0") ?? 0
  }

  private static func powerOfTen(_ exponent: Int) -> String {
    let superscripts: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return "10" + String(String(exponent).map { superscripts[$0] ?? $0 })
  }

  private static func unusual(_ value: Double) -> String {
    value.isNaN ? "undefined" : value > 0 ? "∞" : "−∞"
  }
}
