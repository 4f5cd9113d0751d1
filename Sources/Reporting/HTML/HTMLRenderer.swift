import Plotting

/// Turns blocks into HTML, counting figures and tables as ``MarkdownRenderer`` does.
package struct HTMLRenderer {
  /// How much of a page is there; less where it would be too large.
  enum Detail: CaseIterable {
    /// Figures in the width that they have, and once more for narrow windows.
    case full
    /// Figures in one width.
    case oneWidth
    /// The same, values of marks in what is not folded only.
    case openValues
    /// The same without values of marks.
    case plain
  }

  /// Tables with so many rows can be filtered.
  private static let filtered = 12
  /// Tables with so many rows can be sorted.
  private static let sorted = 3

  private let pictures: [String: Plotting.Figure]
  private let detail: Detail
  private var figures = 0
  private var tables = 0
  /// How many folds surround what is written.
  private var depth = 0
  /// Sections with their places, for the list of contents.
  private(set) var sections: [(place: String, title: String)] = []

  /// - Parameters:
  ///   - pictures: the figures by the paths that a report names.
  ///   - detail: how much of them is there.
  init(_ pictures: [String: Plotting.Figure], _ detail: Detail) {
    self.pictures = pictures
    self.detail = detail
  }

  /// - Throws: ``WorkError`` if a figure cannot be drawn.
  mutating func html(of block: Block) throws -> String {
    switch block {
    case .heading(let level, let text):
      let tag = "h\(max(2, min(6, level)))"
      guard level <= 2 else { return "<\(tag)>\(HTMLText.converted(text))</\(tag)>" }
      sections.append(("section-\(sections.count + 1)", HTMLText.plain(text)))
      return "<\(tag) id=\"section-\(sections.count)\">\(HTMLText.converted(text))</\(tag)>"
    case .paragraph(let text):
      let parts = text.markdown.split(separator: "\n\n").map { MarkdownText(markdown: String($0)) }
      return parts.map { "<p>\(HTMLText.converted($0))</p>" }.joined(separator: "\n")
    case .list(let items):
      return "<ul>\n" + items.map { "<li>\(HTMLText.converted($0))</li>\n" }.joined() + "</ul>"
    case .table(let table):
      return html(of: table)
    case .figure(let figure):
      return try html(of: figure)
    case .details(let summary, let blocks):
      depth += 1
      defer { depth -= 1 }
      let inner = try blocks.map { try html(of: $0) }.joined(separator: "\n")
      return "<details>\n<summary>\(summary.escapedMarkup)</summary>\n\(inner)\n</details>"
    case .code(let text, _):
      return "<pre><code>\(text.escapedMarkup)</code></pre>"
    }
  }

  private mutating func html(of table: ReportTable) -> String {
    var caption = ""
    if let text = table.caption {
      tables += 1
      caption = "<p class=\"caption\"><strong>Table \(tables).</strong> \(HTMLText.converted(text))</p>\n"
    }
    return "\(caption)<div class=\"table\">\(Self.element(table))</div>"
  }

  /// The table alone.
  package static func element(_ table: ReportTable) -> String {
    let kinds =
      (table.rows.count >= sorted ? ["sorts"] : []) + (table.rows.count >= filtered ? ["filters"] : [])
    func cells(_ row: [MarkdownText], _ tag: String) -> String {
      zip(row, table.columns).map { text, column in
        let side = column.alignment == .right ? " class=\"n\"" : column.alignment == .center ? " class=\"c\"" : ""
        return "<\(tag)\(side)>\(HTMLText.converted(text))</\(tag)>"
      }.joined()
    }
    let rows = table.rows.map { "<tr>\(cells($0, "td"))</tr>\n" }.joined()
    return """
      <table class="\(kinds.joined(separator: " "))">
      <thead><tr>\(cells(table.columns.map(\.title), "th"))</tr></thead>
      <tbody>
      \(rows)</tbody>
      </table>
      """
  }

  private mutating func html(of figure: ReportFigure) throws -> String {
    figures += 1
    let caption = """
      <figcaption><strong>Figure \(figures).</strong> \(HTMLText.converted(figure.caption))</figcaption>
      """
    guard let picture = pictures[figure.path] else {
      let path = figure.path.escapedMarkup
      return "<figure><p><a href=\"\(path)\">\(figure.alternative.escapedMarkup)</a></p>\(caption)</figure>"
    }
    let name = "f\(figures)"
    let isNoted = detail != .plain && (detail != .openValues || depth == 0)
    let wide = try picture.svgElement(name: name, label: figure.alternative, isNoted: isNoted)
    let isWide = picture.width > 1.2 * Figure.oneColumn
    // Screens have more room than paper: 5 pixels for each millimetre are 1.3 times the size in print.
    let size = "style=\"max-width:\(Int((picture.width * 5).rounded()))px\""
    // Pictures in a grid do not become fewer: they can be moved along.
    let isGrid = picture.panels.joined().allSatisfy { if case .gallery = $0 { true } else { false } }
    guard isWide else {
      return "<figure class=\"small\"><div class=\"drawing\" \(size)>\n\(wide)\n</div>\(caption)</figure>"
    }
    guard detail == .full, !isGrid else {
      return "<figure><div class=\"drawing moves\" \(size)>\n\(wide)\n</div>\(caption)</figure>"
    }
    let narrow = try picture.arranged(width: Figure.oneColumn)
      .svgElement(name: name + "n", label: figure.alternative, isNoted: isNoted)
    return """
      <figure><div class="drawing wide" \(size)>
      \(wide)
      </div><div class="drawing narrow">
      \(narrow)
      </div>\(caption)</figure>
      """
  }
}
