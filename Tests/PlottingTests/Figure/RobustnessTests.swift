import Plotting
import Testing

@Suite("Figures of unusual data")
struct RobustnessTests {
  private static let strange: [Double] = [
    .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 0, -0.0, 1,
  ]
  private static let look = RoleLook.student(0)

  private static let points = strange.flatMap { x in strange.map { Point(x, $0) } }
  private static let intervals = strange.flatMap { x in strange.map { Interval(x, $0) } }

  private static let marks: [[Mark]] = [
    [],
    [.line(Line("a", points: [], look: look))],
    [.line(Line("a", points: points, look: look))],
    [.line(Line("a", points: points, band: intervals, look: look))],
    [.line(Line("a", points: [Point(1, 1)], band: [Interval(1, 1)], look: look))],
    [.points(Points("a", points: points, errors: intervals, look: look))],
    [.points(Points("a", points: [Point(.nan, .nan)], look: look))],
    [.bars(Bars(categories: [], series: []))],
    [.bars(Bars(categories: ["a", ""], series: []))],
    [.bars(Bars(categories: strange.map { "\($0)" }, series: [.init("a", values: strange, look: look)]))],
    [.intervals(Intervals(rows: [], look: look))],
    [.intervals(Intervals(rows: zip(points, intervals).map { .init("", value: $0.x, interval: $1) }, look: look))],
    [.histogram(Histogram(edges: [], series: []))],
    [.histogram(Histogram(edges: [0], series: [.init("a", counts: [], look: look)]))],
    [
      .histogram(
        Histogram(edges: [0, 1, 2], series: [.init("a", counts: [.nan, .infinity], look: look)], style: .steps))
    ],
    strange.map { .horizontalRule($0, label: "a") } + strange.map { .verticalRule($0, label: "\n") },
  ]

  @Test("are drawn all the same", arguments: marks.indices, [false, true])
  func charts(_ index: Int, _ isLogarithmic: Bool) throws {
    let axis = Axis("x", isLogarithmic: isLogarithmic)
    for y in [axis, Axis("", range: 0 ... .infinity), Axis("", range: 2...2, ticks: [Tick(.nan, "?"), Tick(2, "2")])] {
      let chart = Chart(title: "\u{0}\n", x: axis, y: y, marks: Self.marks[index])
      _ = try Figure(width: 30, panels: [[.chart(chart)]], rowHeight: 20).png(dpi: 50)
    }
  }

  @Test("show axes and say 'no data' where there is none", arguments: [0, 1, 6, 7, 10, 12, 13, 14])
  func noData(_ index: Int) throws {
    let chart = Chart(x: Axis("epoch"), y: Axis("loss / nats"), marks: Self.marks[index])
    let texts = try Figure(width: 85, panels: [[.chart(chart)]]).scene().texts.map(\.text)
    #expect(Set(texts) == ["epoch", "loss / nats", "no data"])
  }

  @Test("do not say 'no data' where there is some")
  func data() throws {
    #expect(try !Figure(width: 85, panels: [[.chart(Samples.curves)]]).scene().texts.contains { $0.text == "no data" })
  }

  @Test("may be matrices of nothing")
  func heatMaps() throws {
    for values: [[Double?]] in [[], [[]], [[nil]], [[.nan, .infinity]], [[1e300, -1e300]], [[2, 2]]] {
      for scale in [ColorScale.viridis, .diverging] {
        let map = HeatMap(values: values, scale: scale, colourBarLabel: "")
        _ = try Figure(width: 30, panels: [[.heatMap(map)]], rowHeight: 20).png(dpi: 50)
      }
    }
  }

  @Test("may be galleries of nothing")
  func galleries() throws {
    let cells: [[[Gallery.Cell]]] = [
      [], [[]], [[.blank]], [[.heat(rows: 1, columns: 2, values: [.nan, .infinity]), .blank]],
      [[.heat(rows: 1, columns: 1, values: [3], outline: .init(width: 1, height: 1, isInside: [true]))]],
    ]
    for cells in cells {
      let gallery = Gallery(cells: cells, colourBarLabel: "")
      _ = try Figure(width: 30, panels: [[.gallery(gallery), .empty]]).png(dpi: 50)
      _ = try Figure(width: 30, panels: [[.gallery(gallery)]]).png(dpi: 50)
    }
  }

  @Test("stop the program where the counts of an argument do not fit")
  func counts() async {
    await #expect(processExitsWith: .failure) {
      _ = Line("a", points: [Point(0, 0)], band: [.unknown, .unknown], look: RoleLook.teacher)
    }
    await #expect(processExitsWith: .failure) {
      _ = Gallery(cells: [[.image(width: 2, height: 2, rgb: [1, 2, 3])]], colourBarLabel: "")
    }
    await #expect(processExitsWith: .failure) { _ = HeatMap(values: [[1, 2], [3]], colourBarLabel: "") }
  }
}
