/// A part of a text that is written in one size: the text itself, or a subscript, which is marked as in `N_{fg}`.
struct TextSpan: Equatable {
  let text: String
  let isSubscript: Bool

  /// Of the font, relative to that of the text.
  var scale: Double { isSubscript ? 0.72 : 1 }
  /// How far the baseline lies below that of the text, relative to its font's size.
  var drop: Double { isSubscript ? 0.2 : 0 }

  /// The text without marks, for what cannot be set: "N_fg".
  static func plain(_ text: String) -> String {
    spans(text).map { ($0.isSubscript ? "_" : "") + $0.text }.joined()
  }

  /// The parts of a text in their order; a mark that is not closed is text.
  static func spans(_ text: String) -> [TextSpan] {
    var spans: [TextSpan] = []
    var rest = Substring(text)
    while let start = rest.firstRange(of: "_{"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      if start.lowerBound > rest.startIndex {
        spans.append(TextSpan(text: String(rest[..<start.lowerBound]), isSubscript: false))
      }
      if end > start.upperBound {
        spans.append(TextSpan(text: String(rest[start.upperBound..<end]), isSubscript: true))
      }
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty || spans.isEmpty { spans.append(TextSpan(text: String(rest), isSubscript: false)) }
    return spans
  }
}
