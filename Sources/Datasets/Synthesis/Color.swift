import Tensors

/// Red, green and blue, each between 0 and 1.
typealias Color = SIMD3<Float>

extension Color {
  /// - Parameters:
  ///   - hue: in turns; any number.
  ///   - saturation: between 0 and 1.
  ///   - value: brightness of the strongest primary, between 0 and 1.
  init(hue: Float, saturation: Float, value: Float) {
    // Each primary is a trapezoid over the colour circle, a third of a turn from the next.
    func primary(_ offset: Float) -> Float {
      let place = (hue + offset) - (hue + offset).rounded(.down)
      let level = Swift.min(1, Swift.max(0, abs(place * 6 - 3) - 1))
      return value * (1 - saturation * (1 - level))
    }
    self.init(primary(0), primary(2.0 / 3), primary(1.0 / 3))
  }

  /// Brightness to the eye, between 0 and 1 (Rec. 601 weights).
  var luminance: Float { 0.299 * x + 0.587 * y + 0.114 * z }

  /// A point on the line to another color; 0 is this one.
  func mixed(with other: Color, _ share: Float) -> Color { self + (other - self) * share }

  /// A color of random hue, saturation and brightness.
  static func random(
    _ random: inout RandomGenerator, saturation: Range<Float>, value: Range<Float>
  ) -> Color {
    Color(
      hue: random.uniform(), saturation: random.uniform(in: saturation), value: random.uniform(in: value))
  }
}
