import Foundation
import Reporting
import Statistics
import Support
import Testing

@Suite("A report")
struct ReportTests {
  @Test("is GitHub-flavoured markdown, figures and captioned tables numbered")
  func rendering() {
    var table = ReportTable(
      [.init("Network"), .init("Accuracy", .right), .init("n", .center)], caption: "The networks.")
    table.append(["a|b", "0.8", "3"])
    table.append(["\(code: "x|y") and \\| once", "10.25", "12"])
    let figure = ReportFigure(path: "figures/λ over epochs (b).png", alternative: "λ [curves]", caption: "It *rises*.")
    let report = Report(
      title: "A \("<b>") report",
      blocks: [
        .heading(2, "Verdicts"), .paragraph("**H1** is supported."), .table(table), .figure(figure), .figure(figure),
        .list(["one", "two\nlines"]), .details("More & <more>", [.paragraph("inside")]),
        .code("a: 1\n```\n", language: "yaml"),
      ])
    #expect(
      report.markdown == """
        # A \\<b> report

        ## Verdicts

        **H1** is supported.

        **Table 1.** The networks.

        | Network            | Accuracy | n   |
        | ------------------ | -------: | :-: |
        | a\\|b               |      0.8 | 3   |
        | `x\\|y` and \\| once |    10.25 | 12  |

        ![λ \\[curves\\]](figures/%CE%BB%20over%20epochs%20%28b%29.png)

        **Figure 1.** It *rises*.

        ![λ \\[curves\\]](figures/%CE%BB%20over%20epochs%20%28b%29.png)

        **Figure 2.** It *rises*.

        - one
        - two
          lines

        <details>
        <summary>More &amp; &lt;more&gt;</summary>

        inside

        </details>

        ````yaml
        a: 1
        ```
        ````

        """)
  }

  @Test("shows a tidy table with units and formatted numbers")
  func tidy() {
    var table = Table([
      .init("role", .text, "Which."), .init("images", .integer, "How many."),
      .init("entropy", .number, unit: "nats", "Kept."),
    ])
    table.append(["student_1", 12_345, -1.23456])
    table.append([nil, 2, nil])
    let report = Report(title: "T", blocks: [.table(ReportTable(table))])
    let lines = report.markdown.split(separator: "\n").map(String.init)
    #expect(lines[1] == "| role      | images | entropy (nats) |")
    #expect(lines[2] == "| --------- | -----: | -------------: |")
    #expect(lines[3] == "| student_1 | 12\u{202F}345 |         −1.235 |")
    #expect(lines[4] == "| –         |      2 |              – |")
  }

  @Test("refuses figures outside its folder", arguments: ["/tmp/x.png", "../x.png", "figures/../../x.png"])
  func outside(_ path: String) async {
    await #expect(processExitsWith: .failure) { [path] in
      _ = ReportFigure(path: path, alternative: "", caption: "")
    }
  }

  @Test("is written whole into a folder that it makes, or not at all")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("a/b/report.md")
    let report = Report(title: "Naïve ± 1", blocks: [.paragraph("x")])
    try report.write(to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == report.markdown)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b") == ["report.md"])
    // A file stands where the folder should be.
    let blocked = url.appendingPathComponent("report.md")
    let error = #expect(throws: InputError.self) { try report.write(to: blocked) }
    let line = "the folder cannot be made (Not a directory); choose a folder you may write to with --out"
    #expect(error?.description == "\(url.path): \(line)")
  }
}
