import Checkpoints
import Support

/// Images from an array of numbers, as bytes in NHWC order.
struct ArrayImages {
  let count: Int
  let height: Int
  let width: Int
  let channels: Int
  /// [N, H, W, C].
  let pixels: [UInt8]

  /// - Parameters:
  ///   - stored: [N, H, W], [N, H, W, C] or [N, C, H, W]; unsigned bytes, or floats in [0, 1], which are rounded to
  ///     256 levels.
  ///   - isChannelsFirst: how four axes are meant.
  ///   - place: for error lines.
  /// - Throws: ``InputError`` for another shape or type, and for floats outside [0, 1].
  init(_ stored: StoredTensor, isChannelsFirst: Bool, at place: String) throws {
    let shape = stored.shape
    guard shape.count == 3 || shape.count == 4, !shape.contains(0) else {
      throw InputError(place, "has the shape \(shape)", remedy: "[N,H,W], [N,H,W,C] or [N,C,H,W] is expected")
    }
    count = shape[0]
    channels = shape.count == 3 ? 1 : shape[isChannelsFirst ? 1 : 3]
    (height, width) = shape.count == 4 && isChannelsFirst ? (shape[2], shape[3]) : (shape[1], shape[2])
    guard channels == 1 || channels == 3 else {
      let other = shape[isChannelsFirst ? 3 : 1]
      throw InputError(
        place, "has \(channels) colours in the layout \(isChannelsFirst ? "nchw" : "nhwc") of \(shape)",
        remedy: other == 1 || other == 3
          ? "set data.layout: \(isChannelsFirst ? "nhwc" : "nchw")" : "1 or 3 are expected")
    }
    guard height >= 4, width >= 4, height <= 4096, width <= 4096 else {
      throw InputError(place, "has images of \(height)x\(width) pixels", remedy: "sides of 4 to 4096 are expected")
    }
    let bytes = try Self.bytes(of: stored, at: place)
    let (area, channels) = (height * width, channels)
    guard channels == 3, isChannelsFirst else {
      pixels = bytes
      return
    }
    pixels = [UInt8](unsafeUninitializedCapacity: bytes.count) { [count] target, filled in
      for image in 0..<count {
        for channel in 0..<channels {
          let from = (image * channels + channel) * area
          for pixel in 0..<area { target[(image * area + pixel) * channels + channel] = bytes[from + pixel] }
        }
      }
      filled = target.count
    }
  }

  private static func bytes(of stored: StoredTensor, at place: String) throws -> [UInt8] {
    switch stored.type {
    case .u8: return Array(stored.bytes)
    case .f16, .bf16, .f32, .f64:
      let values = try stored.floats()
      if let index = values.firstIndex(where: { !(0...1).contains($0) }) {
        throw InputError(
          place, "holds \(values[index]) at element \(index)",
          remedy: "floats lie in [0, 1]; divide by 255, or save unsigned bytes; do not normalise")
      }
      return values.map { UInt8(($0 * 255).rounded()) }
    default:
      throw InputError(
        place, "is of type \(stored.type.rawValue)", remedy: "unsigned bytes, or floats in [0, 1], are expected")
    }
  }
}
