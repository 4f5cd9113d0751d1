import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A procedural pattern over the plane with two colors.
struct Texture: Sendable {
  /// The kinds of pattern.
  enum Family: Int, CaseIterable, Sendable {
    case clouds, stripes, checks, dots, bricks, waves, cells, grain, rings, hatching
  }

  let family: Family
  /// Colors of the pattern's values 0 and 1.
  var dark: Color
  var light: Color
  private let cosine: Float
  private let sine: Float
  /// Pixels of 1/32 of the image per unit of the pattern.
  private let wavelength: Float
  private let offset: SIMD2<Float>
  private let noise: Noise

  /// - Parameters:
  ///   - family: the pattern.
  ///   - colors: of the pattern's values 0 and 1.
  ///   - angle: of the pattern, in turns.
  ///   - wavelength: in 1/32 of the image's side.
  ///   - random: for the pattern's phase.
  init(
    _ family: Family, colors: (Color, Color), angle: Float, wavelength: Float, _ random: inout RandomGenerator
  ) {
    self.family = family
    (dark, light) = colors
    cosine = cosf(angle * 2 * .pi)
    sine = sinf(angle * 2 * .pi)
    self.wavelength = wavelength
    offset = SIMD2(random.uniform(in: 0..<64), random.uniform(in: 0..<64))
    noise = Noise(salt: random.next32())
  }

  /// The color at a point.
  ///
  /// - Parameters:
  ///   - x: in 1/32 of the image's side, from its left edge.
  ///   - y: in 1/32 of the image's side, from its upper edge.
  /// - Returns: a mixture of both colors.
  @inline(__always)
  func color(_ x: Float, _ y: Float) -> Color { dark.mixed(with: light, value(x, y)) }

  /// The pattern at a point, between 0 and 1.
  func value(_ x: Float, _ y: Float) -> Float {
    let u = (x * cosine + y * sine) / wavelength + offset.x
    let v = (y * cosine - x * sine) / wavelength + offset.y
    switch family {
    case .clouds: return smoothStep(noise.clouds(u * 0.6, v * 0.6), from: 0.2, to: 0.8)
    case .stripes: return edge(wave(u), 0.5)
    case .checks: return edge(wave(u * 0.5) < 0.5 ? wave(v * 0.5) : 1 - wave(v * 0.5), 0.5)
    case .dots:
      let (a, b) = (fraction(u * 0.75) - 0.5, fraction(v * 0.75) - 0.5)
      return 1 - edge((a * a + b * b).squareRoot(), 0.3)
    case .bricks:
      let row = (v * 0.8).rounded(.down)
      let (a, b) = (fraction(u * 0.4 + row * 0.5), fraction(v * 0.8))
      return min(edge(b, 0.22), edge(a, 0.11))
    case .waves: return edge(wave(u + 1.6 * noise.value(v * 0.5, u * 0.2)), 0.5)
    case .cells: return min(1, nearestSeed(u * 0.6, v * 0.6) * 1.15)
    case .grain: return noise.value(u * 2.6, v * 2.6)
    case .rings:
      let (a, b) = (u - offset.x - 6 / wavelength, v - offset.y - 6 / wavelength)
      return edge(wave((a * a + b * b).squareRoot()), 0.5)
    case .hatching: return noise.value(u * 2, v * 0.28)
    }
  }

  /// Distance to the nearest of one random point per lattice cell.
  private func nearestSeed(_ x: Float, _ y: Float) -> Float {
    let (floorX, floorY) = (x.rounded(.down), y.rounded(.down))
    var best: Float = 4
    for row in -1...1 {
      for column in -1...1 {
        let (i, j) = (Int32(floorX) + Int32(column), Int32(floorY) + Int32(row))
        let a = Float(i) + noise.lattice(i, j) - x
        let b = Float(j) + noise.lattice(i &+ 7919, j) - y
        best = min(best, a * a + b * b)
      }
    }
    return best.squareRoot()
  }
}

/// Triangle wave of period 1 between 0 and 1.
@inline(__always)
private func wave(_ x: Float) -> Float { abs(2 * fraction(x) - 1) }

@inline(__always)
private func fraction(_ x: Float) -> Float { x - x.rounded(.down) }

/// A step at `place`, softened over a fifth of the pattern's unit so that it does not alias.
@inline(__always)
private func edge(_ x: Float, _ place: Float) -> Float { smoothStep(x, from: place - 0.1, to: place + 0.1) }
