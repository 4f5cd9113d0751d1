extension TextMeter {
  /// The text at its full size, broken where it must.
  package func block(_ text: String, _ size: Double) -> TextBlock {
    TextBlock(lines: Self.paragraphs(text), size: size, meter: self)
  }

  /// The text within a width: broken between words, then smaller, then broken inside words, then cut with "…".
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
    var factor = 1.0
    while factor >= smallest {
      let lines = paragraphs.flatMap { wrapped($0, size * factor, limit) }
      let block = TextBlock(lines: lines, size: size * factor, meter: self)
      if block.width <= limit && lines.count <= maximumLines { return block }
      factor -= 0.05
    }
    return broken(paragraphs, size * smallest, limit, maximumLines)
  }

  /// Whether the text fits without breaking words or cutting.
  package func fits(_ text: String, _ size: Double, within limit: Double, maximumLines: Int) -> Bool {
    let lines = Self.paragraphs(text).flatMap { wrapped($0, size, limit) }
    return lines.count <= maximumLines && lines.allSatisfy { width($0, size) <= limit }
  }

  private static func paragraphs(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }.filter { line in line.contains { !$0.isWhitespace } }
  }

  private func wrapped(_ text: String, _ size: Double, _ limit: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if line.isEmpty || width(longer, size) <= limit {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
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
