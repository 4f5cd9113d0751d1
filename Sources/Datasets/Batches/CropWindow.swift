import Foundation

/// The part of an image that a random resized crop scales up to the whole, in pixels.
package struct CropWindow: Equatable {
  package var top: Int
  package var left: Int
  package var height: Int
  package var width: Int

  /// - Parameters: as the properties.
  package init(top: Int, left: Int, height: Int, width: Int) {
    (self.top, self.left, self.height, self.width) = (top, left, height, width)
  }

  /// Draws a part by torchvision's rule (Szegedy et al., CVPR 2015): its share of the area is uniform from `least` to 1,
  /// the logarithm of width over height uniform from ln ¾ to ln 4/3; after ten draws that do not fit, the largest
  /// centred part whose proportions are within these limits.
  ///
  /// - Parameters:
  ///   - height: rows of the image.
  ///   - width: columns of the image.
  ///   - least: smallest share of the area.
  ///   - uniform: draws a number from [0, 1).
  /// - Returns: a part within the image.
  package static func drawn(height: Int, width: Int, least: Double, _ uniform: () -> Double) -> CropWindow {
    let (flat, tall) = (4.0 / 3, 3.0 / 4)
    for _ in 0..<10 {
      let area = Double(height * width) * (least + (1 - least) * uniform())
      let aspect = exp(log(tall) + (log(flat) - log(tall)) * uniform())
      let columns = Int((area * aspect).squareRoot().rounded(.toNearestOrEven))
      let rows = Int((area / aspect).squareRoot().rounded(.toNearestOrEven))
      guard columns > 0, rows > 0, columns <= width, rows <= height else { continue }
      let top = Int(uniform() * Double(height - rows + 1))
      return CropWindow(top: top, left: Int(uniform() * Double(width - columns + 1)), height: rows, width: columns)
    }
    let aspect = Double(width) / Double(height)
    var (rows, columns) = (height, width)
    if aspect < tall { rows = Int((Double(width) / tall).rounded(.toNearestOrEven)) }
    if aspect > flat { columns = Int((Double(height) * flat).rounded(.toNearestOrEven)) }
    return CropWindow(top: (height - rows) / 2, left: (width - columns) / 2, height: rows, width: columns)
  }

  /// The part of an image, scaled, antialiased bilinear.
  ///
  /// - Parameters:
  ///   - image: [height, width, channels] of the whole.
  ///   - height: rows of the whole.
  ///   - width: columns of the whole.
  ///   - size: rows and columns of the result; those of the whole where nil.
  ///   - channels: colours.
  /// - Returns: [rows, columns, channels].
  package func scaled(
    _ image: UnsafeBufferPointer<UInt8>, height: Int, width: Int, to size: (height: Int, width: Int)? = nil,
    channels: Int
  ) -> [UInt8] {
    var part: [UInt8] = []
    part.reserveCapacity(self.height * self.width * channels)
    for row in top..<top + self.height {
      let start = (row * width + left) * channels
      part.append(contentsOf: image[start..<start + self.width * channels])
    }
    let resampling = Resampling(
      from: (self.height, self.width), to: size ?? (height, width), vertical: .init(start: 0, end: Double(self.height)),
      horizontal: .init(start: 0, end: Double(self.width)))
    return part.withUnsafeBufferPointer { resampling($0, channels: channels) }
  }
}
