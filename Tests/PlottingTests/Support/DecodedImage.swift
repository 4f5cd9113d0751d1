import CCairo
import Foundation
import Plotting
import Testing

/// The pixels of a PNG file, read by cairo.
struct DecodedImage {
  let width: Int
  let height: Int
  private let words: [UInt32]

  init(_ png: Data) throws {
    var rest = (bytes: [UInt8](png), offset: 0)
    let surface = withUnsafeMutablePointer(to: &rest) { pointer in
      cairo_image_surface_create_from_png_stream(
        { closure, target, count in
          guard let closure, let target else { return CAIRO_STATUS_READ_ERROR }
          let rest = closure.assumingMemoryBound(to: (bytes: [UInt8], offset: Int).self)
          let end = rest.pointee.offset + Int(count)
          guard end <= rest.pointee.bytes.count else { return CAIRO_STATUS_READ_ERROR }
          for index in rest.pointee.offset..<end { target[index - rest.pointee.offset] = rest.pointee.bytes[index] }
          rest.pointee.offset = end
          return CAIRO_STATUS_SUCCESS
        }, pointer)
    }
    defer { cairo_surface_destroy(surface) }
    try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    let data = try #require(cairo_image_surface_get_data(surface))
    var words: [UInt32] = []
    for row in 0..<height {
      let line = UnsafeRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
      words += (0..<width).map { line[$0] & 0xFFFFFF }
    }
    self.words = words
  }

  subscript(column: Int, row: Int) -> Color { Color(hex: words[row * width + column]) }

  /// The color at a place given in points.
  func color(at point: Point, dpi: Double) -> Color {
    self[min(width - 1, Int(point.x * dpi / 72)), min(height - 1, Int(point.y * dpi / 72))]
  }

  /// How many pixels of a box, given in points, have exactly this color.
  func count(_ color: Color, in box: Rectangle, dpi: Double) -> Int {
    let columns = max(0, Int(box.x * dpi / 72))..<min(width, Int((box.maxX * dpi / 72).rounded(.up)))
    let rows = max(0, Int(box.y * dpi / 72))..<min(height, Int((box.maxY * dpi / 72).rounded(.up)))
    return rows.reduce(0) { sum, row in sum + columns.count { self[$0, row] == color } }
  }
}

extension Scene {
  /// Rasters with their boxes, in drawing order.
  var rasters: [(raster: Raster, box: Rectangle)] {
    elements.compactMap { if case .raster(let raster, let box) = $0 { (raster, box) } else { nil } }
  }

  var canvas: Rectangle { Rectangle(x: 0, y: 0, width: size.width, height: size.height) }
}
