import Support

extension Philox {
  /// Fills `target` with standard normal numbers; number `i` depends on this stream and `offset + i` alone.
  ///
  /// Box–Muller on pairs of uniform numbers with 24 bits, so values lie within ±5.9. The sine, cosine and logarithm
  /// are polynomials (relative error below 3e-7) because they vectorise and the C library's do not.
  ///
  /// - Parameters:
  ///   - target: where the numbers go.
  ///   - offset: index of the first number; a multiple of 32.
  public func fillNormal(_ target: UnsafeMutableBufferPointer<Float>, offset: Int = 0) {
    precondition(offset % 32 == 0, "fillNormal: offset \(offset) is not a multiple of 32")
    guard let base = target.baseAddress else { return }
    let whole = target.count / 32
    for group in 0..<whole {
      let (a, b, c, d) = normals(group: offset / 32 + group)
      let place = UnsafeMutableRawPointer(base + 32 * group)
      place.storeBytes(of: a, as: SIMD8<Float>.self)
      place.storeBytes(of: b, toByteOffset: 32, as: SIMD8<Float>.self)
      place.storeBytes(of: c, toByteOffset: 64, as: SIMD8<Float>.self)
      place.storeBytes(of: d, toByteOffset: 96, as: SIMD8<Float>.self)
    }
    let rest = target.count - 32 * whole
    guard rest > 0 else { return }
    let (a, b, c, d) = normals(group: offset / 32 + whole)
    for index in 0..<rest {
      let part = index < 8 ? a : index < 16 ? b : index < 24 ? c : d
      base[32 * whole + index] = part[index % 8]
    }
  }

  /// 32 normal numbers from eight Philox blocks.
  @inline(__always)
  private func normals(group: Int) -> (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>) {
    let (x, y, z, w) = wordsOfEightBlocks(from: UInt64(group) * 8)
    let (a, b) = boxMuller(x, y)
    let (c, d) = boxMuller(z, w)
    return (a, b, c, d)
  }

  /// Eight consecutive blocks at once, word by word; the same values as `words(at:)`.
  @inline(__always)
  private func wordsOfEightBlocks(from block: UInt64) -> (
    SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>
  ) {
    let lanes = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
    // Groups of eight start at multiples of eight, so the low word of the counter cannot overflow within one.
    var x = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: block)) &+ lanes
    var y = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: block >> 32))
    var z = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: stream))
    var w = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: stream >> 32))
    var key0 = UInt32(truncatingIfNeeded: seed)
    var key1 = UInt32(truncatingIfNeeded: seed >> 32)
    for _ in 0..<10 {
      let (lowHigh, lowLow) = wideProduct(x, 0xD251_1F53)
      let (highHigh, highLow) = wideProduct(z, 0xCD9E_8D57)
      x = highHigh ^ y ^ SIMD8(repeating: key0)
      y = highLow
      z = lowHigh ^ w ^ SIMD8(repeating: key1)
      w = lowLow
      key0 = key0 &+ 0x9E37_79B9
      key1 = key1 &+ 0xBB67_AE85
    }
    return (x, y, z, w)
  }
}

/// The 64-bit products of eight 32-bit words with one factor, as high and low words.
///
/// Even and odd words apart, as 64-bit lanes whose upper halves are zero: that is one instruction on every machine,
/// where a conversion lane by lane is dozens.
@inline(__always)
private func wideProduct(_ a: SIMD8<UInt32>, _ factor: UInt64) -> (high: SIMD8<UInt32>, low: SIMD8<UInt32>) {
  let pairs = unsafeBitCast(a, to: SIMD4<UInt64>.self)
  let lowHalf = SIMD4<UInt64>(repeating: 0xFFFF_FFFF)
  let highHalf = SIMD4<UInt64>(repeating: 0xFFFF_FFFF_0000_0000)
  let shift = SIMD4<UInt64>(repeating: 32)
  let factors = SIMD4<UInt64>(repeating: factor)
  let even = (pairs & lowHalf) &* factors
  let odd = (pairs &>> shift) &* factors
  return (
    unsafeBitCast((even &>> shift) | (odd & highHalf), to: SIMD8<UInt32>.self),
    unsafeBitCast((even & lowHalf) | (odd &<< shift), to: SIMD8<UInt32>.self)
  )
}

/// Two normal numbers from the upper 24 bits of two words each: √(−2 ln u) times cosine and sine of v turns, with
/// u = (first + 1)/2²⁴ and v = second/2²⁴.
@inline(__always)
package func boxMuller(_ first: SIMD8<UInt32>, _ second: SIMD8<UInt32>) -> (SIMD8<Float>, SIMD8<Float>) {
  // In (0, 1]: the logarithm is finite.
  let u = (float(of24Bits: first &>> SIMD8(repeating: 8)) + 1) * 0x1p-24
  let radius = (-2 * logarithm(u)).squareRoot()
  let (sine, cosine) = sineAndCosine(turns: float(of24Bits: second &>> SIMD8(repeating: 8)) * 0x1p-24)
  return (radius * cosine, radius * sine)
}

