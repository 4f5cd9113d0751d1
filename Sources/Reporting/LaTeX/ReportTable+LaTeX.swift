extension ReportTable {
  /// How every file begins, by which it is known.
  static let latexMark = "% Written by KDScope; needs \\usepackage{booktabs}"
  /// Texts longer than this are set in lines of a paragraph.
  private static let longText = 40
  /// How many characters fit beside each other; a wider table is scaled down.
  private static let widestLine = 90

  /// The table in LaTeX, for `booktabs`: numbers to the right, the best of a column in bold.
  ///
  /// - Parameter label: what the text refers to, without `tab:`.
  /// - Returns: a `table` environment with the caption, ending in a line break.
  package func latex(label: String) -> String {
    let best = columns.indices.map(bestRows)
    let lines = rows.indices.map { row in
      columns.indices.map { column in
        let text = LaTeXText.converted(rows[row][column])
        return best[column].contains(row) ? "\\textbf{\\boldmath \(text)}" : text
      }
    }
    let titles = columns.map { LaTeXText.converted($0.title) }
    let isWide = width > Self.widestLine
    var text = Self.latexMark + (isWide ? " and \\usepackage{graphicx}" : "") + ".\n"
    if best.contains(where: { !$0.isEmpty }) { text += "% Bold: the best of its column, be it by chance or not.\n" }
    text += "\\begin{table}\n  \\centering\n"
    if let caption { text += "  \\caption{\(LaTeXText.converted(caption))}\n" }
    text +=
      "  \\label{tab:\(label)}\n" + (isWide ? "  \\resizebox{\\linewidth}{!}{%\n" : "")
      + "  \\begin{tabular}{@{}\(columns.indices.map(specification).joined())@{}}\n"
    text += "    \\toprule\n    \(Self.line(titles))\n    \\midrule\n"
    text += lines.map { "    \(Self.line($0))\n" }.joined()
    return text + "    \\bottomrule\n  \\end{tabular}\(isWide ? "}" : "")\n\\end{table}\n"
  }

  /// About how many characters stand beside each other.
  private var width: Int {
    columns.indices.reduce(0) { sum, column in
      let longest = ([columns[column].title] + rows.map { $0[column] }).map(\.markdown.count).max() ?? 0
      return sum + min(longest, Self.longText) + 2
    }
  }

  private func specification(_ column: Int) -> String {
    switch columns[column].alignment {
    case .right: "r"
    case .center: "c"
    case .left:
      rows.contains { $0[column].markdown.count > Self.longText } ? "p{0.3\\linewidth}" : "l"
    }
  }

  private static func line(_ cells: [String]) -> String {
    // After the end of a row LaTeX takes a bracket or star for an option of it.
    let start = cells[0].hasPrefix("[") || cells[0].hasPrefix("*") ? "{}" : ""
    return start + cells.joined(separator: " & ") + " \\\\"
  }

  /// The rows whose number is the best of the column, as far as the printed digits tell.
  private func bestRows(_ column: Int) -> Set<Int> {
    guard let direction = columns[column].best else { return [] }
    let known = rows.indices.compactMap { row in values[row][column].map { (row: row, value: $0) } }
      .filter { $0.value.isFinite }
    // One number alone is no winner.
    guard known.count > 1 else { return [] }
    let winner = known.max { direction == .largest ? $0.value < $1.value : $0.value > $1.value }
    guard let winner else { return [] }
    let printed = rows[winner.row][column]
    return Set(known.filter { $0.value == winner.value || rows[$0.row][column] == printed }.map(\.row))
  }
}
