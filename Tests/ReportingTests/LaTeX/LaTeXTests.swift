import Foundation
import Reporting
import Support
import TestSupport
import Testing

@Suite("Tables for LaTeX")
struct LaTeXTests {
  private static var table: ReportTable {
    var table = ReportTable(
      [
        .init("Network"), .init("Accuracy (%)", .right, best: .largest), .init("KL", .right, best: .smallest),
        .init("n", .center),
      ], caption: "Networks of `a_b`, **mean** ± 95 %.", name: "networks")
    table.append(["teacher", "99", "–", "1"])
    table.append(["\("baseline_1 & co")", "56.9 ± 3.7", "0.408", "3"], values: [nil, 56.9, 0.408, nil])
    table.append(["[student]", "63.4 ± 0.9", "0.222", "3"], values: [nil, 63.4, 0.222, nil])
    table.append(["\(code: "kd|2")", "63.4 ± 0.9", "0.5", "3"], values: [nil, 63.41, 0.5, nil])
    return table
  }

  @Test("are booktabs with the best in bold, numbers to the right, and no row that begins with an option")
  func golden() {
    #expect(
      Self.table.latex(label: "networks") == #"""
        % Written by KDScope; needs \usepackage{booktabs}.
        % Bold: the best of its column, be it by chance or not.
        \begin{table}
          \centering
          \caption{Networks of \texttt{a\_b}, \textbf{mean} $\pm$ 95 \%.}
          \label{tab:networks}
          \begin{tabular}{@{}lrrc@{}}
            \toprule
            Network & Accuracy (\%) & KL & n \\
            \midrule
            teacher & 99 & -- & 1 \\
            baseline\_1 \& co & 56.9 $\pm$ 3.7 & 0.408 & 3 \\
            {}[student] & \textbf{\boldmath 63.4 $\pm$ 0.9} & \textbf{\boldmath 0.222} & 3 \\
            \texttt{kd\textbar{}2} & \textbf{\boldmath 63.4 $\pm$ 0.9} & 0.5 & 3 \\
            \bottomrule
          \end{tabular}
        \end{table}

        """#)
  }

  @Test(
    "have every character as it went in",
    arguments: [
      (##"a\b{c}d$e&f#g%h_i^j~k"##, ##"a\textbackslash{}b\{c\}d\$e\&f\#g\%h\_i\textasciicircum{}j\textasciitilde{}k"##),
      ("−0.5 ± 2 × 10⁻⁵", "$-$0.5 $\\pm$ 2 $\\times$ 10$^{-5}$"),
      ("H̄_bg > λ", "$\\bar{H}$\\_bg $>$ $\\lambda$"),
      ("272\u{202F}474, x², w₁₂", "272\\,474, x$^{2}$, w$_{12}$"),
      ("“é” – 中 [0.1, 0.3]", "``é'' -- 中 [0.1, 0.3]"),
    ])
  func characters(_ plain: String, _ expected: String) {
    #expect(LaTeXText.escaped(plain) == expected)
    // By the way of markdown, which escapes in its own manner first.
    #expect(LaTeXText.converted(MarkdownText(plain: plain)) == expected)
  }

  @Test(
    "take markdown's marks where they close, and as they stand where not",
    arguments: [
      ("**H1** is *so* `x_y`", "\\textbf{H1} is \\emph{so} \\texttt{x\\_y}"),
      ("2 * 3 ** 4", "2 * 3 ** 4"), ("a ` b", "a ` b"), ("[text](a/b.md) [0, 1]", "text [0, 1]"),
      ("``a`b``", "\\texttt{a`b}"), ("\\*not\\*", "*not*"), ("**a `b**c` d**", "\\textbf{a \\texttt{b**c} d}"),
    ])
  func markdown(_ markdown: String, _ expected: String) {
    #expect(LaTeXText.converted(MarkdownText(markdown: markdown)) == expected)
  }

  @Test("close every brace and dollar, whatever the text", arguments: 0..<200)
  func balance(_ seed: Int) {
    let pieces = [
      "\\", "{", "}", "$", "%", "&", "_", "^", "~", "±", "λ", "H̄", "⁻", "⁵", "₁", "`", "*", "[", "]", "a", " ",
    ]
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    let text = (0..<24).map { _ -> String in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return pieces[Int(state >> 33) % pieces.count]
    }.joined()
    for latex in [
      LaTeXText.converted(MarkdownText(plain: text)), LaTeXText.converted(MarkdownText(markdown: text)),
    ] {
      var depth = 0
      var dollars = 0
      var isEscaped = false
      for character in latex {
        if isEscaped {
          isEscaped = false
          continue
        }
        switch character {
        case "\\": isEscaped = true
        case "{": depth += 1
        case "}": depth -= 1
        case "$": dollars += 1
        case "%", "&", "#": Issue.record("'\(character)' stands alone in \(latex)")
        default: break
        }
        #expect(depth >= 0)
      }
      #expect(depth == 0 && dollars % 2 == 0 && !isEscaped, "\(latex)")
    }
  }

  @Test("set a column of long texts in lines, and name nobody the best where only one competes")
  func longTexts() {
    var table = ReportTable([.init("Why"), .init("x", .right, best: .largest)], caption: "c")
    table.append(["\(String(repeating: "word ", count: 10))", "1"], values: [nil, 1])
    table.append(["short", "2"])
    let latex = table.latex(label: "t")
    #expect(latex.contains("{@{}p{0.3\\linewidth}r@{}}") && !latex.contains("\\textbf"))
  }

  @Test("that are wider than a page are scaled down to it")
  func wide() {
    var table = ReportTable((0..<12).map { .init("Column \($0)", .right) }, caption: "c")
    table.append((0..<12).map { "\($0) ± 0.1" })
    let latex = table.latex(label: "t")
    #expect(latex.hasPrefix("% Written by KDScope; needs \\usepackage{booktabs} and \\usepackage{graphicx}.\n"))
    #expect(latex.contains("  \\resizebox{\\linewidth}{!}{%\n  \\begin{tabular}"))
    #expect(latex.hasSuffix("  \\end{tabular}}\n\\end{table}\n"))
  }

  @Test("lie beside a report under their names; those of an earlier report go, other files stay")
  func files() throws {
    try withTemporaryDirectory { folder in
      let plain = { (caption: MarkdownText?) in ReportTable([.init("a")], caption: caption) }
      var report = Report(
        title: "T",
        blocks: [.table(Self.table), .details("more", [.table(plain("c")), .table(Self.table)]), .table(plain(nil))])
      try report.write(to: folder.appendingPathComponent("report.md"))
      let tables = folder.appendingPathComponent("tables")
      func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: tables.path).sorted() }
      #expect(try names() == ["networks-2.tex", "networks.tex", "table-2.tex"])
      let text = try String(contentsOf: tables.appendingPathComponent("networks.tex"), encoding: .utf8)
      #expect(text == Self.table.latex(label: "networks"))
      try Data("mine".utf8).write(to: tables.appendingPathComponent("own.tex"))
      report.blocks = [.table(Self.table)]
      try report.write(to: folder.appendingPathComponent("report.md"))
      #expect(try names() == ["networks.tex", "own.tex"])
      // A report without tables makes no folder.
      let other = folder.appendingPathComponent("other/report.md")
      try Report(title: "T").write(to: other)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/other") == ["report.md"])
    }
  }
}
