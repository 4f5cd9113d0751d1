import Support
import Tensors

/// Random changes of colours, as torchvision's ColorJitter: four factors, applied in random order.
public struct ColourJitter: Sendable, Equatable, Codable {
  /// b: images are multiplied by a factor from [max(0, 1 − b), 1 + b].
  public var brightness: Double
  /// c: mixed with their mean grey by a factor from [max(0, 1 − c), 1 + c].
  public var contrast: Double
  /// s: mixed with their grey version by a factor from [max(0, 1 − s), 1 + s].
  public var saturation: Double
  /// h, at most 0.5: hues are turned by a share of the circle from [−h, h].
  public var hue: Double

  /// - Parameters:
  ///   - brightness: 0 leaves it.
  ///   - contrast: 0 leaves it.
  ///   - saturation: 0 leaves it.
  ///   - hue: 0 leaves it, 0.5 at most.
  public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
    precondition(
      min(brightness, contrast, saturation, hue) >= 0 && hue <= 0.5,
      "ColourJitter: \(brightness), \(contrast), \(saturation), \(hue)")
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
  }

  /// The four operations.
  package enum Operation: Int, CaseIterable {
    case brightness
    case contrast
    case saturation
    case hue
  }

  /// The operations of one image, in the order in which they are applied.
  package func drawn(_ random: inout RandomGenerator) -> [(operation: Operation, factor: Float)] {
    var order = Operation.allCases
    order.shuffle(with: &random)
    return order.compactMap { operation in
      // Drawn even where it is not used: switching one change on leaves the others as they are.
      let uniform = Double(random.uniform())
      let (extent, centre) =
        switch operation {
        case .brightness: (brightness, 1.0)
        case .contrast: (contrast, 1.0)
        case .saturation: (saturation, 1.0)
        case .hue: (hue, 0.0)
        }
      guard extent > 0 else { return nil }
      let low = operation == .hue ? -hue : max(0, centre - extent)
      return (operation, Float(low + uniform * (centre + extent - low)))
    }
  }

  /// Changes one image in place.
  ///
  /// - Parameters:
  ///   - operation: which of the four; saturation and hue of grey images stay.
  ///   - factor: of brightness, contrast, saturation; the turn of hue, in [−0.5, 0.5].
  ///   - pixels: [H·W, channels], in [0, 1].
  ///   - channels: 1 or 3.
  package static func apply(
    _ operation: Operation, _ factor: Float, to pixels: UnsafeMutableBufferPointer<Float>, channels: Int
  ) {
    switch operation {
    case .brightness:
      for place in pixels.indices { pixels[place] = unit(pixels[place] * factor) }
    case .contrast:
      var sum = 0.0
      for place in stride(from: 0, to: pixels.count, by: channels) { sum += Double(grey(pixels, place, channels)) }
      let rest = (1 - factor) * Float(sum / Double(max(1, pixels.count / channels)))
      for place in pixels.indices { pixels[place] = unit(pixels[place] * factor + rest) }
    case .saturation:
      guard channels == 3 else { return }
      for place in stride(from: 0, to: pixels.count, by: 3) {
        let rest = (1 - factor) * grey(pixels, place, channels)
        for channel in place..<place + 3 { pixels[channel] = unit(pixels[channel] * factor + rest) }
      }
    case .hue:
      guard channels == 3 else { return }
      for place in stride(from: 0, to: pixels.count, by: 3) {
        let turned = turned(SIMD3(pixels[place], pixels[place + 1], pixels[place + 2]), by: factor)
        (pixels[place], pixels[place + 1], pixels[place + 2]) = (turned.x, turned.y, turned.z)
      }
    }
  }

  private static func unit(_ value: Float) -> Float { min(1, max(0, value)) }

  private static func grey(_ pixels: UnsafeMutableBufferPointer<Float>, _ place: Int, _ channels: Int) -> Float {
    channels == 1
      ? pixels[place] : 0.2989 * pixels[place] + 0.587 * pixels[place + 1] + 0.114 * pixels[place + 2]
  }

  /// A colour whose hue is turned; hue, saturation and value as in the HSV hexcone.
  private static func turned(_ colour: SIMD3<Float>, by turn: Float) -> SIMD3<Float> {
    let value = colour.max()
    let range = value - colour.min()
    guard range > 0 else { return colour }
    let toMaximum = (value - colour) / range
    let sector: Float =
      if colour.x == value {
        toMaximum.z - toMaximum.y
      } else if colour.y == value {
        2 + toMaximum.x - toMaximum.z
      } else {
        4 + toMaximum.y - toMaximum.x
      }
    let angle = sector / 6 + 1 + turn
    let sixth = (angle - angle.rounded(.down)) * 6
    let floor = sixth.rounded(.down)
    let fraction = sixth - floor
    let saturation = range / value
    let low = unit(value * (1 - saturation))
    let falling = unit(value * (1 - saturation * fraction))
    let rising = unit(value * (1 - saturation * (1 - fraction)))
    return switch Int(floor) % 6 {
    case 0: SIMD3(value, rising, low)
    case 1: SIMD3(falling, value, low)
    case 2: SIMD3(low, value, rising)
    case 3: SIMD3(low, falling, value)
    case 4: SIMD3(rising, low, value)
    default: SIMD3(value, low, falling)
    }
  }
}
