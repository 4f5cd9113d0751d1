import Foundation
import Support

/// What a figure's file is.
public enum FigureFormat: String, CaseIterable, Sendable {
  /// Pixels.
  case png
  /// Shapes and text, for pages and for drawing programs.
  case svg
  /// Shapes and text with its font, for print.
  case pdf

  /// The format that a file's name asks for by its extension; nil for none of them.
  public init?(ofFile name: String) {
    guard let end = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: name[name.index(after: end)...].lowercased())
  }
}

extension Figure {
  /// The figure as a file; the same bytes for the same figure.
  ///
  /// - Parameters:
  ///   - format: of the file.
  ///   - dpi: of pixels per inch, 20 to 1200.
  ///   - scale: size of text, lines and markers.
  /// - Returns: the file's bytes.
  /// - Throws: ``WorkError`` if there is not enough memory.
  public func data(as format: FigureFormat, dpi: Double = 200, scale: FigureScale = .paper) throws -> Data {
    switch format {
    case .png: try png(dpi: dpi, scale: scale)
    case .svg:
      Data(
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          + (try SVGWriter.element(scene(scale: scale, isNoted: true))) + "\n").utf8)
    case .pdf: try PDFFile.data(scene(scale: scale))
    }
  }

  /// Writes the figure as a file, whole or not at all.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - format: of the file.
  ///   - dpi: of pixels per inch, 20 to 1200.
  ///   - scale: size of text, lines and markers.
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if drawing or writing fails.
  public func write(
    to url: URL, as format: FigureFormat = .png, dpi: Double = 200, scale: FigureScale = .paper
  ) throws {
    try AtomicFile.write(try data(as: format, dpi: dpi, scale: scale), to: url)
  }

  /// The figure as an element of a page.
  ///
  /// - Parameters:
  ///   - scale: size of text, lines and markers.
  ///   - name: differs between the figures of one page.
  ///   - label: what the figure is, for those who cannot see it.
  ///   - isNoted: whether marks tell their values where a reader points at them.
  /// - Returns: an element `svg`.
  /// - Throws: ``WorkError`` if there is not enough memory.
  package func svgElement(
    scale: FigureScale = .paper, name: String, label: String, isNoted: Bool = true
  ) throws -> String {
    try SVGWriter.element(
      scene(scale: scale, isNoted: isNoted), prefix: name + "-",
      attributes: " role=\"group\" aria-label=\"\(SVGWriter.escaped(label))\"")
  }
}
