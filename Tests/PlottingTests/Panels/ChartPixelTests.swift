import Plotting
import Testing

@Suite("The pixels of a chart")
struct ChartPixelTests {
  private static let dpi = 288.0
  private static let blue = Color(hex: 0x0173B2)
  private static let look = Look(color: blue, marker: .none)

  /// A chart without any text has its plot from 10.9 points on; ticks that are given carry no labels.
  private func render(_ marks: [Mark], x: ClosedRange<Double> = 0...1, y: ClosedRange<Double> = 0...1) throws -> Drawn {
    let chart = Chart(x: Axis("", range: x, ticks: []), y: Axis("", range: y, ticks: []), marks: marks)
    let figure = Figure(width: 85, panels: [[.chart(chart)]], showsLegend: false)
    let scene = try figure.scene()
    let axes = scene.elements.compactMap { element -> [Point]? in
      guard case .shape(let shape) = element, shape.steps.count == 3 else { return nil }
      return shape.steps.compactMap {
        if case .move(let point) = $0 { point } else if case .line(let point) = $0 { point } else { nil }
      }
    }
    let corner = try #require(axes.first)
    let plot = Rectangle(
      x: corner[0].x, y: corner[0].y, width: corner[2].x - corner[0].x, height: corner[2].y - corner[0].y)
    return Drawn(image: try DecodedImage(figure.png(dpi: Self.dpi)), plot: plot)
  }

  private struct Drawn {
    let image: DecodedImage
    let plot: Rectangle

    /// The color at fractions of the plot, y upwards.
    func color(_ x: Double, _ y: Double) -> Color {
      image.color(at: Point(plot.x + x * plot.width, plot.maxY - y * plot.height), dpi: ChartPixelTests.dpi)
    }
  }

  @Test("are white where nothing is, with an axis at the left and below only")
  func axes() throws {
    let drawn = try render([])
    #expect(drawn.color(0.1, 0.1) == .white)
    #expect(drawn.image[0, 0] == .white)
    #expect(drawn.color(0, 0.7) == Color(hex: 0x4D4D4D))
    #expect(drawn.color(0.3, 0) == Color(hex: 0x4D4D4D))
    #expect(drawn.color(1, 0.7) == .white)
    #expect(drawn.color(0.3, 1) == .white)
  }

  @Test("have a line where its points are")
  func line() throws {
    let drawn = try render([.line(Line("a", points: [Point(0, 0.25), Point(1, 0.75)], look: Self.look))])
    for x in [0.1, 0.3, 0.6, 0.9] {
      #expect(drawn.color(x, 0.25 + x / 2) == Self.blue)
      #expect(drawn.color(x, 0.75 - x / 2) == .white || x == 0.5)
    }
  }

  @Test("leave a gap where a point is missing")
  func gap() throws {
    let points = [Point(0, 0.5), Point(0.3, 0.5), Point(0.5, .nan), Point(0.7, 0.5), Point(1, 0.5)]
    let drawn = try render([.line(Line("a", points: points, look: Self.look))])
    #expect(drawn.color(0.2, 0.5) == Self.blue)
    #expect(drawn.color(0.5, 0.5) == .white)
    #expect(drawn.color(0.8, 0.5) == Self.blue)
  }

  @Test("have a translucent band between its ends")
  func band() throws {
    let line = Line(
      "a", points: [Point(0, 0.5), Point(1, 0.5)], band: [Interval(0.4, 0.7), Interval(0.4, 0.7)], look: Self.look)
    let drawn = try render([.line(line)])
    // 18 % of blue over white: 209.3, 229.8, 241.1; cairo may round either way.
    for y in [0.42, 0.6, 0.68] {
      let color = drawn.color(0.5, y)
      #expect(color.red == 209 && (229...230).contains(color.green) && color.blue == 241)
    }
    for y in [0.36, 0.74] { #expect(drawn.color(0.5, y) == .white) }
  }

  @Test("have bars from zero up, or down")
  func bars() throws {
    let bars = Bars(categories: ["", ""], series: [.init("a", values: [0.5, -0.5], look: Self.look)])
    let drawn = try render([.bars(bars)], y: 0.2...1)
    // The data alone would span ±0.5; the range that is asked for is widened to hold the zero line: 0 to 1.
    #expect(drawn.color(0.25, 0.45) == Self.blue)
    #expect(drawn.color(0.25, 0.02) == Self.blue)
    #expect(drawn.color(0.25, 0.55) == .white)
    #expect(drawn.color(0.75, 0.3) == .white)
  }

  @Test("have histograms side by side in their bins")
  func histogram() throws {
    let orange = Look(color: Color(hex: 0xDE8F05), marker: .none)
    let histogram = Histogram(
      edges: [0, 0.5, 1],
      series: [.init("a", counts: [1, 0.5], look: Self.look), .init("b", counts: [0.5, 1], look: orange)])
    let drawn = try render([.histogram(histogram)])
    #expect(drawn.color(0.1, 0.9) == Self.blue)
    #expect(drawn.color(0.4, 0.9) == .white)
    #expect(drawn.color(0.4, 0.4) == orange.color)
    #expect(drawn.color(0.6, 0.4) == Self.blue)
    #expect(drawn.color(0.9, 0.9) == orange.color)
  }

  @Test("have the first row of intervals on top, and a line at zero")
  func intervals() throws {
    let rows = Intervals(
      rows: [
        .init("", value: 0.5, interval: Interval(0.25, 0.75)), .init("", value: -0.5, interval: Interval(-0.75, -0.25)),
      ], look: Self.look)
    let drawn = try render([.intervals(rows)], x: -1...1)
    #expect(drawn.color(0.7, 0.75) == Self.blue)
    #expect(drawn.color(0.3, 0.25) == Self.blue)
    #expect(drawn.color(0.3, 0.75) != Self.blue)
    #expect(drawn.color(0.5, 0.5) == Color(hex: 0x4D4D4D))
  }

  @Test("have no mark outside of the axes")
  func clipping() throws {
    let line = Line("a", points: [Point(-3, -3), Point(3, 3)], look: Look(color: Self.blue, marker: .circle))
    let drawn = try render([.line(line), .points(Points("b", points: [Point(2, 0.5)], look: Self.look))])
    let all = Rectangle(x: 0, y: 0, width: 1000, height: 1000)
    let inside = Rectangle(
      x: drawn.plot.x - 1.2, y: drawn.plot.y - 1.2, width: drawn.plot.width + 2.4, height: drawn.plot.height + 2.4)
    let count = drawn.image.count(Self.blue, in: all, dpi: Self.dpi)
    #expect(count > 1000)
    #expect(drawn.image.count(Self.blue, in: inside, dpi: Self.dpi) == count)
  }
}