/// Whole numbers below 2²⁴ as floats, exactly.
///
/// By bit patterns, because the standard library converts vectors lane by lane: 2²³ + k has k in its last bits.
@inline(__always)
private func float(of24Bits k: SIMD8<UInt32>) -> SIMD8<Float> {
  let magic = SIMD8<UInt32>(repeating: 0x4B00_0000)
  let high = unsafeBitCast((k &>> SIMD8(repeating: 12)) | magic, to: SIMD8<Float>.self) - 0x1p23
  let low = unsafeBitCast((k & SIMD8(repeating: 0xFFF)) | magic, to: SIMD8<Float>.self) - 0x1p23
  return high * 4096 + low
}

/// Natural logarithm of positive normal numbers: exponent, and a series in s = (m − 1)/(m + 1) for the mantissa.
@inline(__always)
private func logarithm(_ x: SIMD8<Float>) -> SIMD8<Float> {
  let bits = unsafeBitCast(x, to: SIMD8<UInt32>.self)
  // Mantissa in [√½, √2): the offset moves the cut between exponents.
  let shifted = bits &- SIMD8(repeating: 0x3F35_04F3)
  // The exponent is a small signed number k: 1.5·2²³ + k has it in its last bits.
  let biased = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &>> SIMD8(repeating: 23) &+ SIMD8(repeating: 0x4B40_0000)
  let exponent = unsafeBitCast(biased, to: SIMD8<Float>.self) - 0x1.8p23
  let fraction = (shifted & SIMD8(repeating: 0x007F_FFFF)) &+ SIMD8(repeating: 0x3F35_04F3)
  let mantissa = unsafeBitCast(fraction, to: SIMD8<Float>.self)
  let s = (mantissa - 1) / (mantissa + 1)
  let t = s * s
  var series = t * (1.0 / 9) + (1.0 / 7)
  series = t * series + 0.2
  series = t * series + (1.0 / 3)
  series = t * series + 1
  return exponent * 0.693_147_18 + 2 * s * series
}

/// Sine and cosine of an angle in turns, [0, 1): quarter turns exactly, polynomials within an eighth turn.
///
/// The coefficients are those of Cephes (Moshier), which spread the error evenly; Taylor's leave 4e-7 at the ends.
@inline(__always)
private func sineAndCosine(turns: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
  // The nearest quarter turn: adding 2²³ rounds, and leaves it in the last bits.
  let rounded = turns * 4 + 0x1p23
  let quarter = unsafeBitCast(rounded, to: SIMD8<UInt32>.self)
  let angle = (turns - (rounded - 0x1p23) * 0.25) * (2 * Float.pi)
  let t = angle * angle
  var sine = t * -1.951_529_6e-4 + 8.332_161e-3
  sine = t * sine - 0.166_666_55
  sine = angle * (t * sine + 1)
  var cosine = t * 2.443_315_7e-5 - 1.388_731_6e-3
  cosine = t * cosine + 4.166_664_6e-2
  cosine = t * cosine - 0.5
  cosine = t * cosine + 1
  let one = SIMD8<UInt32>(repeating: 1)
  let two = SIMD8<UInt32>(repeating: 2)
  let swaps = (quarter & one) .!= SIMD8(repeating: 0)
  // The sign bit of each: the second bit of the quarter, and of the quarter after it.
  let sineSign = (quarter & two) &<< SIMD8(repeating: 30)
  let cosineSign = ((quarter &+ one) & two) &<< SIMD8(repeating: 30)
  return (
    signed(sine.replacing(with: cosine, where: swaps), by: sineSign),
    signed(cosine.replacing(with: sine, where: swaps), by: cosineSign)
  )
}

@inline(__always)
private func signed(_ x: SIMD8<Float>, by sign: SIMD8<UInt32>) -> SIMD8<Float> {
  unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) ^ sign, to: SIMD8<Float>.self)
}

extension Tensor {
  /// Standard normal numbers from a stream; the values do not depend on the number of threads.
  public static func normal(_ shape: Shape, _ random: Philox) -> Tensor {
    let result = Tensor(uninitialized: shape)
    nonisolated(unsafe) let target = result.base
    let count = shape.count
    let groups = (count + 1023) / 1024
    parallelFor(count: groups, grain: 8) { range in
      for group in range {
        let start = group * 1024
        random.fillNormal(
          UnsafeMutableBufferPointer(start: target + start, count: min(1024, count - start)), offset: start)
      }
    }
    return result
  }

  /// Uniform numbers in [lower, upper) from a stream.
  public static func uniform(_ shape: Shape, in range: Range<Float>, _ random: Philox) -> Tensor {
    var generator = RandomGenerator(random)
    return Tensor(shape: shape) { values in
      for index in values.indices { values[index] = generator.uniform(in: range) }
    }
  }
}
