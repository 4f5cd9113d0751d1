/// One change of a strong view, as the code of multi-level logit distillation (Jin, Wang & Lin, CVPR 2023) has it:
/// RandAugment's operations (Cubuk et al., NeurIPS 2020) on bytes, the same as Pillow's.
package enum StrongOperation: String, CaseIterable, Sendable {
  case autocontrast
  case brightness
  case colour
  case contrast
  case equalize
  case identity
  case posterize
  case rotate
  case sharpness
  case shearX = "shear-x"
  case shearY = "shear-y"
  case solarize
  case translateX = "translate-x"
  case translateY = "translate-y"

  /// Where the strength is drawn from, uniformly: factors of colours, bits, degrees, slopes, a byte, shares of the side.
  package var range: ClosedRange<Double> {
    switch self {
    case .autocontrast, .equalize, .identity: 0...1
    case .brightness, .colour, .contrast, .sharpness: 0.05...0.95
    case .posterize: 4...8
    case .rotate: -30...30
    case .shearX, .shearY, .translateX, .translateY: -0.3...0.3
    case .solarize: 0...256
    }
  }

  /// Changes an image.
  ///
  /// - Parameters:
  ///   - strength: in ``range``; autocontrast, equalize and identity have none.
  ///   - image: bytes, [height, width, channels].
  package func apply(_ strength: Double, to image: inout StrongImage) {
    switch self {
    case .identity: break
    case .autocontrast: image.mapChannels { StrongOperation.stretched($0) }
    case .equalize: image.mapChannels { StrongOperation.equalized($0) }
    case .posterize:
      let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - min(8, max(1, Int(strength)))))
      image.mapBytes { $0 & mask }
    case .solarize: image.mapBytes { Double($0) < strength ? $0 : 255 - $0 }
    case .brightness: image.blend(Float(strength)) { _, _ in 0 }
    case .colour:
      let grey = image.grey
      image.blend(Float(strength)) { pixel, _ in grey[pixel] }
    case .contrast:
      let grey = image.grey
      let mean = UInt8(Double(grey.reduce(0) { $0 + Int($1) }) / Double(max(1, grey.count)) + 0.5)
      image.blend(Float(strength)) { _, _ in mean }
    case .sharpness:
      let smooth = image.smoothed
      image.blend(Float(strength)) { _, place in smooth[place] }
    case .rotate: image.rotate(degrees: strength)
    case .shearX: image.transform(StrongImage.Map(1, strength, 0, 0, 1, 0))
    case .shearY: image.transform(StrongImage.Map(1, 0, 0, strength, 1, 0))
    case .translateX: image.transform(StrongImage.Map(1, 0, strength * Double(image.width), 0, 1, 0))
    case .translateY: image.transform(StrongImage.Map(1, 0, 0, 0, 1, strength * Double(image.height)))
    }
  }

  /// The line that brings the darkest byte to 0 and the brightest to 255.
  private static func stretched(_ histogram: [Int]) -> [UInt8] {
    guard let low = histogram.firstIndex(where: { $0 > 0 }), let high = histogram.lastIndex(where: { $0 > 0 }),
      high > low
    else { return Array(0...255) }
    let scale = 255 / Double(high - low)
    let offset = -Double(low) * scale
    return (0..<256).map { UInt8(min(255, max(0, Int(Double($0) * scale + offset)))) }
  }

  /// The curve that spreads the bytes evenly.
  private static func equalized(_ histogram: [Int]) -> [UInt8] {
    guard let last = histogram.last(where: { $0 > 0 }) else { return Array(0...255) }
    let step = (histogram.reduce(0, +) - last) / 255
    guard step > 0 else { return Array(0...255) }
    var sum = step / 2
    return histogram.map { count in
      defer { sum += count }
      return UInt8(min(255, sum / step))
    }
  }
}
