import Plotting

/// Text for HTML: what markdown says, and every character as it went in.
enum HTMLText {
  /// Markdown's bold, emphasis, code and links as HTML has them, on one line.
  static func converted(_ text: MarkdownText) -> String { html(MarkdownSpan.spans(of: text)) }

  /// What a reader sees of a text, without marks.
  static func plain(_ text: MarkdownText) -> String { plain(MarkdownSpan.spans(of: text)) }

  private static func html(_ spans: [MarkdownSpan]) -> String {
    spans.map { span in
      switch span {
      case .text(let plain): plain.escapedMarkup
      case .code(let code): "<code>\(code.escapedMarkup)</code>"
      case .strong(let inner): "<strong>\(html(inner))</strong>"
      case .emphasis(let inner): "<em>\(html(inner))</em>"
      case .link(let inner, let address):
        isSafe(address) ? "<a href=\"\(address.escapedMarkup)\">\(html(inner))</a>" : html(inner)
      }
    }.joined()
  }

  private static func plain(_ spans: [MarkdownSpan]) -> String {
    spans.map { span in
      switch span {
      case .text(let text), .code(let text): text
      case .strong(let inner), .emphasis(let inner), .link(let inner, _): plain(inner)
      }
    }.joined()
  }

  /// Whether an address is a place, rather than a program: a name of a class from a data set may be anything.
  private static func isSafe(_ address: String) -> Bool {
    guard let colon = address.firstIndex(of: ":") else { return true }
    let scheme = address[..<colon]
    return scheme.contains("/") || scheme.contains("#") || ["http", "https", "mailto"].contains(scheme.lowercased())
  }
}
