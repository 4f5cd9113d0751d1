import Plotting
import Testing

@Suite("A gallery")
struct GalleryTests {
  @Test("shows images by nearest neighbour, width and height as they are")
  func image() throws {
    // Three pixels wide, two high, all different.
    let colors: [UInt32] = [0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0x00FFFF, 0xFF00FF]
    let rgb = colors.flatMap { [UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
    let gallery = Gallery(cells: [[.image(width: 3, height: 2, rgb: rgb)]], colourBarLabel: "")
    let figure = Figure(width: 30, panels: [[.gallery(gallery)]])
    let box = try #require(try figure.scene().rasters.first).box
    #expect(abs(box.width / box.height - 1.5) < 1e-9)
    let image = try DecodedImage(figure.png(dpi: 144))
    let pixel = box.width / 3
    for (index, color) in colors.enumerated() {
      let corner = Point(box.x + Double(index % 3) * pixel, box.y + Double(index / 3) * pixel)
      let inner = Rectangle(x: corner.x + 1, y: corner.y + 1, width: pixel - 2, height: pixel - 2)
      // Sharp to the edge: every pixel well inside has the very colour.
      let expected = image.count(Color(hex: color), in: inner, dpi: 144)
      #expect(expected >= Int(inner.width * 2) * Int(inner.height * 2), "pixel \(index)")
    }
  }

  @Test("shows all heats in one scale, with one colour bar")
  func scale() throws {
    let heats = [Gallery.Cell.heat(rows: 1, columns: 2, values: [0, 1]), .heat(rows: 1, columns: 2, values: [1, 2])]
    let gallery = Gallery(cells: [heats], colourBarLabel: "entropy per cell / nats")
    let scene = try Figure(width: 85, panels: [[.gallery(gallery)]]).scene()
    #expect(scene.rasters.count == 3)
    #expect(scene.rasters[0].raster.pixels == [0, 0.5].map { ColorScale.viridis.color(at: $0) })
    #expect(scene.rasters[1].raster.pixels == [0.5, 1].map { ColorScale.viridis.color(at: $0) })
    #expect(scene.texts.contains { $0.isVertical && $0.text.contains("entropy") })
  }

  @Test("shows tiles in their own colours, with captions below and keys in the legend")
  func tiles() throws {
    let colors = [Color(hex: 0x3C3C3C), Color(hex: 0x029E73)]
    let gallery = Gallery(
      cells: [[.tiles(rows: 1, columns: 2, colors: colors), .blank]], colourBarLabel: "", captions: [["✗ coat", ""]],
      keys: [.init("kept", colors[0]), .init("gained", colors[1])])
    let scene = try Figure(width: 60, panels: [[.gallery(gallery)]]).scene()
    let raster = try #require(scene.rasters.first)
    #expect(scene.rasters.count == 1 && raster.raster.pixels == colors)
    let caption = try #require(scene.texts.first { $0.text == "✗ coat" })
    #expect(caption.box.y >= raster.box.maxY && caption.box.y < raster.box.maxY + 10)
    #expect(scene.texts.map(\.text).contains("kept") && scene.texts.map(\.text).contains("gained"))
  }

  @Test("has no colour bar without heats")
  func noBar() throws {
    let gallery = Gallery(cells: [[.image(width: 1, height: 1, rgb: [1, 2, 3])]], colourBarLabel: "entropy")
    let scene = try Figure(width: 85, panels: [[.gallery(gallery)]]).scene()
    #expect(scene.rasters.count == 1 && scene.texts.isEmpty)
  }

  @Test("puts rows below each other, columns beside each other, headings over their columns")
  func places() throws {
    let scene = try Figure(width: 180, panels: [[.gallery(Samples.gallery(rows: 2, epochs: 2))]]).scene()
    let cells = scene.rasters.dropLast().map(\.box)
    #expect(cells.count == 12)
    #expect(cells[1].x > cells[0].maxX && cells[1].y == cells[0].y)
    #expect(cells[6].y > cells[0].maxY && cells[6].x == cells[0].x)
    let heading = try #require(scene.texts.first { $0.text == "student" })
    #expect(abs(heading.box.midX - (cells[4].x + cells[5].maxX) / 2) < 1)
    let row = try #require(scene.texts.first { $0.text == "image 1" })
    #expect(row.box.maxX < cells[6].x && row.box.midY > cells[6].y && row.box.midY < cells[6].maxY)
  }

  @Test("outlines a mask of another resolution over a heat")
  func outline() throws {
    // The left half of the cell belongs.
    let mask = Gallery.Mask(width: 4, height: 2, isInside: [true, true, false, false, true, true, false, false])
    let heat = Gallery.Cell.heat(rows: 1, columns: 1, values: [0], outline: mask)
    let figure = Figure(width: 60, panels: [[.gallery(Gallery(cells: [[heat]], heatRange: 0...1, colourBarLabel: ""))]])
    let box = try #require(try figure.scene().rasters.first).box
    let image = try DecodedImage(figure.png(dpi: 288))
    // Where two translucent edges meet a pixel cairo rounds down once.
    #expect(image.color(at: Point(box.midX, box.midY), dpi: 288).luminance > 0.98)
    #expect(image.color(at: Point(box.x + box.width * 0.25, box.midY), dpi: 288) == Color(hex: 0x440154))
    #expect(image.color(at: Point(box.x + box.width * 0.75, box.midY), dpi: 288) == Color(hex: 0x440154))
  }

  @Test("shows masks in black and white")
  func mask() throws {
    let mask = Gallery.Mask(width: 2, height: 1, isInside: [true, false])
    let scene = try Figure(width: 60, panels: [[.gallery(Gallery(cells: [[.mask(mask)]], colourBarLabel: ""))]]).scene()
    #expect(scene.rasters[0].raster.pixels == [.white, .black])
  }
}
