import Plotting
import Testing

@Suite("A heat map")
struct HeatMapTests {
  private func figure(rows: Int, columns: Int, width: Double = 180) -> Figure {
    Figure(width: width, panels: [[.heatMap(Samples.heatMap(rows: rows, columns: columns))]])
  }

  @Test("has row 0 on top and column 0 at the left, whatever its proportions")
  func orientation() throws {
    let values: [[Double?]] = [[0, 0.25, 0.5], [0.75, 1, nil]]
    let map = HeatMap(values: values, range: 0...1, colourBarLabel: "similarity")
    let figure = Figure(width: 85, panels: [[.heatMap(map)]])
    let box = try #require(try figure.scene().rasters.first).box
    let image = try DecodedImage(figure.png(dpi: 144))
    for (row, line) in values.enumerated() {
      for (column, value) in line.enumerated() {
        // A quarter into the cell, away from the printed value.
        let place = Point(
          box.x + (Double(column) + 0.2) * box.width / 3, box.y + (Double(row) + 0.2) * box.height / 2)
        let expected = value.map { ColorScale.viridis.color(at: $0) } ?? ColorScale.unknown
        #expect(image.color(at: place, dpi: 144) == expected, "row \(row), column \(column)")
      }
    }
  }

  @Test("prints its values up to 12 by 12 cells", arguments: [(12, 12, 180.0), (3, 10, 85), (1, 2, 85), (12, 1, 85)])
  func printed(_ rows: Int, _ columns: Int, _ width: Double) throws {
    let texts = try figure(rows: rows, columns: columns, width: width).scene().texts
    let values = (0..<rows * columns).map { NumberText.fixed(Double($0) / Double(rows * columns), 2) }
    for value in Set(values) { #expect(texts.contains { $0.text == value && $0.size <= 7.2 }, "\(value)") }
    #expect(texts.count { $0.size <= 7.2 } == rows * columns)
  }

  @Test("prints none beyond", arguments: [(13, 3), (3, 13)])
  func notPrinted(_ rows: Int, _ columns: Int) throws {
    #expect(try figure(rows: rows, columns: columns).scene().texts.allSatisfy { $0.size > 7.2 })
  }

  @Test("prints nothing where there is no value")
  func unknown() throws {
    let map = HeatMap(values: [[0.5, nil, .nan]], colourBarLabel: "")
    let texts = try Figure(width: 85, panels: [[.heatMap(map)]]).scene().texts
    #expect(texts.filter { $0.size <= 7.2 }.map(\.text) == ["0.50"])
  }

  @Test("has equal limits on a diverging scale, so that zero is white")
  func diverging() throws {
    let map = HeatMap(values: [[-1, 0, 4]], scale: .diverging, colourBarLabel: "difference")
    let raster = try #require(try Figure(width: 85, panels: [[.heatMap(map)]]).scene().rasters.first).raster
    #expect(raster.pixels[1] == Color(hex: 0xF7F6F6))
    #expect(raster.pixels[2] == Color(hex: 0x67001F))
    #expect(raster.pixels[0] == ColorScale.diverging.color(at: 0.375))
  }

  @Test("has a colour bar with its label, the largest value above")
  func colourBar() throws {
    let scene = try figure(rows: 3, columns: 4).scene()
    #expect(scene.texts.contains { $0.text == "debiased CKA" && $0.isVertical })
    let bar = try #require(scene.rasters.last)
    #expect(bar.raster.pixels.first == ColorScale.viridis.color(at: 1))
    let top = try #require(scene.texts.first { $0.text == "1.0" })
    #expect(abs(top.box.midY - bar.box.y) < 1)
  }

  @Test("leaves out numbers of columns that have no room, but turns names")
  func columnLabels() throws {
    let texts = try figure(rows: 20, columns: 60, width: 85).scene().texts.map(\.text)
    #expect(texts.contains("50") && !texts.contains("51"))
    let names = (0..<8).map { "layer\($0).conv" }
    let map = HeatMap(values: [Array(repeating: 1, count: 8)], columnLabels: names, colourBarLabel: "")
    let turned = try Figure(width: 85, panels: [[.heatMap(map)]]).scene().texts.filter { names.contains($0.text) }
    #expect(turned.count == 8 && turned.allSatisfy(\.isVertical))
  }
}
