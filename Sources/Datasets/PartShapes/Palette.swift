import Tensors

/// The colors of one object; they say nothing about its class.
struct Palette {
  private let main: Color
  private let second: Color
  private let dark: Color
  private let light: Color
  private let glass: Color

  /// Random colors.
  init(_ random: inout RandomGenerator) {
    self.init(brightness: random.uniform(in: 0.3..<0.95), &random)
  }

  /// Random colors whose brightness keeps a small distance from that of a background.
  init(against texture: Texture, _ random: inout RandomGenerator) {
    let ground = (texture.dark.luminance + texture.light.luminance) / 2
    var brightness = random.uniform(in: 0.3..<0.95)
    let distance = brightness - ground
    if abs(distance) < 0.2 { brightness += distance < 0 ? -0.2 : 0.2 }
    self.init(brightness: min(1, max(0.2, brightness)), &random)
  }

  private init(brightness: Float, _ random: inout RandomGenerator) {
    let hue = random.uniform()
    // Neighbouring, triadic or opposite hues go well together.
    let steps: [Float] = [0.08, -0.08, 1.0 / 3, -1.0 / 3, 0.5]
    let secondHue = hue + steps[random.index(below: steps.count)]
    let saturation = random.uniform(in: 0.35..<0.95)
    main = Color(hue: hue, saturation: saturation, value: brightness)
    second = Color(
      hue: secondHue, saturation: random.uniform(in: 0.3..<0.9),
      value: min(1, max(0.25, brightness + random.uniform(in: -0.2..<0.25))))
    dark = Color(hue: secondHue, saturation: 0.4, value: random.uniform(in: 0.08..<0.28))
    light = Color(hue: hue + 0.1, saturation: 0.12, value: random.uniform(in: 0.85..<1))
    glass = Color(hue: random.uniform(in: 0.5..<0.6), saturation: 0.35, value: random.uniform(in: 0.75..<0.95))
  }

  /// The color of a paint.
  func color(_ paint: Paint) -> Color {
    switch paint {
    case .main: main
    case .second: second
    case .dark: dark
    case .light: light
    case .glass: glass
    }
  }

  /// The color of a patterned body at a point of the object.
  ///
  /// - Parameters:
  ///   - p: in object coordinates.
  ///   - pattern: index into the body's variants.
  /// - Returns: a mixture of the object's colors.
  func bodyColor(_ p: Point, pattern: Int) -> Color {
    switch pattern {
    case 0: return main
    case 1:
      let phase = p.x * 4 - (p.x * 4).rounded(.down)
      return main.mixed(with: second, smoothStep(abs(2 * phase - 1), from: 0.4, to: 0.6))
    case 2:
      let cell = p * 4.2
      let a = cell.x - cell.x.rounded(.down) - 0.5
      let b = cell.y - cell.y.rounded(.down) - 0.5
      return second.mixed(with: main, smoothStep((a * a + b * b).squareRoot(), from: 0.22, to: 0.38))
    default: return main.mixed(with: light, smoothStep(p.y, from: 0.06, to: 0.16))
    }
  }
}
