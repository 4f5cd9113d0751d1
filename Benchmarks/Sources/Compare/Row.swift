import Foundation

/// One line of the table: the engine's values over the rounds, and a reference's.
struct Row {
  /// What a ratio means.
  enum Meaning {
    /// Larger is faster: own / other.
    case rate
    /// Larger is slower: other / own.
    case time
    /// Not a speed: own / other.
    case amount
  }

  let work: String
  let unit: String
  let own: [Double]
  let reference: String
  let other: [Double]
  let meaning: Meaning

  init(
    _ work: String, unit: String, own: [Double], reference: String = "", other: [Double] = [],
    _ meaning: Meaning = .amount
  ) {
    self.work = work
    self.unit = unit
    self.own = own
    self.reference = reference
    self.other = other
    self.meaning = meaning
  }

  /// One ratio for each round.
  var ratios: [Double] { zip(own, other).map { meaning == .time ? $1 / $0 : $0 / $1 } }

  var markdown: String {
    let values = [
      work, "\(figures(Row.median(own))) \(unit)", other.isEmpty ? "" : "\(reference): \(figures(Row.median(other)))",
      Row.spread(ratios),
    ]
    return "| " + values.joined(separator: " | ") + " |"
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    guard !sorted.isEmpty else { return .nan }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Median, with the least and the greatest where there are several.
  private static func spread(_ values: [Double]) -> String {
    guard let least = values.min(), let greatest = values.max() else { return "" }
    let middle = String(format: "%.2f", median(values))
    return values.count == 1 ? middle : middle + String(format: " (%.2f–%.2f)", least, greatest)
  }
}

/// Three significant figures.
func figures(_ value: Double) -> String {
  let size = abs(value)
  return String(format: size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value)
}

/// The table with its notes below.
func markdown(_ rows: [Row], notes: [String]) -> String {
  """
  | work | KDScope | reference | ratio |
  |---|---|---|---|
  \(rows.map(\.markdown).joined(separator: "\n"))

  \(notes.joined(separator: "\n\n"))
  """
}

/// Puts a new table between the marks of a README.
func replaceTable(in file: URL, by text: String) throws {
  let (begin, end) = ("<!-- table: written by ./compare -->\n", "\n<!-- end of table -->")
  let old = try String(contentsOf: file, encoding: .utf8)
  guard let first = old.range(of: begin), let last = old.range(of: end), first.upperBound <= last.lowerBound else {
    throw Children.Failure(description: "\(file.path): there are no marks around a table")
  }
  let new = old.replacingCharacters(in: first.upperBound..<last.lowerBound, with: text)
  try Data(new.utf8).write(to: file, options: .atomic)
}
