import Foundation
import Plotting
import Reporting
import Testing

@Suite("A report as a page")
struct HTMLPageTests {
  @Test("has every block, numbered as in markdown, and what is text stays text")
  func blocks() throws {
    let page = try HTMLSamples.report.html(figures: HTMLSamples.figures)
    for part in [
      "<title>A <b> report</title>".replacing("<b>", with: "&lt;b&gt;"), "<h1>A &lt;b&gt; report</h1>",
      "<p>The student is <strong>better</strong>: 1 &amp; 2 <code>a&lt;b</code>.</p>",
      "<strong>Table 1.</strong> Numbers of <code>x&lt;y</code>", "<strong>Table 2.</strong>",
      "<figcaption><strong>Figure 1.</strong> What wide <em>says</em>.</figcaption>", "<strong>Figure 4.</strong>",
      "<h2 id=\"section-1\">More</h2>", "<a href=\"#section-1\">More</a>", "<summary>Every number</summary>",
      "<a href=\"tables/a.csv\">file</a>", "<li>two bad</li>", "<pre><code>a &lt; b\n</code></pre>",
      "<a href=\"figures/absent.png\">what absent is</a>", "<td class=\"n\">0 ± 0.5</td>",
    ] { #expect(page.contains(part), "\(part) is missing") }
    // Figures 1, 2 and 3, the wide one twice: words of a figure are text.
    #expect(page.components(separatedBy: "<svg ").count - 1 == 4)
    #expect(page.components(separatedBy: ">Accuracy</text>").count - 1 == 3 + 3 + 1)
    #expect(page.contains("<title>kd\nepoch: 1\naccuracy: 0.5</title>".replacing("\n", with: "&#10;")))
  }

  @Test("asks the network for nothing")
  func network() throws {
    let report = HTMLSamples.report
    for page in [try report.html(figures: HTMLSamples.figures), try report.slide(figures: HTMLSamples.figures)] {
      #expect(page.contains("default-src 'none'"))
      let sources = page.matches(of: #/(?:src|href)="([^"]{0,40})/#).map { String($0.1) }
      for source in sources where !source.hasPrefix("data:image/png;base64,") && !source.hasPrefix("#") {
        #expect(["tables/a.csv", "figures/absent.png"].contains(source))
      }
    }
  }

  @Test("is the same each time") func deterministic() throws {
    let (first, second) = (
      try HTMLSamples.report.html(figures: HTMLSamples.figures),
      try HTMLSamples.report.html(figures: HTMLSamples.figures)
    )
    #expect(first == second)
  }

  @Test("stays below 2 MB: with many figures they come in one width, and then without values of their marks")
  func size() throws {
    func page(_ count: Int, points: Int, open: Int? = nil) throws -> String {
      let line = Line(
        "kd", points: (0..<points).map { Point(Double($0), Double(($0 * 37) % 101)) }, look: RoleLook.student(0))
      let figure = Plotting.Figure(
        width: 180, panels: [[.chart(Chart(x: Axis("x"), y: Axis("y"), marks: [.line(line)]))]])
      let paths = (0..<count).map { "figures/\($0).png" }
      let blocks = paths.map { Block.figure(ReportFigure(path: $0, alternative: "", caption: "")) }
      let shown = open.map { Array(blocks[..<$0]) + [.details("More", Array(blocks[$0...]))] } ?? blocks
      return try Report(title: "Many", blocks: shown)
        .html(figures: Dictionary(uniqueKeysWithValues: paths.map { ($0, figure) }))
    }
    let (few, more, many) = (try page(2, points: 400), try page(25, points: 400), try page(40, points: 400))
    #expect(few.contains("class=\"drawing narrow\"") && few.contains("x: 7&#10;"))
    #expect(!more.contains("class=\"drawing narrow\"") && more.contains("x: 7&#10;"))
    #expect(!many.contains("class=\"drawing narrow\"") && !many.contains("x: 7&#10;"))
    let folded = try page(40, points: 400, open: 1)
    #expect(folded.components(separatedBy: "x: 7&#10;").count == 2)
    for page in [few, more, many, folded] { #expect(page.utf8.count <= 2_000_000) }
  }

  @Test("gives long tables what sorts and filters them")
  func tables() {
    #expect(HTMLRenderer.element(HTMLSamples.table(rows: 2)).hasPrefix("<table class=\"\">"))
    #expect(HTMLRenderer.element(HTMLSamples.table(rows: 4)).hasPrefix("<table class=\"sorts\">"))
    #expect(HTMLRenderer.element(HTMLSamples.table(rows: 12)).hasPrefix("<table class=\"sorts filters\">"))
  }

  @Test("has a slide of what stands first: sentence, table, figure, sizes")
  func slide() throws {
    let slide = try HTMLSamples.report.slide(figures: HTMLSamples.figures)
    #expect(slide.contains("<h1>The student is <strong>better</strong>"))
    #expect(slide.contains("<footer>3 seeds, 96 images.</footer>"))
    #expect(slide.components(separatedBy: "<svg ").count == 2 && slide.components(separatedBy: "<table").count == 2)
    #expect(slide.contains("size: 1280px 720px"))
    var settings = ReportTable([.init("Setting"), .init("")])
    settings.append(["Data", "part-shapes"])
    let behind = try Report(
      title: "Compared", blocks: [.paragraph("Ranked."), .table(settings), .table(HTMLSamples.table(rows: 4))]
    ).slide(figures: [:])
    #expect(behind.contains("row 3") && !behind.contains("part-shapes"))
    let bare = try Report(title: "Nothing").slide(figures: [:])
    #expect(bare.contains("<h1>Nothing</h1>") && !bare.contains("<table"))
  }
}
