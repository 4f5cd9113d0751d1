import Foundation
import Plotting
import Reporting
import TestSupport
import Testing

@Suite("The figures of the reports in this repository")
struct ReadabilityTests {
  private static let reports = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }.appendingPathComponent("reports")
  /// Tables that describe figures, by their path there.
  private static let tables: [String] = {
    let files = FileManager.default.enumerator(atPath: reports.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".csv") && $0.contains("figures/") }.sorted()
  }()

  @Test(
    "can be read in one column and in two: no word is broken, no letter smaller than 5 points", arguments: [85.0, 180])
  func words(_ width: Double) throws {
    #expect(!Self.tables.isEmpty)
    for path in Self.tables {
      let url = Self.reports.appendingPathComponent(path)
      guard let figure = try FigureTable.figure(of: url) else { continue }
      let description = try String(
        contentsOf: url.deletingPathExtension().appendingPathExtension("json"), encoding: .utf8)
      let scene = try figure.arranged(width: width).scene()
      #expect(scene.texts.allSatisfy { $0.size >= 5 }, "\(path)")
      let known = Set(Self.words(description.replacing("\\/", with: "/").replacing("\\n", with: " ")))
      for word in scene.texts.flatMap({ Self.words($0.text) }) where word.contains(where: \.isLetter) {
        #expect(known.contains(word), "\(path): '\(word)'")
      }
    }
  }

  /// A text may be broken after a hyphen, and a subscript is a text of its own.
  private static func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace || "\",-:()[]{}_".contains($0) }.map(String.init)
  }
}
