import CCairo
import Foundation
import Support

/// PNG files of surfaces, with their physical size.
enum PNGFile {
  /// - Parameters:
  ///   - target: a finished drawing.
  ///   - dpi: pixels per inch, which the file states.
  /// - Returns: the file's bytes, the same for the same drawing.
  /// - Throws: ``WorkError`` if cairo fails.
  static func data(_ target: CairoSurface, dpi: Double) throws -> Data {
    var data = try plain(target.surface)
    data.insert(contentsOf: physicalSize(dpi), at: headerEnd)
    return data
  }

  /// - Parameter surface: of an image.
  /// - Returns: the bytes of a file that says nothing of its size in print.
  /// - Throws: ``WorkError`` if cairo fails.
  static func plain(_ surface: OpaquePointer?) throws -> Data {
    var data = Data()
    let status = withUnsafeMutablePointer(to: &data) { pointer in
      cairo_surface_write_to_png_stream(
        surface,
        { closure, bytes, count in
          guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
          closure.assumingMemoryBound(to: Data.self).pointee.append(bytes, count: Int(count))
          return CAIRO_STATUS_SUCCESS
        }, pointer)
    }
    try CairoSurface.check(status, "writing PNG")
    return data
  }

  /// After the signature and the chunk IHDR.
  private static let headerEnd = 8 + 25

  /// The chunk pHYs: pixels per metre, both ways.
  private static func physicalSize(_ dpi: Double) -> [UInt8] {
    let density = bigEndian(UInt32((dpi / 0.0254).rounded()))
    let body = Array("pHYs".utf8) + density + density + [1]
    return bigEndian(9) + body + bigEndian(CRC32.standard.checksum(body))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
