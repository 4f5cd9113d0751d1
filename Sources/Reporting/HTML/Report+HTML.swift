import Foundation
import Plotting
import Support

extension Report {
  /// A page is no larger than this, in bytes.
  static let largestPage = 2_000_000
  /// A slide shows tables of so many rows, and of so many where they are too wide to stand beside the figure.
  private static let slideRows = (narrow: 10, wide: 4)

  /// The report as one page that needs nothing else: figures drawn in it, tables that sort and filter.
  ///
  /// A page that would be larger than 2 MB has its figures in one width only, then without values of marks: first of
  /// figures that are folded, then of all.
  ///
  /// - Parameter figures: by the paths that the report names; others are linked.
  /// - Returns: the text of an HTML file.
  /// - Throws: ``WorkError`` if a figure cannot be drawn.
  public func html(figures: [String: Plotting.Figure]) throws -> String {
    var page = ""
    for detail in HTMLRenderer.Detail.allCases {
      page = try html(figures, detail)
      if page.utf8.count <= Self.largestPage { break }
    }
    return page
  }

  /// The opening as one page of 16:9 to project: the first paragraph as title, the first figure, the first captioned
  /// table unless it is long, and the paragraph after the figure.
  ///
  /// - Parameter figures: by the paths that the report names.
  /// - Returns: the text of an HTML file.
  /// - Throws: ``WorkError`` if the figure cannot be drawn.
  public func slide(figures: [String: Plotting.Figure]) throws -> String {
    let opening = ReportOpening(self, figures)
    // Nobody reads a long table on a wall: the figure is enough.
    let shown = opening.table.flatMap { table in
      let most = table.columns.count > 5 ? Self.slideRows.wide : Self.slideRows.narrow
      return opening.figure == nil || table.rows.count <= most ? table : nil
    }
    let table = shown.map { "<div class=\"words\">\(HTMLRenderer.element($0))</div>\n" } ?? ""
    let isStacked = (shown?.columns.count ?? 0) > 5
    let room = isStacked ? (315.0, 62.0) : shown == nil ? (315, 118) : (178, 118)
    let drawing = try opening.figure.map { figure, name in
      "<div class=\"drawing\">\(try figure.slideElement(room, label: name))</div>\n"
    }
    let content = isStacked ? (drawing ?? "") + table : table + (drawing ?? "")
    return HTMLPage.document(
      title: HTMLText.plain(title), style: HTMLStyle.slide, script: HTMLScript.slide,
      body: """
        <div class="slide">
        <h1>\(HTMLText.converted(opening.sentence ?? title))</h1>
        <div class="content\(isStacked ? " stacked" : "")">
        \(content)</div>
        <footer>\(opening.sizes.map { HTMLText.converted($0) } ?? HTMLText.converted(title))</footer>
        </div>
        """)
  }

  private func html(_ figures: [String: Plotting.Figure], _ detail: HTMLRenderer.Detail) throws -> String {
    var renderer = HTMLRenderer(figures, detail)
    let content = try blocks.map { try renderer.html(of: $0) }.joined(separator: "\n")
    let contents = renderer.sections.map { "<a href=\"#\($0.place)\">\($0.title.escapedMarkup)</a>\n" }.joined()
    return HTMLPage.document(
      title: HTMLText.plain(title), style: HTMLStyle.page, script: HTMLScript.page,
      body: """
        <div class="page">
        <nav aria-label="Contents">
        \(contents)</nav>
        <main>
        <h1>\(HTMLText.converted(title))</h1>
        \(content)
        </main>
        </div>
        """)
  }
}

/// What a report says first.
struct ReportOpening {
  private(set) var sentence: MarkdownText?
  private(set) var table: ReportTable?
  private(set) var figure: (figure: Plotting.Figure, name: String)?
  /// What stands after the figure, in the same section.
  private(set) var sizes: MarkdownText?
  private var hasEnded = false

  /// - Parameters:
  ///   - report: is read from the beginning, folded parts too.
  ///   - figures: by the paths that the report names.
  init(_ report: Report, _ figures: [String: Plotting.Figure]) { read(report.blocks, figures) }

  private mutating func read(_ blocks: [Block], _ figures: [String: Plotting.Figure]) {
    for block in blocks {
      switch block {
      case .paragraph(let text):
        if sentence == nil {
          sentence = text
        } else if figure != nil, sizes == nil, !hasEnded {
          sizes = text
        }
      case .table(let found):
        // What has no caption are settings.
        if table == nil || table?.caption == nil && found.caption != nil { table = found }
      case .figure(let found):
        if figure == nil { figure = figures[found.path].map { ($0, found.alternative) } }
      case .details(_, let inner): read(inner, figures)
      case .heading: hasEnded = figure != nil
      case .list, .code: break
      }
    }
  }
}

extension Plotting.Figure {
  /// The figure for a slide of 338.7 mm, its panels in the rows that leave most texts and these largest: where panels are
  /// flat, names of rows fall away.
  ///
  /// - Parameters:
  ///   - room: in millimetres.
  ///   - label: what the figure is, for those who cannot see it.
  /// - Returns: an element `svg`.
  /// - Throws: ``WorkError`` if there is not enough memory.
  fileprivate func slideElement(_ room: (width: Double, height: Double), label: String) throws -> String {
    let (width, height) = room
    let count = panels.joined().count { $0 != .empty }
    var best: (figure: Plotting.Figure, size: Double)?
    for columns in 1...max(1, min(5, count)) {
      let rows = Double((count + columns - 1) / columns)
      // The legend takes some of the height.
      let figure = try arranged(for: .talk, width: width, rowHeight: 0.85 * height / rows, columns: columns)
      let scene = try figure.scene(scale: .talk)
      let shrunk = min(1, height / (scene.size.height / 72 * 25.4))
      let size = (scene.texts.map(\.size).min() ?? 0) * shrunk * Double(scene.texts.count)
      if size > best?.size ?? -1 { best = (figure, size) }
    }
    return try (best?.figure ?? self).svgElement(scale: .talk, name: "slide", label: label)
  }
}

/// A file of HTML that asks the network for nothing.
enum HTMLPage {
  /// - Parameters:
  ///   - title: plain.
  ///   - style: how it looks.
  ///   - script: what it does.
  ///   - body: finished HTML.
  /// - Returns: the whole file.
  static func document(title: String, style: String, script: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="KDScope">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'">
    <title>\(title.escapedMarkup)</title>
    <style>
    \(style)</style>
    </head>
    <body>
    \(body)
    <script>
    \(script)</script>
    </body>
    </html>

    """
  }
}
