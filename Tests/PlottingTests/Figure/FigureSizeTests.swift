import Foundation
import Plotting
import Support
import TestSupport
import Testing

@Suite("The size of a figure")
struct FigureSizeTests {
  private static let plain = Chart(x: Axis("x"), y: Axis("y"), marks: [])

  @Test(
    "is physical: pixels are mm / 25.4 × dpi",
    arguments: [(85, 200, 669), (180, 200, 1417), (85, 96, 321), (180, 300, 2126)])
  func pixels(_ width: Double, _ dpi: Double, _ expected: Int) throws {
    let figure = Figure(width: width, panels: [[.chart(Self.plain)]], rowHeight: 60)
    let image = try DecodedImage(figure.png(dpi: dpi))
    #expect(image.width == expected)
    // One row, and 3 points of padding on both sides.
    #expect(image.height == Int(((60 / 25.4 + 6.0 / 72) * dpi).rounded()))
  }

  @Test("is written into the file, with a checksum that readers accept")
  func physicalSize() throws {
    let png = [UInt8](try Figure(width: 85, panels: [[.chart(Self.plain)]]).png(dpi: 200))
    let length: [UInt8] = [0, 0, 0, 9]
    let body: [UInt8] = [0, 0, 0x1E, 0xC2, 0, 0, 0x1E, 0xC2, 1]
    #expect(Array(png[33..<50]) == length + Array("pHYs".utf8) + body)
    // 7874 pixels per metre; the checksum as zlib computes it.
    #expect(Array(png[50..<54]) == [0x6E, 0xD0, 0x75, 0x3E])
  }

  @Test("grows with its rows, and where rows of intervals need more than they were given")
  func rows() throws {
    let one = try Figure(width: 180, panels: [[.chart(Self.plain)]]).scene().size.height
    let two = try Figure(width: 180, panels: [[.chart(Self.plain)], [.empty]]).scene().size.height
    #expect(abs(two - one - 60 / 25.4 * 72 - 6) < 1e-9)
    let rows = (0..<40).map { Intervals.Row("quantity \($0)", value: 0, interval: Interval(-1, 1)) }
    let forest = Chart(x: Axis("x"), y: Axis(""), marks: [.intervals(Intervals(rows: rows, look: RoleLook.teacher))])
    #expect(try Figure(width: 85, panels: [[.chart(forest)]]).scene().size.height > 40 * 8.8)
  }

  @Test("of a gallery follows from its width")
  func gallery() throws {
    let cells = Array(repeating: [Gallery.Cell.image(width: 1, height: 2, rgb: [1, 2, 3, 4, 5, 6])], count: 3)
    let figure = Figure(width: 50, panels: [[.gallery(Gallery(cells: cells, colourBarLabel: ""))]])
    let scene = try figure.scene()
    #expect(abs(scene.rasters[0].box.width - (50 / 25.4 * 72 - 6)) < 1e-9)
    #expect(abs(scene.rasters[0].box.height - 2 * scene.rasters[0].box.width) < 1e-9)
    #expect(scene.size.height > 6 * scene.rasters[0].box.width)
  }

  @Test("scales text by one factor", arguments: FigureScale.allCases)
  func scale(_ scale: FigureScale) throws {
    let title = Chart(title: "A", x: Axis("x"), y: Axis("y"), marks: [.horizontalRule(1), .verticalRule(1)])
    let scene = try Figure(width: 180, panels: [[.chart(title)]], rowHeight: 120).scene(scale: scale)
    #expect(scene.texts.first { $0.text == "A" }?.size == 9.6 * scale.factor)
    #expect(abs(scene.size.width - 180 / 25.4 * 72) < 1e-9)
  }

  @Test("beyond what cairo can draw is an error, not a crash")
  func tooLarge() {
    #expect(throws: WorkError.self) { try Figure(width: 2000, panels: [[.empty]]).png(dpi: 1200) }
  }

  @Test("a file is whole, and a folder that is not there is the user's error")
  func files() throws {
    try withTemporaryDirectory { folder in
      let figure = Figure(width: 85, panels: [[.chart(Self.plain)]])
      let url = folder.appendingPathComponent("figure.png")
      try figure.write(to: url)
      #expect(try Data(contentsOf: url) == figure.png())
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["figure.png"])
      #expect(throws: InputError.self) { try figure.write(to: folder.appendingPathComponent("absent/figure.png")) }
    }
  }
}
