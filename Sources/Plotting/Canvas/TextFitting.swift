extension TextMeter {
  /// The text at its full size, broken where it must.
  package func block(_ text: String, _ size: Double) -> TextBlock {
    TextBlock(lines: Self.paragraphs(text), size: size, meter: self)
  }

  /// The text within a width: a little smaller on one line, or broken between words, then smaller, then broken inside
  /// words, then cut with "…".
  ///
  /// - Parameters:
  ///   - text: line ends in it are kept.
  ///   - size: of the font, in points.
  ///   - limit: the width in points.
  ///   - maximumLines: at least 1.
  ///   - smallest: the size at which words are broken, relative to `size`.
  /// - Returns: no wider than the limit, with no more lines than allowed.
  package func fitted(
    _ text: String, _ size: Double, within limit: Double, maximumLines: Int = 3, smallest: Double = 0.75
  ) -> TextBlock {
    let paragraphs = Self.paragraphs(text)
    guard !paragraphs.isEmpty else { return TextBlock(lines: [], size: size, meter: self) }
    if paragraphs.count == 1, smallest < 1 {
      for factor in [1, 0.95, 0.9] where width(paragraphs[0], size * factor) <= limit {
        return TextBlock(lines: paragraphs, size: size * factor, meter: self)
      }
    }
    for factor in Self.factors(smallest) {
      let lines = paragraphs.flatMap { wrapped($0, size * factor, limit) }
      let block = TextBlock(lines: lines, size: size * factor, meter: self)
      if block.width <= limit && lines.count <= maximumLines { return block }
    }
    return broken(paragraphs, size * smallest, limit, maximumLines)
  }

  /// Several texts within a width, all of one size.
  ///
  /// - Parameters:
  ///   - texts: line ends in them are kept.
  ///   - size: of the font, in points.
  ///   - limit: the width in points.
  ///   - maximumLines: at least 1.
  ///   - smallest: the size at which words are broken, relative to `size`.
  /// - Returns: one block per text.
  package func fitted(
    all texts: [String], _ size: Double, within limit: Double, maximumLines: Int = 3, smallest: Double = 0.75
  ) -> [TextBlock] {
    let factor = Self.factors(smallest).first { factor in
      texts.allSatisfy { fits($0, size * factor, within: limit, maximumLines: maximumLines) }
    }
    return texts.map {
      fitted($0, size * (factor ?? smallest), within: limit, maximumLines: maximumLines, smallest: 1)
    }
  }

  /// Whether the text fits without breaking words or cutting.
  package func fits(_ text: String, _ size: Double, within limit: Double, maximumLines: Int) -> Bool {
    let lines = Self.paragraphs(text).flatMap { wrapped($0, size, limit) }
    return lines.count <= maximumLines && lines.allSatisfy { width($0, size) <= limit }
  }

  private static func factors(_ smallest: Double) -> [Double] {
    Array(stride(from: 1, to: smallest - 0.001, by: -0.05))
  }

  private static func paragraphs(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }.filter { line in line.contains { !$0.isWhitespace } }
  }

  private func wrapped(_ text: String, _ size: Double, _ limit: Double) -> [String] {
    var lines: [String] = []
    for (index, piece) in pieces(text, size, limit).enumerated() {
      // A piece after a hyphen follows without a space.
      let space = index > 0 && piece.isNewWord ? " " : ""
      let longer = (lines.last ?? "") + space + piece.text
      if !lines.isEmpty && width(longer, size) <= limit {
        lines[lines.count - 1] = longer
      } else {
        lines.append(piece.text)
      }
    }
    return lines
  }

  /// What a line may be broken between: words, where a unit stays with its number and a sign with both its sides if
  /// there is room ("H / nats"), and parts of words that end with a hyphen if the word is too long.
  private func pieces(_ text: String, _ size: Double, _ limit: Double) -> [(text: String, isNewWord: Bool)] {
    var words: [String] = []
    var isOpen = false
    for word in Quantity.words(text) {
      let isSign = ["/", "=", "−", "–", "+", "±", "×", "&"].contains(word)
      if isSign || isOpen, let last = words.last, width("\(last) \(word)", size) <= limit {
        words[words.count - 1] = "\(last) \(word)"
      } else {
        words.append(word)
      }
      isOpen = isSign
    }
    return words.flatMap { word -> [(text: String, isNewWord: Bool)] in
      guard width(word, size) > limit else { return [(word, true)] }
      let parts = word.split(separator: "-", omittingEmptySubsequences: false)
      return parts.enumerated().map { index, part in
        (index + 1 < parts.count ? "\(part)-" : String(part), index == 0)
      }.filter { !$0.text.isEmpty }
    }
  }

  private func broken(_ paragraphs: [String], _ size: Double, _ limit: Double, _ maximumLines: Int) -> TextBlock {
    var lines: [String] = []
    for line in paragraphs.flatMap({ wrapped($0, size, limit) }) {
      var piece = ""
      for character in line {
        if !piece.isEmpty && width(piece + String(character), size) > limit {
          lines.append(piece)
          piece = ""
        }
        piece.append(character)
      }
      lines.append(piece)
    }
    if lines.count > maximumLines {
      var last = lines[maximumLines - 1]
      while !last.isEmpty && width(last + "…", size) > limit { last.removeLast() }
      lines = lines.prefix(maximumLines - 1) + [last + "…"]
    }
    return TextBlock(lines: lines, size: size, meter: self)
  }
}
