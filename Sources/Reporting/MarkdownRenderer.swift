/// Turns blocks into markdown, counting figures and tables.
struct MarkdownRenderer {
  private var figures = 0
  private var tables = 0

  mutating func markdown(of block: Block) -> String {
    switch block {
    case .heading(let level, let text):
      return String(repeating: "#", count: max(2, min(6, level))) + " " + text.markdown.replacingLineEnds()
    case .paragraph(let text):
      return text.markdown
    case .list(let items):
      return items.map { "- " + $0.markdown.split(separator: "\n").joined(separator: "\n  ") }.joined(separator: "\n")
    case .table(let table):
      guard let caption = table.caption else { return table.markdown }
      tables += 1
      return "**Table \(tables).** \(caption.markdown)\n\n\(table.markdown)"
    case .figure(let figure):
      figures += 1
      let alternative = MarkdownText.escaped(figure.alternative, startsLine: false)
        .replacing("[", with: "\\[").replacing("]", with: "\\]")
      return "![\(alternative)](\(Self.link(figure.path)))\n\n**Figure \(figures).** \(figure.caption.markdown)"
    case .details(let summary, let blocks):
      // The blank lines let the viewer read markdown inside the HTML element.
      let inner = blocks.map { markdown(of: $0) }.joined(separator: "\n\n")
      return "<details>\n<summary>\(Self.html(summary))</summary>\n\n\(inner)\n\n</details>"
    case .code(let text, let language):
      return Self.fenced(text, language)
    }
  }

  /// A path as the target of a link: bytes that would end it are percent-encoded.
  private static func link(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain =
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._~/=+,@".utf8.contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }

  /// Plain text inside an HTML element.
  private static func html(_ text: String) -> String {
    text.replacingLineEnds().replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static func fenced(_ text: String, _ language: String) -> String {
    var longest = 2
    var current = 0
    for character in text {
      current = character == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
  }
}
