/// A number with its unit in a text: a line that ends between them shows a number of nothing.
enum Quantity {
  /// What figures count and measure in.
  private static let units: Set<String> = [
    "%", "point", "points", "nat", "nats", "bit", "bits", "ns", "µs", "ms", "s", "min", "h", "mm", "pt", "px", "dpi",
    "B", "kB", "KiB", "MB", "MiB", "GB", "GiB", "epoch", "epochs", "step", "steps", "image", "images", "seed", "seeds",
    "cell", "cells", "class", "classes", "pair", "pairs",
  ]

  /// The words of a text on one line, each unit together with its number.
  static func words(_ text: String) -> [String] {
    var previous = ""
    return text.split(separator: " ").reduce(into: []) { words, word in
      let word = String(word)
      if isUnit(word, behind: previous), let last = words.last {
        words[words.count - 1] = "\(last) \(word)"
      } else {
        words.append(word)
      }
      previous = word
    }
  }

  /// Whether a word is the unit of the number before it.
  ///
  /// - Parameters:
  ///   - word: may have brackets and commas behind it: "%),".
  ///   - previous: may have brackets and signs before it: "(±0.5".
  /// - Returns: false where either is something else.
  private static func isUnit(_ word: String, behind previous: String) -> Bool {
    var unit = Substring(word)
    while let last = unit.last, ")],.;:".contains(last) { unit.removeLast() }
    let number = previous.drop { "([~≈<>≤≥±+−-".contains($0) }
    return units.contains(String(unit)) && number.first?.isNumber == true
      && number.allSatisfy { $0.isNumber || ".,\u{2009}×/⁻".contains($0) }
  }
}
