import Foundation
import Plotting
import Reporting
import Support

/// What a report is written as beside markdown with figures in PNG.
public struct ReportForms: Sendable, Equatable {
  /// Further forms of each figure.
  public var figures: Set<FigureFormat>
  /// Whether the report is written as a page too, `report.html`.
  public var hasPage: Bool
  /// Whether its opening is written as a slide, `slide.html`.
  public var hasSlide: Bool

  /// - Parameters:
  ///   - figures: further forms of each figure.
  ///   - hasPage: whether the report is written as a page too.
  ///   - hasSlide: whether its opening is written as a slide.
  public init(figures: Set<FigureFormat> = [], hasPage: Bool = false, hasSlide: Bool = false) {
    self.figures = figures
    self.hasPage = hasPage
    self.hasSlide = hasSlide
  }

  /// Writes a figure in all forms that are asked for, and anew in those that lie there already: nothing there is stale.
  ///
  /// - Parameters:
  ///   - figure: what is drawn.
  ///   - name: of its files.
  ///   - folder: where they go.
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if drawing or writing fails.
  func write(_ figure: Plotting.Figure, named name: String, to folder: URL) throws {
    for format in FigureFormat.allCases where format != .png {
      let url = folder.appendingPathComponent("\(name).\(format.rawValue)")
      if figures.contains(format) || isThere(url) { try figure.write(to: url, as: format) }
    }
  }

  /// Writes page and slide of a report, where they are asked for or lie there already.
  ///
  /// - Parameters:
  ///   - report: what they say.
  ///   - opening: what the slide shows; nil for the report's own opening.
  ///   - figures: those that the report shows, by the paths that it names.
  ///   - folder: the report's.
  /// - Throws: as above.
  func write(_ report: Report, opening: Report? = nil, _ figures: [String: Plotting.Figure], to folder: URL) throws {
    let (page, slide) = (folder.appendingPathComponent("report.html"), folder.appendingPathComponent("slide.html"))
    if hasPage || isThere(page) { try AtomicFile.write(Data(try report.html(figures: figures).utf8), to: page) }
    if hasSlide || isThere(slide) {
      try AtomicFile.write(Data(try (opening ?? report).slide(figures: figures).utf8), to: slide)
    }
  }

  /// The same with the figures of a run's report.
  func write(_ report: Report, opening: Report? = nil, _ pictures: [ReportPicture], to folder: URL) throws {
    try write(report, opening: opening, pictures.reduce(into: [:]) { $0[$1.path] = $1.figure }, to: folder)
  }

  private func isThere(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
