/// Texts from files and arguments, as a terminal may get them.
///
/// A path, a class or a tensor may have any name. Control characters in it would move the cursor, recolour the screen or
/// hide what follows; characters that turn the direction of writing show another order than is there. All of them are
/// written as escapes here; letters of all languages stay as they are.
public enum VisibleText {
  /// Longer lines of messages are cut: no line of this program's own comes near.
  public static let longestMessage = 4_000
  /// Longer lines of tables and lists are cut: a table of a thousand classes is not.
  public static let longestRow = 100_000
  /// Longer words are cut; the system's longest path is not.
  static let longestWord = 1_000

  /// A text of any number of lines, fit for a terminal: escapes for what is not seen, long words and lines cut.
  ///
  /// Line breaks and tabs stay.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - limit: characters after which a line is cut, with an ellipsis.
  /// - Returns: what may be shown.
  public static func lines(_ text: String, atMost limit: Int = longestMessage) -> String {
    guard text.utf8.count > longestWord || text.unicodeScalars.contains(where: isHidden) else { return text }
    // By scalars: a carriage return before a line break would make one character of both.
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line($0, atMost: limit) }.joined(separator: "\n")
  }

  /// A text of data, such as CSV, of which nothing may be left out: escapes for what is not seen.
  public static func data(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars { append(scalar, to: &shown, escapes: isHidden(scalar)) }
    return shown
  }

  /// A name within a line or a table: line breaks and tabs are escaped too.
  ///
  /// - Parameters:
  ///   - name: any text.
  ///   - limit: characters after which it is cut, with an ellipsis.
  /// - Returns: what may be shown.
  public static func name(_ name: String, atMost limit: Int = 300) -> String {
    var shown = ""
    var count = 0
    for scalar in name.unicodeScalars {
      guard count < limit else { return shown + "…" }
      append(scalar, to: &shown, escapes: isHidden(scalar) || scalar == "\n" || scalar == "\t")
      count += 1
    }
    return shown
  }

  /// Whether a character does something to a terminal instead of being seen: controls of both sets, and those that
  /// change the direction of writing or break lines.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    // Invisible letters, which can carry a text that nobody sees.
    case 0xE0000...0xE007F: true
    default: false
    }
  }

  private static func line(_ text: Substring.UnicodeScalarView, atMost limit: Int) -> String {
    var shown = ""
    var (count, word) = (0, 0)
    for scalar in text {
      word = scalar == " " ? 0 : word + 1
      if word == longestWord + 1 { shown += "…" }
      if word > longestWord { continue }
      guard count < limit else { return shown + "…" }
      append(scalar, to: &shown, escapes: isHidden(scalar))
      count += 1
    }
    return shown
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String, escapes: Bool) {
    guard escapes else { return text.unicodeScalars.append(scalar) }
    let digits = String(scalar.value, radix: 16)
    text += scalar.value < 0x100 ? "\\x" + String(repeating: "0", count: 2 - digits.count) + digits : "\\u{\(digits)}"
  }
}
