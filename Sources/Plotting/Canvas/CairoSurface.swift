import CCairo
import Support

/// An image surface with a context, owned: the border to cairo.
///
/// Text is DejaVu Sans without hinting, so that its measures grow evenly with its size and a figure has the same layout
/// at every resolution.
final class CairoSurface {
  /// Borrowed by callers; lives as long as this object.
  let surface: OpaquePointer
  /// Borrowed by callers; lives as long as this object.
  let context: OpaquePointer

  /// - Parameters:
  ///   - width: in pixels.
  ///   - height: in pixels.
  /// - Throws: ``WorkError`` if cairo cannot make an image of that size.
  init(width: Int, height: Int) throws {
    let (columns, rows) = (Int32(clamping: width), Int32(clamping: height))
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows),
      let context = cairo_create(surface)
    else { throw WorkError("cairo: an image of \(width)×\(height) pixels: out of memory") }
    self.surface = surface
    self.context = context
    try Self.check(cairo_surface_status(surface), "an image of \(width)×\(height) pixels")
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
