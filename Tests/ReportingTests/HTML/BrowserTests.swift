import Foundation
import Plotting
import Reporting
import TestSupport
import Testing

/// Chromium without a window, where it is installed.
enum Browser {
  static let path = ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Runs the browser on a page.
  ///
  /// - Returns: what it prints.
  static func run(_ arguments: [String], _ page: URL, in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    let general = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    let profile = folder.appendingPathComponent("profile-\(UUID().uuidString)").path
    process.arguments = general + ["--user-data-dir=\(profile)"] + arguments + [page.absoluteString]
    let output = folder.appendingPathComponent("output-\(UUID().uuidString)")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try String(contentsOf: output, encoding: .utf8)
  }
}

@Suite(
  "A page in a browser",
  .enabled(if: Browser.path != nil, "chromium is not installed (Debian: apt-get install chromium)"), .tags(.slow))
struct BrowserTests {
  /// Uses the page as a reader does, and notes what happens.
  private static let use = #"""
    <script>
    addEventListener('load', () => {
      const shown = element => element.getClientRects().length > 0;
      const result = { width: innerWidth, overflow: document.documentElement.scrollWidth - innerWidth };
      const table = document.querySelector('table.sorts');
      const values = () => [...table.tBodies[0].rows].map(row => row.cells[1].textContent.split(' ')[0]).join(' ');
      const button = table.tHead.rows[0].cells[1].querySelector('button');
      button.click();
      result.ascending = values();
      button.click();
      result.descending = values();
      button.click();
      result.original = values();
      const details = document.querySelector('details');
      details.open = true;
      const input = document.querySelector('.filter input');
      input.value = 'ROW 29';
      input.dispatchEvent(new Event('input'));
      result.filtered = document.querySelector('.filter span').textContent;
      result.rows = [...document.querySelectorAll('table.filters tbody tr')].filter(shown).length;
      details.open = false;
      result.wide = shown(document.querySelector('.drawing.wide'));
      result.narrow = shown(document.querySelector('.drawing.narrow'));
      const point = (target, x, y) => {
        const box = target.getBoundingClientRect();
        target.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: box.left + x * box.width,
          clientY: box.top + y * box.height }));
        return document.getElementById('tip').textContent;
      };
      const marks = [...document.querySelectorAll('.drawing g')].filter(shown)
        .filter(group => (group.querySelector(':scope > title') || {}).textContent === 'kd\nepoch: 2\naccuracy: 0.75');
      result.mark = point(marks[0].lastElementChild, 0.5, 0.5);
      details.open = true;
      result.cell = point(document.querySelector('[data-values]'), 0.25, 0.75);
      details.open = false;
      dispatchEvent(new Event('beforeprint'));
      result.unfolded = details.open;
      dispatchEvent(new Event('afterprint'));
      result.folded = !details.open;
      const text = [...document.querySelectorAll('.drawing text')].find(shown);
      const selection = getSelection();
      selection.selectAllChildren(text);
      result.selected = selection.toString();
      document.body.dataset.result = JSON.stringify(result);
    });
    </script>
    """#

  private func used(_ page: String, width: Int, in folder: URL) throws -> [String: Any] {
    let file = folder.appendingPathComponent("page.html")
    try page.replacing("</body>", with: Self.use + "</body>").write(to: file, atomically: true, encoding: .utf8)
    let text = try Browser.run(["--window-size=\(width),900", "--dump-dom"], file, in: folder)
    let found = try #require(text.firstMatch(of: #/data-result="([^"]*)"/#), "the page's script failed")
    let json = String(found.1).replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    return try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test("sorts, filters, tells values, unfolds for print, and fits wide and narrow windows", arguments: [1400, 390])
  func use(_ width: Int) throws {
    try withTemporaryDirectory { folder in
      let result = try used(HTMLSamples.report.html(figures: HTMLSamples.figures), width: width, in: folder)
      #expect(result["overflow"] as? Int == 0, "\(result)")
      #expect(result["ascending"] as? String == "0 1 2 3" && result["descending"] as? String == "3 2 1 0", "\(result)")
      #expect(result["original"] as? String == "0 3 2 1")
      let found = HTMLSamples.table(rows: 300).rows.count { row in
        row.map(\.markdown).joined(separator: " ").contains("29")
      }
      #expect((11..<60).contains(found))
      #expect(result["filtered"] as? String == "\(found) of 300 rows" && result["rows"] as? Int == found, "\(result)")
      #expect(result["wide"] as? Bool == (width > 640) && result["narrow"] as? Bool == (width < 640), "\(result)")
      #expect(result["mark"] as? String == "kd\nepoch: 2\naccuracy: 0.75")
      #expect(result["cell"] as? String == "b\ncolumn 1\nCKA / 1: 0.25")
      #expect(result["unfolded"] as? Bool == true && result["folded"] as? Bool == true)
      #expect((result["selected"] as? String)?.isEmpty == false)
    }
  }

  @Test("prints what is folded, and a slide on one page of 16:9")
  func print() throws {
    func pages(_ html: String, in folder: URL) throws -> (count: Int, text: String) {
      let (file, pdf) = (folder.appendingPathComponent("page.html"), folder.appendingPathComponent("page.pdf"))
      try html.write(to: file, atomically: true, encoding: .utf8)
      _ = try Browser.run(["--no-pdf-header-footer", "--print-to-pdf=\(pdf.path)"], file, in: folder)
      let text = String(decoding: try Data(contentsOf: pdf), as: UTF8.self)
      return (text.matches(of: #//Type /Page\b[^s]/#).count, text)
    }
    try withTemporaryDirectory { folder in
      // 300 rows are folded: shown, they take more pages than all the rest.
      let report = try pages(HTMLSamples.report.html(figures: HTMLSamples.figures), in: folder)
      #expect(report.count >= 6, "\(report.count) pages")
      let slide = try pages(HTMLSamples.report.slide(figures: HTMLSamples.figures), in: folder)
      #expect(slide.count == 1)
      #expect(slide.text.contains("/MediaBox [0 0 960 540]"))
    }
  }
}
