import Foundation
import Plotting
import TestSupport
import Testing

@Suite("A figure as SVG and PDF")
struct VectorFileTests {
  @Test(
    "has the marks of the drawing that PNG is painted from", arguments: Samples.all.indices, [FigureScale.paper, .talk])
  func marks(_ index: Int, _ scale: FigureScale) throws {
    let (name, figure) = Samples.all[index]
    let scene = try figure.scene(scale: scale)
    let svg = try SVGContents(figure.data(as: .svg, scale: scale))
    #expect(svg.marks == scene.marks, "\(name)")
    #expect(svg.texts == scene.texts.map(\.text), "\(name)")
    let pdf = try PDFContents(figure.data(as: .pdf, scale: scale))
    #expect(pdf.marks.shapes == scene.marks.shapes && pdf.marks.rasters == scene.marks.rasters, "\(name): \(pdf.marks)")
  }

  @Test("has its fonts in the PDF file", arguments: Samples.all.indices)
  func fonts(_ index: Int) throws {
    #expect(try PDFContents(Samples.all[index].figure.data(as: .pdf)).fonts > 0)
  }

  @Test(
    "has the same bytes each time, a second later and from several threads", arguments: [0, 6, 7],
    [FigureFormat.svg, .pdf])
  func sameBytes(_ index: Int, _ format: FigureFormat) async throws {
    let figure = Samples.all[index].figure
    let first = try figure.data(as: format)
    try await Task.sleep(for: .milliseconds(1100))
    try await withThrowingTaskGroup(of: Data.self) { group in
      for _ in 0..<4 { group.addTask { try figure.data(as: format) } }
      for try await other in group { #expect(other == first) }
    }
  }

  @Test("has its size in print")
  func size() throws {
    let figure = Figure(width: 85, panels: [[.chart(Samples.curves)]])
    let scene = try figure.scene()
    let svg = String(decoding: try figure.data(as: .svg), as: UTF8.self)
    #expect(svg.contains("width=\"240.94pt\"") && svg.contains("viewBox=\"0 0 240.94 "))
    let pdf = String(decoding: try figure.data(as: .pdf), as: UTF8.self)
    let box = try #require(pdf.firstMatch(of: #/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]/#))
    #expect(abs(try #require(Double(box.1)) - scene.size.width) < 0.01)
    #expect(abs(try #require(Double(box.2)) - scene.size.height) < 0.01)
  }

  @Test("keeps every character of a text, whatever XML makes of it")
  func characters() throws {
    let title = "a < b & \"c\" > 'd' H̄ τ = 4  \u{7}猫"
    let chart = Chart(title: title, x: Axis("x"), y: Axis("y"), marks: [.verticalRule(1)])
    let svg = try SVGContents(Figure(width: 180, panels: [[.chart(chart)]]).data(as: .svg))
    #expect(svg.texts.contains { $0.contains("a < b & \"c\" > 'd' H̄ τ = 4") && $0.contains("猫") }, "\(svg.texts)")
  }

  @Test("tells the values of its marks where a reader points, in SVG alone")
  func notes() throws {
    let line = Line(
      "student", points: [Point(1, 0.5), Point(2, 0.75)], band: [Interval(0.4, 0.6), .unknown],
      look: RoleLook.student(0))
    let bars = Bars(
      categories: ["kd"], series: [.init("test", values: [91.25], errors: [Interval(90, 92)], look: RoleLook.teacher)])
    let forest = Intervals(rows: [.init("N_fg", value: -0.5, interval: Interval(-1, 0.25))], look: RoleLook.teacher)
    let charts = [
      Chart(x: Axis("epoch"), y: Axis("accuracy"), marks: [.line(line)]),
      Chart(x: Axis(""), y: Axis("accuracy / %"), marks: [.bars(bars)]),
      Chart(x: Axis("difference"), y: Axis(""), marks: [.intervals(forest)]),
    ]
    let figure = Figure(width: 180, panels: [charts.map { .chart($0) }])
    let notes = Set(try SVGContents(figure.data(as: .svg)).notes)
    for note in [
      "student", "student\nepoch: 1\naccuracy: 0.5 [0.4, 0.6]", "student\nepoch: 2\naccuracy: 0.75",
      "kd\ntest\naccuracy / %: 91.25 [90, 92]", "N_fg\ndifference: −0.5 [−1, 0.25]",
    ] { #expect(notes.contains(note), "\(note) is missing in \(notes)") }
    let noted = try figure.scene(isNoted: true)
    #expect(noted.marks == (try figure.scene().marks))
  }

  @Test("has the numbers of a heat map beside its pixels")
  func heat() throws {
    let map = HeatMap(
      values: [[1, nil], [0.25, -3]], rowLabels: ["a", "b"], columnLabels: ["c", "d"], colourBarLabel: "CKA")
    let images = try SVGContents(Figure(width: 85, panels: [[.heatMap(map)]]).data(as: .svg)).images
    let image = try #require(images.first)
    #expect(image["data-values"] == "1,,0.25,−3" && image["data-width"] == "2" && image["data-quantity"] == "CKA")
    #expect(image["data-rows"] == "a\nb" && image["data-columns"] == "c\nd")
    #expect(image["style"] == "image-rendering:pixelated")
    let png = try #require(image["xlink:href"]?.split(separator: ",").last)
    let decoded = try DecodedImage(#require(Data(base64Encoded: String(png))))
    #expect(decoded.width == 2 && decoded.height == 2 && decoded[1, 0] == ColorScale.unknown)
  }

  @Test("is known by the end of its file's name", arguments: [("a.svg", "svg"), ("a.b.PDF", "pdf"), ("x.png", "png")])
  func extensions(_ name: String, _ format: String) {
    #expect(FigureFormat(ofFile: name)?.rawValue == format)
    #expect(FigureFormat(ofFile: "a.eps") == nil && FigureFormat(ofFile: "svg") == nil)
  }

  @Test("is written whole")
  func written() throws {
    try withTemporaryDirectory { folder in
      let figure = Figure(width: 85, panels: [[.chart(Samples.threshold)]])
      for format in FigureFormat.allCases {
        let url = folder.appendingPathComponent("f.\(format.rawValue)")
        try figure.write(to: url, as: format)
        #expect(try Data(contentsOf: url) == figure.data(as: format))
      }
    }
  }
}
