import CCairo
import Foundation

/// Draws scenes on surfaces.
struct ScenePainter {
  private let target: CairoSurface
  /// Whether the target is a page, which has no pixels.
  private let isPage: Bool
  private var context: OpaquePointer { target.context }

  /// Draws the scene on white.
  ///
  /// - Parameters:
  ///   - scene: in points.
  ///   - dpi: pixels per inch.
  /// - Returns: the finished surface.
  /// - Throws: ``WorkError`` if cairo fails.
  static func paint(_ scene: Scene, dpi: Double) throws -> CairoSurface {
    let pixelsPerPoint = dpi / 72
    let target = try CairoSurface(
      width: Int((scene.size.width * pixelsPerPoint).rounded()),
      height: Int((scene.size.height * pixelsPerPoint).rounded()))
    let painter = ScenePainter(target: target, isPage: false)
    cairo_set_source_rgb(target.context, 1, 1, 1)
    cairo_paint(target.context)
    cairo_scale(target.context, pixelsPerPoint, pixelsPerPoint)
    painter.paint(scene.elements)
    try target.check("drawing")
    return target
  }

  /// Draws the scene on a page of its size, with a mark of the file for each of its own.
  ///
  /// - Throws: ``WorkError`` if cairo fails.
  static func paint(_ scene: Scene, onPage target: CairoSurface) throws {
    ScenePainter(target: target, isPage: true).paint(scene.elements)
    try target.check("drawing")
  }

  private func paint(_ elements: [Element]) {
    for element in elements {
      switch element {
      case .text(let run): paint(run)
      case .shape(let shape): paint(shape)
      case .raster(let raster, let box): isPage ? paintOnPage(raster, in: box) : paint(raster, in: box)
      case .noted(_, let inner): paint(inner)
      case .clipped(let box, let inner):
        cairo_save(context)
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_clip(context)
        paint(inner)
        cairo_restore(context)
      }
    }
  }

  private func paint(_ run: TextRun) {
    cairo_save(context)
    setSource(run.color, 1)
    cairo_set_font_size(context, run.size)
    cairo_move_to(context, run.origin.x, run.origin.y)
    if run.isVertical { cairo_rotate(context, -.pi / 2) }
    cairo_show_text(context, run.text)
    cairo_restore(context)
  }

  /// Steps of a line that are stroked at once.
  private static let stepsAtOnce = 200

  /// Strokes a long open line piece by piece: the time that cairo takes for one grows faster than its length.
  private func paintPieces(_ points: [Point], _ stroke: Shape.Stroke) {
    var start = 0
    var length = 0.0
    while start + 1 < points.count {
      let end = min(start + Self.stepsAtOnce, points.count - 1)
      cairo_new_path(context)
      cairo_move_to(context, points[start].x, points[start].y)
      for index in start + 1...end { cairo_line_to(context, points[index].x, points[index].y) }
      set(stroke, after: length)
      cairo_stroke(context)
      if !stroke.dash.isEmpty {
        for index in start..<end {
          length += hypot(points[index + 1].x - points[index].x, points[index + 1].y - points[index].y)
        }
      }
      start = end
    }
  }

  /// Takes colour, width and dashes of a stroke, which go on behind so much of the line.
  private func set(_ stroke: Shape.Stroke, after length: Double = 0) {
    setSource(stroke.color, stroke.alpha)
    cairo_set_line_width(context, stroke.width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), length)
  }

  private func paint(_ shape: Shape) {
    // Most shapes have few steps: their points are not gathered.
    if !isPage, shape.steps.count > Self.stepsAtOnce, let stroke = shape.stroke, shape.fill == nil, stroke.alpha == 1,
      let points = shape.openLine
    {
      return paintPieces(points, stroke)
    }
    cairo_new_path(context)
    for step in shape.steps {
      switch step {
      case .move(let point): cairo_move_to(context, point.x, point.y)
      case .line(let point): cairo_line_to(context, point.x, point.y)
      case .circle(let center, let radius):
        cairo_new_sub_path(context)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
        cairo_close_path(context)
      case .close: cairo_close_path(context)
      }
    }
    if let fill = shape.fill {
      setSource(fill.color, fill.alpha)
      cairo_fill_preserve(context)
    }
    if let stroke = shape.stroke {
      set(stroke)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }

  /// Draws each pixel of the raster as a box whose edges lie on pixels of the target.
  private func paint(_ raster: Raster, in box: Rectangle) {
    var (left, top, right, bottom) = (box.x, box.y, box.maxX, box.maxY)
    cairo_user_to_device(context, &left, &top)
    cairo_user_to_device(context, &right, &bottom)
    (left, top) = (left.rounded(), top.rounded())
    let place = Rectangle(
      x: left, y: top, width: max(1, right.rounded() - left), height: max(1, bottom.rounded() - top))
    cairo_save(context)
    cairo_identity_matrix(context)
    paint(raster, filling: place)
    cairo_restore(context)
  }

  /// Pixels of a page's image per point at least: viewers that blur between pixels then blur what nobody sees.
  private static let pixelsPerPoint = 4.0
  /// Times that a pixel is repeated at most.
  private static let mostRepeated = 16.0

  private func paintOnPage(_ raster: Raster, in box: Rectangle) {
    func times(_ length: Double, _ pixels: Int) -> Int {
      Int((length * Self.pixelsPerPoint / Double(max(1, pixels))).rounded(.up).clamped(to: 1...Self.mostRepeated))
    }
    let repeated = raster.repeated(times(box.width, raster.width), times(box.height, raster.height))
    cairo_save(context)
    paint(repeated, filling: box)
    cairo_restore(context)
  }

  /// Draws the raster by nearest neighbour in a place, and leaves the context changed.
  private func paint(_ raster: Raster, filling place: Rectangle) {
    raster.withImage { image in
      cairo_translate(context, place.x, place.y)
      cairo_rectangle(context, 0, 0, place.width, place.height)
      cairo_scale(context, place.width / Double(raster.width), place.height / Double(raster.height))
      cairo_set_source_surface(context, image, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
      cairo_fill(context)
      // The image is not kept.
      cairo_set_source_rgb(context, 0, 0, 0)
    }
  }

  private func setSource(_ color: Color, _ alpha: Double) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, alpha)
  }
}
