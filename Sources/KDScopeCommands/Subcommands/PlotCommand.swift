import ArgumentParser
import Experiments
import Foundation
import Plotting
import Reporting
import Statistics
import Support

extension FigureScale: ExpressibleByArgument {}

/// `kdscope plot`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw a figure from its table.",
    discussion: """
      A table of a report's figures (reports/NAME/figures/*.csv) redraws that figure, as described by the file beside it. \
      Any other table gives lines over a column of numbers or bars over a column of texts, with the intervals of columns \
      such as low and high, lower and upper, ci_low and ci_high; without them rows at the same place are repetitions, \
      drawn as their mean with a 95 % Student t interval (images of one seed are averaged first). Columns are \
      separated by commas, semicolons or tabs, the latter two with decimal points or commas; empty fields, NA, n/a and \
      nan hold no value. The end of --out chooses between PNG, SVG and PDF; texts stay texts in the latter two. Widths are \
      those in print: pixels = mm / 25.4 x dpi. With --style talk or poster a figure is as much larger as its texts, \
      unless --width is given; much narrower than its own width, it has fewer panels in a row. Prints the picture's path \
      and size. With --json: "figure", "width_mm", "height_mm" and, of PNG, "pixels" and "dpi".
      """)

  @Argument(help: "A CSV file.", completion: .file(extensions: ["csv"]))
  var table: String

  @Option(name: .long, help: "Size of texts and lines.")
  var style = FigureScale.paper

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Width, such as 85mm, 8.5cm or 3.35in. (default: the figure's, larger for talk and poster)", valueName: "mm"))
  var width: Length?

  @Option(
    name: .long, help: ArgumentHelp("Height of a row of panels. (default: the figure's)", valueName: "mm"))
  var height: Length?

  @Option(name: .long, help: "Pixels per inch of PNG, 20 to 1200.")
  var dpi = 200.0

  @Option(name: .long, help: "Panels in a row. (default: the figure's)")
  var columns: Int?

  @Option(name: .long, help: "A single panel, counted from 1. (default: all)")
  var panel: Int?

  @OptionGroup(title: "What of a plain table is drawn")
  var question: TableOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The picture, a .png, .svg or .pdf file. (default: TABLE-STYLE.png beside it)", valueName: "file"),
    completion: .file(extensions: ["png", "svg", "pdf"]))
  var out: String?

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    guard (20...1200).contains(dpi) else {
      throw ValidationError("--dpi: is \(dpi); it takes a number from 20 to 1200")
    }
    try requireWholeNumbers([("--columns", columns, 1...100), ("--panel", panel, 1...100)])
    if let out, FigureFormat(ofFile: out) == nil {
      throw ValidationError("--out: the end of '\(out)' names no kind of picture; end it in .png, .svg or .pdf")
    }
  }

  func run() throws {
    let url = URL(fileURLWithPath: table)
    let picture = out.map { URL(fileURLWithPath: $0) } ?? neighbour(of: url)
    let figure = try figure(of: url).arranged(
      for: style, width: width?.millimetres, rowHeight: height?.millimetres, columns: columns, panel: panel)
    let format = FigureFormat(ofFile: picture.path) ?? .png
    let data = try figure.data(as: format, dpi: dpi, scale: style)
    try AtomicFile.write(data, to: picture)
    let size = try format == .png ? PictureSize(data, dpi: dpi) : PictureSize(figure.scene(scale: style).size)
    try output.print(size.document(of: picture), text: "\(picture.path): \(size.text)\n")
  }

  /// As its drawing says, unless columns are asked for.
  private func figure(of url: URL) throws -> Figure {
    if question.isEmpty, let figure = try FigureTable.figure(of: url) { return figure }
    let file = try TableFile(url)
    return try TableChart.figure(of: file.table, question.asked(), at: url.path, doubts: file.doubts)
  }

  private func neighbour(of url: URL) -> URL {
    let name = url.deletingPathExtension().lastPathComponent
    return url.deletingLastPathComponent().appendingPathComponent("\(name)-\(style.rawValue).png")
  }
}

/// Size of a picture, in print and of PNG in pixels.
private struct PictureSize {
  private let pixels: (width: Int, height: Int)?
  private let dpi: Double
  private let width: Double
  private let height: Double

  /// - Parameters:
  ///   - png: as this program writes it, with the chunk IHDR first.
  ///   - dpi: pixels per inch.
  init(_ png: Data, dpi: Double) {
    func number(_ start: Int) -> Int { png.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) } }
    func millimetres(_ pixels: Int) -> Double { (Double(pixels) / dpi * 254).rounded() / 10 }
    let pixels = (width: number(16), height: number(20))
    self.pixels = pixels
    self.dpi = dpi
    width = millimetres(pixels.width)
    height = millimetres(pixels.height)
  }

  /// - Parameter size: of a page without pixels.
  init(_ size: Size) {
    pixels = nil
    dpi = 72
    width = (size.width / 72 * 254).rounded() / 10
    height = (size.height / 72 * 254).rounded() / 10
  }

  var text: String {
    "\(width) x \(height) mm" + (pixels.map { ", \($0.width) x \($0.height) pixels" } ?? "")
  }

  func document(of url: URL) -> DocumentNode {
    .map([
      "figure": .text(url.path), "width_mm": .number(width), "height_mm": .number(height),
      "pixels": pixels.map { .list([.number(Double($0.width)), .number(Double($0.height))]) },
      "dpi": pixels.map { _ in .number(dpi) },
    ])
  }
}
