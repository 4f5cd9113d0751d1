import CCairo
import Foundation

extension Raster {
  /// Lends the raster as an image of cairo's.
  ///
  /// - Parameter body: may use the image; whoever still refers to it afterwards finds it finished.
  /// - Returns: what the body gives.
  func withImage<R>(_ body: (OpaquePointer?) throws -> R) rethrows -> R {
    // CAIRO_FORMAT_RGB24 is a native 32-bit word per pixel, and its rows need no padding.
    var words = pixels.map { UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue) }
    return try words.withUnsafeMutableBytes { bytes in
      let image = cairo_image_surface_create_for_data(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_RGB24, Int32(clamping: width),
        Int32(clamping: height), Int32(clamping: 4 * width))
      // The words outlive the surface: finished, it holds on to them no more, whoever still refers to it.
      defer {
        cairo_surface_finish(image)
        cairo_surface_destroy(image)
      }
      return try body(image)
    }
  }

  /// The raster as a PNG file.
  ///
  /// - Throws: ``WorkError`` if cairo fails.
  func png() throws -> Data { try withImage { try PNGFile.plain($0) } }

  /// The same picture with every pixel repeated.
  ///
  /// - Parameters:
  ///   - across: times beside each other.
  ///   - down: times below each other.
  /// - Returns: with as many times more pixels.
  func repeated(_ across: Int, _ down: Int) -> Raster {
    var larger: [Color] = []
    larger.reserveCapacity(pixels.count * across * down)
    for row in 0..<height {
      let line = pixels[row * width..<(row + 1) * width].flatMap { Array(repeating: $0, count: across) }
      for _ in 0..<down { larger += line }
    }
    return Raster(width: width * across, height: height * down, pixels: larger)
  }
}
