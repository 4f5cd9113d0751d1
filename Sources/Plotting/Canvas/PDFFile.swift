import CCairo
import Foundation

/// PDF files of scenes: one page of the drawing's size, text as text with its font.
enum PDFFile {
  /// cairo would write the time of drawing; with this the same drawing has the same bytes.
  private static let created = "1970-01-01T00:00:00Z"

  /// - Returns: the file's bytes, the same for the same drawing.
  /// - Throws: ``WorkError`` if cairo fails.
  static func data(_ scene: Scene) throws -> Data {
    let target = try CairoSurface(page: scene.size)
    cairo_pdf_surface_set_metadata(target.surface, CAIRO_PDF_METADATA_CREATE_DATE, created)
    try ScenePainter.paint(scene, onPage: target)
    return try target.finishedPage()
  }
}
