/// Value noise: random numbers on a lattice, smoothly interpolated between.
struct Noise {
  /// Tells independent noises apart.
  let salt: UInt32

  /// A number in [0, 1) that belongs to a lattice point.
  @inline(__always)
  func lattice(_ column: Int32, _ row: Int32) -> Float {
    var bits = UInt32(bitPattern: column) &* 0x9E37_79B1 ^ UInt32(bitPattern: row) &* 0x85EB_CA77 ^ salt
    // Multiply and fold until each input bit reaches each of the upper 24 output bits.
    bits = (bits ^ bits >> 15) &* 0x2C1B_3C6D
    bits = (bits ^ bits >> 12) &* 0x297A_2D39
    bits ^= bits >> 15
    return Float(bits >> 8) * 0x1p-24
  }

  /// Smooth noise of wavelength about 2, between 0 and 1.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let (floorX, floorY) = (x.rounded(.down), y.rounded(.down))
    let (column, row) = (Int32(floorX), Int32(floorY))
    let (u, v) = (smooth(x - floorX), smooth(y - floorY))
    let top = lattice(column, row) * (1 - u) + lattice(column + 1, row) * u
    let bottom = lattice(column, row + 1) * (1 - u) + lattice(column + 1, row + 1) * u
    return top * (1 - v) + bottom * v
  }

  /// Three octaves of noise, between 0 and 1.
  @inline(__always)
  func clouds(_ x: Float, _ y: Float) -> Float {
    (value(x, y) * 4 + value(x * 2 + 17, y * 2 + 5) * 2 + value(x * 4 + 3, y * 4 + 29)) / 7
  }
}

/// Cubic step from 0 to 1 with flat ends, for an argument between 0 and 1.
@inline(__always)
func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }

/// Cubic step that rises from 0 at `from` to 1 at `to`.
@inline(__always)
func smoothStep(_ x: Float, from: Float, to: Float) -> Float { smooth(min(1, max(0, (x - from) / (to - from)))) }
