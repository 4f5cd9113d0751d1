/// Text for LaTeX: what markdown says, with LaTeX's own marks, and every character as it went in.
///
/// What has no mark of its own here, such as é or Chinese, stays as it is: LaTeX reads UTF-8.
package enum LaTeXText {
  /// Plain text with all that LaTeX would take for a command escaped.
  package static func escaped(_ text: String) -> String {
    var result = ""
    var raised: (mark: String, digits: String)?
    func close() -> String {
      defer { raised = nil }
      return raised.map { "$\($0.mark){\($0.digits)}$" } ?? ""
    }
    for character in text {
      let script =
        superscripts[character].map { (mark: "^", digit: $0) } ?? subscripts[character].map { (mark: "_", digit: $0) }
      guard let script else {
        result += close() + mark(for: character)
        continue
      }
      if let open = raised, open.mark != script.mark { result += close() }
      raised = (script.mark, (raised?.digits ?? "") + script.digit)
    }
    return result + close()
  }

  /// Markdown's bold, emphasis, code and links as LaTeX has them; a link's address is left out.
  package static func converted(_ text: MarkdownText) -> String {
    var reader = MarkdownReader(text.markdown.replacingLineEnds())
    return reader.latex(until: nil)
  }

  private static func mark(for character: Character) -> String {
    if let mark = marks[character] { return mark }
    // A letter with a combining mark: a mean, an estimate.
    let scalars = Array(character.unicodeScalars)
    if scalars.count == 2, scalars[0].isASCII, let accent = accents[scalars[1]] { return "$\(accent){\(scalars[0])}$" }
    return String(character)
  }

  private static let accents: [Unicode.Scalar: String] = [
    "\u{304}": "\\bar", "\u{302}": "\\hat", "\u{303}": "\\tilde", "\u{307}": "\\dot",
  ]
  private static let superscripts: [Character: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
  ]
  private static let subscripts: [Character: String] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
  ]
  private static let marks: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "\\textbar{}", "\"": "''",
    "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "·": "$\\cdot$", "∞": "$\\infty$", "≤": "$\\leq$", "≥": "$\\geq$",
    "≠": "$\\neq$", "≈": "$\\approx$", "→": "$\\to$", "√": "$\\surd$", "∑": "$\\sum$", "Σ": "$\\Sigma$", "‖": "$\\|$",
    "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": "\\dots{}", "\u{A0}": "~", "\u{202F}": "\\,",
    "\u{2009}": "\\,", "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\varepsilon$",
    "η": "$\\eta$", "θ": "$\\theta$", "κ": "$\\kappa$", "λ": "$\\lambda$", "μ": "$\\mu$", "ν": "$\\nu$", "π": "$\\pi$",
    "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\varphi$", "χ": "$\\chi$", "ψ": "$\\psi$",
    "ω": "$\\omega$", "Γ": "$\\Gamma$", "Δ": "$\\Delta$", "Θ": "$\\Theta$", "Λ": "$\\Lambda$", "Φ": "$\\Phi$",
    "Ω": "$\\Omega$", "°": "$^\\circ$",
  ]
}

/// Reads the markdown that a ``MarkdownText`` holds, character by character.
private struct MarkdownReader {
  private let characters: [Character]
  private var position = 0

  init(_ markdown: String) { characters = Array(markdown) }

  /// The text up to a mark, which is read too, or to the end.
  mutating func latex(until end: String?) -> String {
    var result = ""
    // Neighbouring plain characters belong together: a power has several digits.
    var plain = ""
    func flushed() -> String {
      defer { plain = "" }
      return LaTeXText.escaped(plain)
    }
    while position < characters.count {
      if let end, closes(end, at: position) {
        position += end.count
        return result + flushed()
      }
      let character = characters[position]
      if character == "\\", position + 1 < characters.count, characters[position + 1].isASCIIPunctuation {
        plain.append(characters[position + 1])
        position += 2
      } else if character == "`", let code = code() {
        result += flushed() + "\\texttt{\(LaTeXText.escaped(code))}"
      } else if opens("**") {
        position += 2
        result += flushed() + "\\textbf{\(latex(until: "**"))}"
      } else if opens("*") {
        position += 1
        result += flushed() + "\\emph{\(latex(until: "*"))}"
      } else if character == "[", let text = link() {
        var inner = MarkdownReader(text)
        result += flushed() + inner.latex(until: nil)
      } else {
        plain.append(character)
        position += 1
      }
    }
    return result + flushed()
  }

  private func isMark(_ mark: String, at place: Int) -> Bool {
    // One star of two is none of its own.
    characters[place...].starts(with: mark) && !(mark == "*" && characters[place...].starts(with: "**"))
  }

  /// A mark opens where text follows at once, and closes where text stands at once before.
  private func opens(_ mark: String) -> Bool {
    let start = position + mark.count
    guard isMark(mark, at: position), start < characters.count, !characters[start].isWhitespace else { return false }
    return (start + 1..<max(start + 1, characters.count)).contains { closes(mark, at: $0) }
  }

  private func closes(_ mark: String, at place: Int) -> Bool {
    place > 0 && isMark(mark, at: place) && !characters[place - 1].isWhitespace && characters[place - 1] != "\\"
  }

  private func find(_ mark: String, from start: Int) -> Int? {
    var place = start
    while place + mark.count <= characters.count {
      if characters[place...].starts(with: mark) { return place }
      place += characters[place] == "\\" ? 2 : 1
    }
    return nil
  }

  /// A span of code, read with its fences; nil where they do not close.
  private mutating func code() -> String? {
    let fence = String(characters[position...].prefix { $0 == "`" })
    var place = position + fence.count
    while place < characters.count {
      let run = characters[place...].prefix { $0 == "`" }.count
      if run == fence.count {
        let code = String(characters[position + fence.count..<place])
        position = place + run
        return code.hasPrefix(" ") && code.hasSuffix(" ") && code.count > 2 ? String(code.dropFirst().dropLast()) : code
      }
      place += max(1, run)
    }
    return nil
  }

  /// The text of a link, read with its address; nil where there is none.
  private mutating func link() -> String? {
    guard let middle = find("](", from: position + 1), let end = find(")", from: middle + 2) else { return nil }
    defer { position = end + 1 }
    return String(characters[position + 1..<middle])
  }
}

extension Character {
  fileprivate var isASCIIPunctuation: Bool { isASCII && (isPunctuation || isSymbol) }
}
