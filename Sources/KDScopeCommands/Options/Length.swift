import ArgumentParser

/// A length on paper: `85mm`, `8.5cm`, `3.35in`, or millimetres without a unit.
struct Length: ExpressibleByArgument, Equatable {
  /// In millimetres.
  let millimetres: Double

  /// What may be given.
  static let range = 20.0...1000.0

  init?(argument: String) {
    let units = [("mm", 1.0), ("cm", 10), ("in", 25.4)]
    let unit = units.first { argument.hasSuffix($0.0) }
    let digits = argument.dropLast(unit?.0.count ?? 0)
    guard let number = Double(digits.last == " " ? digits.dropLast() : digits), number.isFinite else { return nil }
    millimetres = number * (unit?.1 ?? 1)
    guard Self.range.contains(millimetres) else { return nil }
  }
}
