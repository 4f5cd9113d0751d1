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
    latex(MarkdownSpan.spans(of: text))
  }

  private static func latex(_ spans: [MarkdownSpan]) -> String {
    spans.map { span in
      switch span {
      case .text(let plain): escaped(plain)
      case .code(let code): "\\texttt{\(escaped(code))}"
      case .strong(let inner): "\\textbf{\(latex(inner))}"
      case .emphasis(let inner): "\\emph{\(latex(inner))}"
      case .link(let inner, _): latex(inner)
      }
    }.joined()
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
    "≠": "$\\neq$", "≈": "$\\approx$", "→": "$\\to$", "√": "$\\surd$", "✓": "$\\surd$", "✗": "$\\times$",
    "∑": "$\\sum$", "Σ": "$\\Sigma$", "‖": "$\\|$",
    "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": "\\dots{}", "\u{A0}": "~", "\u{202F}": "\\,",
    "\u{2009}": "\\,", "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\varepsilon$",
    "η": "$\\eta$", "θ": "$\\theta$", "κ": "$\\kappa$", "λ": "$\\lambda$", "μ": "$\\mu$", "ν": "$\\nu$", "π": "$\\pi$",
    "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\varphi$", "χ": "$\\chi$", "ψ": "$\\psi$",
    "ω": "$\\omega$", "Γ": "$\\Gamma$", "Δ": "$\\Delta$", "Θ": "$\\Theta$", "Λ": "$\\Lambda$", "Φ": "$\\Phi$",
    "Ω": "$\\Omega$", "°": "$^\\circ$",
  ]
}
