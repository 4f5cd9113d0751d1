import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Normal numbers")
struct GaussianTests {
  /// √(−2 ln u) for each of the 2²⁴ values of u: with v = 0 the cosine is 1 and the sine 0.
  @Test("have an exact radius to 3·10⁻⁷, for every uniform number")
  func radius() {
    let worst = worstOfAll { words in
      let (cosines, sines) = boxMuller(words &<< 8, SIMD8(repeating: 0))
      return (0..<8).reduce(0) { worst, lane in
        let expected = (-2 * log(Double(words[lane] + 1) * 0x1p-24)).squareRoot()
        let error = abs(Double(cosines[lane]) - expected) / max(expected, .leastNormalMagnitude)
        return max(worst, error, Double(abs(sines[lane])))
      }
    }
    #expect(worst < 3e-7)
  }

  /// u is 2⁻²⁴ throughout: the radius is known and the largest there is.
  @Test("have exact sines and cosines to 3·10⁻⁷, for every angle")
  func angles() {
    let radius = (-2 * log(0x1p-24)).squareRoot()
    let worst = worstOfAll { words in
      let (cosines, sines) = boxMuller(SIMD8(repeating: 0), words &<< 8)
      return (0..<8).reduce(0) { worst, lane in
        let angle = 2 * Double.pi * Double(words[lane]) * 0x1p-24
        return max(
          worst, abs(Double(cosines[lane]) / radius - cos(angle)), abs(Double(sines[lane]) / radius - sin(angle)))
      }
    }
    #expect(worst < 3e-7)
  }

  /// The largest result over all numbers of 24 bits, eight at a time.
  private func worstOfAll(_ error: @Sendable (SIMD8<UInt32>) -> Double) -> Double {
    let parts = Tensor.zeros([64])
    parts.mutate { worst in
      nonisolated(unsafe) let worst = worst
      let lanes = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
      parallelFor(count: 64) { range in
        for part in range {
          var largest = 0.0
          for group in 0..<(1 << 15) {
            let first = UInt32(part << 18 + group << 3)
            largest = max(largest, error(lanes &+ SIMD8(repeating: first)))
          }
          worst[part] = Float(largest)
        }
      }
    }
    return Double(parts.floats.max() ?? .nan)
  }

  /// Blocks beyond 2³² carry into the counter's second word.
  @Test("are those of their Philox blocks", arguments: [0, 32, 3200, 1 << 36, 3 << 40])
  func blocks(offset: Int) {
    let philox = Philox(seed: 0x1234_5678_9ABC_DEF0).split(.noise, 77)
    let values = numbers(philox, 32 * 5, offset: offset)
    for group in 0..<5 {
      for lane in 0..<8 {
        let words = philox.words(at: UInt64(offset / 4 + 8 * group + lane))
        for (place, first, second) in [(0, words.x, words.y), (16, words.z, words.w)] {
          let radius = (-2 * log(Double(first >> 8 + 1) * 0x1p-24)).squareRoot()
          let angle = 2 * Double.pi * Double(second >> 8) * 0x1p-24
          // The errors of radius and angle that the tests above bound.
          #expect(abs(Double(values[32 * group + place + lane]) - radius * cos(angle)) < 7e-7 * radius)
          #expect(abs(Double(values[32 * group + place + 8 + lane]) - radius * sin(angle)) < 7e-7 * radius)
        }
      }
    }
  }

  @Test("number i depends on the stream and i alone")
  func offsets() {
    let philox = Philox(seed: 5)
    let whole = numbers(philox, 5000)
    for (offset, count) in [(0, 1), (0, 31), (32, 33), (64, 4000), (4992, 8)] {
      #expect(numbers(philox, count, offset: offset) == Array(whole[offset..<offset + count]))
    }
    expectSame(Tensor.normal([50, 100], philox).floats, whole)
    #expect(Tensor.normal([5000], Philox(seed: 6)).floats != whole)
    #expect(Tensor.normal([5000], Philox(seed: 5, stream: 1)).floats != whole)
  }

