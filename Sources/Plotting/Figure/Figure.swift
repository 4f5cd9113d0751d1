import Foundation
import Support

/// Panels in rows over one legend, in the size they have in print.
///
/// A module that imports Reporting too says `Plotting.Figure`.
public struct Figure: Sendable, Equatable, Codable {
  /// Width of one column of a journal, in millimetres.
  public static let oneColumn = 85.0
  /// Width of two columns of a journal, in millimetres.
  public static let twoColumns = 180.0

  /// Width in millimetres.
  public let width: Double
  /// The panels, row by row from the top; those of a row share its width.
  public let panels: [[Panel]]
  /// Height of a row in millimetres, with titles and labels.
  ///
  /// A row grows where its rows of intervals or labels need more, and one of galleries alone is as high as they are.
  public let rowHeight: Double
  /// Whether the named series of all panels are explained below.
  public let showsLegend: Bool

  /// - Parameters:
  ///   - width: in millimetres: ``oneColumn`` or ``twoColumns``.
  ///   - panels: row by row from the top; rows may differ in length.
  ///   - rowHeight: height of a row in millimetres, with titles and labels.
  ///   - showsLegend: whether the named series of all panels are explained below.
  public init(width: Double, panels: [[Panel]], rowHeight: Double = 60, showsLegend: Bool = true) {
    precondition(width > 0 && width <= 2000, "Figure: width \(width) mm, expected more than 0 and at most 2000")
    precondition(
      rowHeight > 0 && rowHeight <= 2000, "Figure: rowHeight \(rowHeight) mm, expected more than 0 and at most 2000")
    precondition(panels.contains { !$0.isEmpty }, "Figure: there is no panel")
    self.width = width
    self.panels = panels.filter { !$0.isEmpty }
    self.rowHeight = rowHeight
    self.showsLegend = showsLegend
  }

  /// The figure as a PNG file with its physical size; the same bytes for the same figure.
  ///
  /// - Parameters:
  ///   - dpi: pixels per inch, 20 to 1200.
  ///   - scale: size of text, lines and markers.
  /// - Returns: the file's bytes.
  /// - Throws: ``WorkError`` if there is not enough memory.
  public func png(dpi: Double = 200, scale: FigureScale = .paper) throws -> Data {
    precondition(dpi >= 20 && dpi <= 1200, "Figure: \(dpi) dpi, expected 20 to 1200")
    let scene = try scene(scale: scale)
    return try PNGFile.data(ScenePainter.paint(scene, dpi: dpi), dpi: dpi)
  }

  /// The figure before it has pixels.
  ///
  /// - Parameters:
  ///   - scale: size of text, lines and markers.
  ///   - isNoted: whether marks tell their values where a reader points at them.
  /// - Returns: all elements in points.
  /// - Throws: ``WorkError`` if texts cannot be measured.
  package func scene(scale: FigureScale = .paper, isNoted: Bool = false) throws -> Scene {
    let meter = try TextMeter()
    let scene = FigureLayout.scene(self, scale: scale, meter: meter, isNoted: isNoted)
    try meter.check()
    return scene
  }
}
