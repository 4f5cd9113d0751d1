import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Smooth noise drawn out along one direction, between three colors.
///
/// Five directions, each coarse or fine, are the ten families.
struct SmoothTexture {
  static let familyCount = 10

  private let across: SIMD2<Float>
  private let along: SIMD2<Float>
  private let colors: (Color, Color, Color)
  private let noise: Noise

  /// - Parameters:
  ///   - family: below `familyCount`.
  ///   - random: for colors, and phase and direction within the family.
  init(family: Int, _ random: inout RandomGenerator) {
    let angle = (Float(family % 5) + random.uniform(in: -0.3..<0.3)) * (.pi / 5)
    // Pixels per unit of noise across the streaks; three times as long along them.
    let width = family < 5 ? random.uniform(in: 3..<4) : random.uniform(in: 6..<8)
    let direction = SIMD2<Float>(cosf(angle), sinf(angle))
    along = direction / (3 * width)
    across = SIMD2(-direction.y, direction.x) / width
    func color() -> Color { .random(&random, saturation: 0.1..<0.7, value: 0.15..<0.95) }
    colors = (color(), color(), color())
    noise = Noise(salt: random.next32())
  }

  /// The color at a pixel.
  func color(_ x: Float, _ y: Float) -> Color {
    let place = SIMD2(x, y)
    let (u, v) = ((place * along).sum() + 40, (place * across).sum() + 40)
    let level = smoothStep(noise.value(u, v), from: 0.15, to: 0.85)
    let second = noise.value(u * 0.7 + 90, v * 0.7 + 90)
    return colors.0.mixed(with: colors.1, level).mixed(with: colors.2, smoothStep(second, from: 0.4, to: 0.9))
  }
}