  private func numbers(_ philox: Philox, _ count: Int, offset: Int = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      philox.fillNormal(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), offset: offset)
      initialized = count
    }
  }

  /// Each bound is five standard deviations of the statistic for n independent normal numbers.
  @Test("have the moments, tails and independence of a normal distribution", arguments: [1, 2] as [UInt64])
  func statistics(seed: UInt64) {
    let n = 1 << 21
    let x = Tensor.normal([n], Philox(seed: seed)).floats.map(Double.init)
    let count = Double(n)
    func mean(_ values: (Double) -> Double) -> Double { x.reduce(0) { $0 + values($1) } / count }
    #expect(abs(mean { $0 }) < 5 / count.squareRoot())
    #expect(abs(mean { $0 * $0 } - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(mean { $0 * $0 * $0 }) < 5 * (15 / count).squareRoot())
    #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / count).squareRoot())
    for limit in [1.0, 2, 3, 4, 4.5] {
      let share = erfc(limit / 2.0.squareRoot())
      let found = mean { abs($0) > limit ? 1 : 0 }
      #expect(abs(found - share) < 5 * (share / count).squareRoot(), "beyond \(limit)")
    }
    #expect(x.allSatisfy { abs($0) < 5.9 })
    // Lags 1 to 32: neighbours in a vector, cosine and sine of one pair (8), pairs of one block (16), groups (32).
    for lag in [1, 2, 7, 8, 9, 16, 24, 32, 1024] {
      let pairs = Double(n - lag)
      let product = (lag..<n).reduce(0.0) { $0 + x[$1] * x[$1 - lag] } / pairs
      #expect(abs(product) < 5 / pairs.squareRoot(), "lag \(lag)")
      // cos² + sin² = 1, but the squares of normal numbers are independent: their covariance has deviation 2/√n.
      let squares = (lag..<n).reduce(0.0) { $0 + (x[$1] * x[$1] - 1) * (x[$1 - lag] * x[$1 - lag] - 1) } / pairs
      #expect(abs(squares) < 5 * 2 / pairs.squareRoot(), "squares at lag \(lag)")
    }
  }

  @Test("fill 64 cells of equal probability evenly")
  func cells() {
    let n = 1 << 20
    var counts = [Double](repeating: 0, count: 64)
    for x in Tensor.normal([n], Philox(seed: 3)).floats {
      counts[min(63, Int(64 * 0.5 * erfc(-Double(x) / 2.0.squareRoot())))] += 1
    }
    let expected = Double(n) / 64
    let square = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // χ² with 63 degrees of freedom: mean 63, deviation 11.2; five deviations.
    #expect(square < 63 + 5 * 11.2)
  }
}

@Suite("Uniform numbers and dropout")
struct DropoutTests {
  @Test("uniform numbers lie in their range, with its mean and variance")
  func uniform() {
    let values = Tensor.uniform([1 << 18], in: -2..<6, Philox(seed: 1)).floats.map(Double.init)
    let count = Double(values.count)
    #expect(values.allSatisfy { $0 >= -2 && $0 < 6 })
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // Deviations: 8/√(12 n), and √(8⁴ (1/80 − 1/144) / n).
    #expect(abs(mean - 2) < 5 * 8 / (12 * count).squareRoot())
    #expect(abs(variance - 64.0 / 12) < 5 * (4096 * (1.0 / 80 - 1.0 / 144) / count).squareRoot())
  }

  @Test("dropout sets its share to zero, scales the rest, and passes gradients likewise", arguments: [0.1, 0.5, 0.9])
  func dropout(rate: Float) {
    let input = Tensor.filled(3, shape: [100_003])
    input.setRequiresGradient(true)
    let output = input.dropout(rate: rate, random: Philox(seed: 7))
    let kept = output.floats.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 3 / (1 - rate)) < 1e-6 * $0 })
    let share = 1 - Double(kept.count) / 100_003
    // Binomial: five deviations.
    #expect(abs(share - Double(rate)) < 5 * (Double(rate) * Double(1 - rate) / 100_003).squareRoot())
    let gradient = gradients(of: output.sum(), with: [input])[0].floats
    #expect(zip(gradient, output.floats).allSatisfy { abs($0 * 3 - $1) < 1e-5 * $1 || $0 == $1 })
    expectSame(input.dropout(rate: rate, random: Philox(seed: 7)).floats, output.floats)
    #expect(input.dropout(rate: rate, random: Philox(seed: 8)).floats != output.floats)
    expectSame(input.dropout(rate: 0, random: Philox(seed: 7)).floats, input.floats)
  }
}
