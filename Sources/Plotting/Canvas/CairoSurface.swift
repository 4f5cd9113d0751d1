import CCairo
import Foundation
import Support

/// A surface with a context, owned: the border to cairo.
///
/// Text is DejaVu Sans without hinting, so that its measures grow evenly with its size and a figure has the same layout
/// at every resolution.
final class CairoSurface {
  /// Borrowed by callers; lives as long as this object.
  let surface: OpaquePointer
  /// Borrowed by callers; lives as long as this object.
  let context: OpaquePointer
  /// Where a page's bytes go; nil for an image.
  private let sink: Sink?

  private final class Sink {
    var data = Data()
  }

  /// An image.
  ///
  /// - Parameters:
  ///   - width: in pixels.
  ///   - height: in pixels.
  /// - Throws: ``WorkError`` if cairo cannot make an image of that size.
  convenience init(width: Int, height: Int) throws {
    try self.init(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(clamping: width), Int32(clamping: height)), sink: nil,
      "an image of \(width)×\(height) pixels")
  }

  /// A PDF file of one page.
  ///
  /// - Parameter page: in points.
  /// - Throws: ``WorkError`` if cairo cannot make a page of that size.
  convenience init(page: Size) throws {
    let sink = Sink()
    let surface = cairo_pdf_surface_create_for_stream(
      { closure, bytes, count in
        guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(sink).toOpaque(), page.width, page.height)
    try self.init(surface, sink: sink, "a page of \(page.width)×\(page.height) points")
  }

  private init(_ surface: OpaquePointer?, sink: Sink?, _ work: String) throws {
    guard let surface, let context = cairo_create(surface) else { throw WorkError("cairo: \(work): out of memory") }
    self.surface = surface
    self.context = context
    self.sink = sink
    try Self.check(cairo_surface_status(surface), work)
    try check("the context")
    cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    try check("the font")
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Ends a page; nothing can be drawn any more.
  ///
  /// - Returns: the bytes of its file.
  /// - Throws: ``WorkError`` if cairo fails.
  func finishedPage() throws -> Data {
    cairo_show_page(context)
    try check("ending a page")
    cairo_surface_finish(surface)
    try Self.check(cairo_surface_status(surface), "writing PDF")
    return sink?.data ?? Data()
  }

  /// - Parameter work: what was done, for the message.
  /// - Throws: ``WorkError`` if something failed since the context was made; cairo then draws nothing any more.
  func check(_ work: String) throws { try Self.check(cairo_status(context), work) }

  /// - Parameters:
  ///   - status: what a call gave back.
  ///   - work: what was done, for the message.
  /// - Throws: ``WorkError`` with cairo's own words unless the status says success.
  static func check(_ status: cairo_status_t, _ work: String) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let words = cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown failure"
    throw WorkError("cairo: \(work): \(words) (status \(status.rawValue))")
  }
}
