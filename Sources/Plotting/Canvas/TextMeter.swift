import CCairo

/// Measures text in the figures' font.
package final class TextMeter {
  /// Heights of the font relative to its size (DejaVu Sans).
  package enum Proportion {
    /// From the baseline to the top of the highest letters.
    static let ascent = 0.93
    /// From the baseline to the top of digits and capitals.
    static let capitals = 0.73
    /// From the baseline to the bottom of the lowest letters.
    static let descent = 0.24
    /// From baseline to baseline.
    static let line = 1.2
  }

  private let surface: CairoSurface

  /// - Throws: ``WorkError`` if cairo fails.
  package init() throws { surface = try CairoSurface(width: 1, height: 1) }

  /// - Throws: ``WorkError`` if some text could not be measured.
  package func check() throws { try surface.check("measuring text") }

  /// How far the pen moves, in points.
  package func width(_ text: String, _ size: Double) -> Double {
    TextSpan.spans(text).reduce(0) { $0 + extents($1.text, size * $1.scale).x_advance }
  }

  /// A text in its place, one run for each part of its own size: `ρ_{floor}` has a subscript.
  ///
  /// - Parameters:
  ///   - text: on one line.
  ///   - origin: where the baseline starts.
  ///   - size: of the font, in points.
  ///   - color: of the ink.
  ///   - isVertical: whether it reads upwards.
  /// - Returns: the parts in their order, each with the box of its ink.
  package func runs(
    _ text: String, at origin: Point, _ size: Double, _ color: Color, isVertical: Bool
  ) -> [TextRun] {
    var pen = 0.0
    return TextSpan.spans(text).map { span in
      let (scaled, drop) = (size * span.scale, size * span.drop)
      let start =
        isVertical ? Point(origin.x + drop, origin.y - pen) : Point(origin.x + pen, origin.y + drop)
      pen += extents(span.text, scaled).x_advance
      return run(span.text, at: start, scaled, color, isVertical: isVertical)
    }
  }

  /// A text in its place.
  ///
  /// - Parameters:
  ///   - text: on one line, of one size.
  ///   - origin: where the baseline starts.
  ///   - size: of the font, in points.
  ///   - color: of the ink.
  ///   - isVertical: whether it reads upwards.
  /// - Returns: the text with the box of its ink.
  private func run(_ text: String, at origin: Point, _ size: Double, _ color: Color, isVertical: Bool) -> TextRun {
    let ink = extents(text, size)
    let box =
      isVertical
      ? Rectangle(
        x: origin.x + ink.y_bearing, y: origin.y - ink.x_bearing - ink.width, width: ink.height, height: ink.width)
      : Rectangle(x: origin.x + ink.x_bearing, y: origin.y + ink.y_bearing, width: ink.width, height: ink.height)
    return TextRun(
      text: text, origin: origin, size: size, color: color, isVertical: isVertical, advance: ink.x_advance,
      box: box)
  }

  private func extents(_ text: String, _ size: Double) -> cairo_text_extents_t {
    var extents = cairo_text_extents_t()
    cairo_set_font_size(surface.context, size)
    cairo_text_extents(surface.context, text, &extents)
    return extents
  }
}
