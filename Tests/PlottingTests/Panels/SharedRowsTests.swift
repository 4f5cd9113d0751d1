import Plotting
import Testing

@Suite("Panels with the same rows side by side")
struct SharedRowsTests {
  private static let names = (0..<16).map { "layer\($0).conv" }

  private static func map(_ names: [String], title: String = "network's layer") -> Panel {
    .heatMap(
      HeatMap(
        values: names.map { _ in [0.2, 0.4, 0.6] }, rowLabels: names, columnLabels: ["a", "b", "c"],
        rowAxisLabel: title, range: 0...1, colourBarLabel: "CKA"))
  }

  private static func forest(_ names: [String]) -> Panel {
    let rows = names.map { Intervals.Row($0, value: 1, interval: Interval(0, 2)) }
    return .chart(
      Chart(
        x: Axis("difference"), y: Axis(""), marks: [.intervals(Intervals(rows: rows, look: RoleLook.student(0)))]))
  }

  private static let panels: [(kind: String, panel: @Sendable ([String]) -> Panel)] = [
    ("heat maps", { map($0) }), ("forest plots", { forest($0) }),
  ]

  private func count(_ figure: Figure) throws -> [Int] {
    let texts = try figure.scene().texts
    return Self.names.map { name in texts.count { $0.text == name } }
  }

  @Test("name them once, at the left", arguments: panels.indices, [2, 3])
  func once(_ kind: Int, _ count: Int) throws {
    let panel = Self.panels[kind].panel(Self.names)
    let figure = Figure(width: 180, panels: [Array(repeating: panel, count: count)], rowHeight: 90)
    let scene = try figure.scene()
    #expect(try self.count(figure) == Self.names.map { _ in 1 })
    #expect(scene.texts.count { $0.text == "network's layer" } == (kind == 0 ? 1 : 0))
    #expect(scene.texts.filter { $0.text.hasPrefix("layer") }.allSatisfy { $0.box.maxX < 180 / 25.4 * 72 / 3 })
    #expect(scene.texts.allSatisfy { scene.canvas.contains($0.box) })
  }

  @Test("have plots of one width and height, wider than where each names them", arguments: [0, 16], [2, 3, 5])
  func widths(_ longer: Int, _ count: Int) throws {
    // Long names are broken, and take more lines the narrower their panel is.
    let names = Self.names.map { $0 + String(repeating: " a", count: longer) }
    func plots(_ panels: [Panel]) throws -> [Rectangle] {
      try Figure(width: 180, panels: [panels], rowHeight: 90).scene().rasters.filter { $0.raster.width == 3 }
        .map(\.box)
    }
    let shared = try plots(Array(repeating: Self.map(names), count: count))
    #expect(shared.count == count)
    for plot in shared {
      #expect(abs(plot.width - shared[0].width) < 1 && plot.y == shared[0].y && plot.height == shared[0].height)
    }
    let others = try plots((0..<count).map { Self.map(names, title: "\($0)") })
    #expect(others.allSatisfy { $0.width < shared[0].width })
  }

  @Test(
    "align in columns over rows that have as many panels, the last row's empty place too", arguments: panels.indices)
  func columns(_ kind: Int) throws {
    let panel = Self.panels[kind].panel(Self.names)
    let figure = Figure(width: 180, panels: [[panel, panel, panel], [panel, panel, .empty]], rowHeight: 90)
    #expect(try count(figure) == Self.names.map { _ in 2 })
    guard kind == 0 else { return }
    let plots = try figure.scene().rasters.filter { $0.raster.width == 3 }.map(\.box)
    #expect(plots.count == 5)
    for place in 0..<2 { #expect(abs(plots[place].x - plots[3 + place].x) < 1e-9, "column \(place)") }
  }

  @Test("name their own where they differ, and behind another panel", arguments: panels.indices)
  func others(_ kind: Int) throws {
    let panel = Self.panels[kind].panel
    let turned = Figure(width: 180, panels: [[panel(Self.names), panel(Self.names.reversed())]], rowHeight: 90)
    #expect(try count(turned) == Self.names.map { _ in 2 })
    let apart = Figure(width: 180, panels: [[panel(Self.names), .empty, panel(Self.names)]], rowHeight: 90)
    #expect(try count(apart) == Self.names.map { _ in 2 })
    let mixed = Figure(width: 180, panels: [[Self.map(Self.names, title: ""), Self.forest(Self.names)]], rowHeight: 90)
    #expect(try count(mixed) == Self.names.map { _ in 2 })
  }
}
