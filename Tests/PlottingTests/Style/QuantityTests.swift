import Plotting
import Testing

@Suite("A number and its unit")
struct QuantityTests {
  private static let titles = [
    "kd (79 %)", "student: features (100 %), of 1000 images", "mean of 0.53 ± 0.10 points", "−1.5 nats in all",
    "layer3 of 12 epochs", "of 40\u{2009}000 images, 99.5 %",
  ]

  @Test("stand on one line however narrow it is", arguments: titles, [25.0, 30, 40, 60, 90, 140])
  func together(_ text: String, _ limit: Double) throws {
    let meter = try TextMeter()
    for lines in [meter.fitted(text, 9, within: limit), meter.fitted(text, 9, within: limit, maximumLines: 9)] {
      for (line, next) in zip(lines.lines, lines.lines.dropFirst()) where line.last?.isNumber == true {
        let word = next.split(separator: " ").first.map { $0.filter { $0.isLetter || $0 == "%" } } ?? ""
        #expect(!["%", "points", "nats", "epochs", "images"].contains(word), "\(lines.lines)")
      }
    }
  }

  @Test("part from other words as before")
  func others() throws {
    let meter = try TextMeter()
    for text in ["ResNet 20 students", "seed 3 of five", "79 percent", "layer1 %"] {
      let words = text.split(separator: " ").map(String.init)
      #expect(meter.fitted(text, 9, within: meter.width(words[1], 9) + 1, maximumLines: 9).lines.count > 1, "\(text)")
    }
  }

  @Test("are no reason to turn titles of a gallery that has room for both")
  func gallery() throws {
    let cells = [(0..<4).map { _ in Gallery.Cell.heat(rows: 2, columns: 2, values: [0, 1, 2, 3], outline: nil) }]
    let titles = ["untrained (41 %)", "baseline (79 %)", "kd (8 %)", "features (100 %)"]
    let gallery = Gallery(columnTitles: titles, cells: cells, colourBarLabel: "π / nats")
    let texts = try Figure(width: 130, panels: [[.gallery(gallery)]], rowHeight: 44, showsLegend: false).scene().texts
    for share in ["(41 %)", "(79 %)", "(8 %)", "(100 %)"] {
      #expect(texts.contains { $0.text.hasSuffix(share) && !$0.isVertical }, "\(texts.map(\.text))")
    }
  }
}
