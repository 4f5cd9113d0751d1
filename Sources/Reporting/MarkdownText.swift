/// A run of text in GitHub-flavoured markdown.
///
/// A literal is markdown as it stands; what is interpolated is plain text and comes out as it went in, whatever
/// characters it holds: `"**\(name)** has \(code: layer)"`.
public struct MarkdownText: Sendable, Equatable {
  /// The markdown, one line or several.
  public let markdown: String

  /// - Parameter markdown: taken as it stands.
  public init(markdown: String) { self.markdown = markdown }

  /// - Parameter plain: comes out as it went in.
  public init(plain: String) { markdown = Self.escaped(plain, startsLine: true) }

  /// A span of code.
  ///
  /// - Parameter code: comes out as it went in, on one line.
  public init(code: String) { markdown = Self.span(code) }

  /// Whether there is nothing to show.
  public var isEmpty: Bool { markdown.isEmpty }

  static func span(_ code: String) -> String {
    let line = code.replacingLineEnds()
    var longest = 0
    var current = 0
    for character in line {
      current = character == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: longest + 1)
    // A space is stripped on each side by the reader, and keeps a backtick at the edge apart from the fence.
    let isPadded = line.hasPrefix("`") || line.hasSuffix("`") || line.isEmpty
    return isPadded ? "\(fence) \(line) \(fence)" : "\(fence)\(line)\(fence)"
  }

  /// Escapes only what a reader would take for markup there, so that the text also reads well unrendered: `N_fg` and
  /// `[0.1, 0.3]` stay as they are.
  static func escaped(_ text: String, startsLine: Bool) -> String {
    let line = text.replacingLineEnds()
    // Spaces at the start of a line show nothing, and four of them would make code of it.
    let characters = Array(startsLine ? String(line.drop { $0 == " " || $0 == "\t" }) : line)
    var escaped = startsLine ? lineStart(characters) : ""
    for (i, character) in characters.enumerated().dropFirst(startsLine ? escaped.count { $0 != "\\" } : 0) {
      let next = i + 1 < characters.count ? characters[i + 1] : nil
      let special =
        switch character {
        case "\\", "`", "*", "~", "$": true
        case "_": !(i > 0 && characters[i - 1].isWordlike && next?.isWordlike ?? false)
        case "<": next.map { $0.isLetter || $0 == "/" || $0 == "!" || $0 == "?" } ?? true
        case "]": next.map { $0 == "(" || $0 == "[" || $0 == ":" } ?? false
        case "&": next.map { $0.isLetter || $0 == "#" } ?? false
        default: false
        }
      if special { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }

  /// The characters at the start of a line that would make a heading, quotation or list of it, escaped.
  private static func lineStart(_ characters: [Character]) -> String {
    guard let first = characters.first else { return "" }
    if first == "#" || first == ">" { return "\\\(first)" }
    if first == "-" || first == "+" {
      // A minus before a number is no list.
      return characters.count < 2 || characters[1] == " " || characters[1] == first ? "\\\(first)" : ""
    }
    let digits = characters.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count < characters.count else { return "" }
    let mark = characters[digits.count]
    guard mark == "." || mark == ")" else { return "" }
    guard digits.count + 1 == characters.count || characters[digits.count + 1] == " " else { return "" }
    return String(digits) + "\\\(mark)"
  }
}

extension Character {
  fileprivate var isWordlike: Bool { isLetter || isNumber }
}

extension String {
  /// The text on one line.
  func replacingLineEnds() -> String {
    var line = ""
    for character in self { line.append(character.isNewline ? " " : character) }
    return line
  }
}

extension MarkdownText: ExpressibleByStringInterpolation {
  /// Markdown pieces put together from literals and interpolations.
  public struct StringInterpolation: StringInterpolationProtocol {
    var markdown = ""

    /// An empty text.
    public init(literalCapacity: Int, interpolationCount: Int) { markdown.reserveCapacity(literalCapacity) }

    /// Appends markdown as it stands.
    public mutating func appendLiteral(_ literal: String) { markdown += literal }

    /// Appends plain text.
    public mutating func appendInterpolation(_ text: String) {
      markdown += MarkdownText.escaped(text, startsLine: markdown.isEmpty || markdown.hasSuffix("\n"))
    }

    /// Appends a whole number with thin separators.
    public mutating func appendInterpolation(_ count: Int) { markdown += NumberFormat.count(count) }

    /// Appends markdown that is finished.
    public mutating func appendInterpolation(_ text: MarkdownText) { markdown += text.markdown }

    /// Appends a span of code.
    public mutating func appendInterpolation(code: String) { markdown += MarkdownText.span(code) }
  }

  /// Markdown from a literal with plain text interpolated.
  public init(stringInterpolation: StringInterpolation) { markdown = stringInterpolation.markdown }

  /// Markdown from a literal.
  public init(stringLiteral: String) { markdown = stringLiteral }
}
