import Plotting
import Testing

@Suite("Rows with notes and grounds")
struct RowNotesTests {
  private static let figure = Figure(
    width: 180,
    panels: [
      [
        .chart(
          Chart(
            x: Axis("difference", range: -2...2), y: Axis(""),
            marks: [
              .intervals(
                Intervals(
                  rows: [
                    .init("first", value: 1, interval: Interval(0, 2), shaded: .above, note: "✓ 1.0 ± 1.0 points"),
                    .init("second", value: -1, interval: Interval(-2, 0), shaded: .below, note: "? −1.0"),
                    .init("third", value: 0, interval: .unknown),
                  ], look: RoleLook.student(0)))
            ]))
      ]
    ], rowHeight: 40)

  @Test("have each note at the right of its row, outside of the plot")
  func notes() throws {
    let scene = try Self.figure.scene()
    let edge = try #require(scene.fills.map(\.box.maxX).max())
    func run(_ text: String) throws -> TextRun { try #require(scene.texts.first { $0.text == text }, "\(text)") }
    for (label, note) in [("first", "✓ 1.0 ± 1.0 points"), ("second", "? −1.0")] {
      let (left, right) = (try run(label), try run(note))
      #expect(abs(left.box.midY - right.box.midY) < 3)
      #expect(right.box.x > edge, "the note begins behind the plot")
      #expect(right.box.maxX <= scene.size.width)
    }
  }

  @Test("have the ground of each on its own side of zero, of equal width and height")
  func grounds() throws {
    let grounds = try Self.figure.scene().fills.filter { $0.color == Color(hex: 0xF0F3E6) }.map(\.box)
    #expect(grounds.count == 2)
    guard grounds.count == 2 else { return }
    #expect(abs(grounds[0].x - grounds[1].maxX) < 1e-9, "both begin at zero")
    #expect(abs(grounds[0].width - grounds[1].width) < 1e-9)
    #expect(abs(grounds[0].maxY - grounds[1].y) < 1e-9, "one row below the other")
  }
}

extension Scene {
  /// The rectangles that are filled, in drawing order.
  fileprivate var fills: [(color: Color, box: Rectangle)] {
    elements.compactMap { element in
      guard case .shape(let shape) = element, let fill = shape.fill else { return nil }
      let points = shape.steps.compactMap { step -> Point? in
        switch step {
        case .move(let point), .line(let point): point
        case .circle, .close: nil
        }
      }
      guard points.count == 4 else { return nil }
      let (x, y) = (points.map(\.x), points.map(\.y))
      guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else { return nil }
      return (fill.color, Rectangle(x: left, y: top, width: right - left, height: bottom - top))
    }
  }
}
