import Tensors
import Testing

@Suite("Philox") struct PhiloxTests {
  /// Vectors of the authors' reference implementation (Random123, kat_vectors, philox4x32 with 10 rounds).
  @Test(
    "gives the published known answers",
    arguments: [
      (0, 0, 0, SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
      (.max, .max, .max, SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
      (
        0x299f_31d0_a409_3822, 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e,
        SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ] as [(UInt64, UInt64, UInt64, SIMD4<UInt32>)])
  func knownAnswers(key: UInt64, counter: UInt64, upperCounter: UInt64, expected: SIMD4<UInt32>) {
    #expect(Philox(seed: key, stream: upperCounter).words(at: counter) == expected)
  }

  @Test("a cursor reads the words of its blocks one after the other")
  func cursor() {
    let philox = Philox(seed: 7).split(.noise, 3)
    var random = RandomGenerator(philox)
    for block in 0..<3 {
      let words = philox.words(at: UInt64(block))
      for lane in 0..<4 { #expect(random.next32() == words[lane]) }
    }
  }

  @Test("whole numbers below a bound are uniform", arguments: [1, 2, 7, 10, 1000])
  func indices(count: Int) {
    var random = RandomGenerator(Philox(seed: 11))
    let draws = 2000 * count
    var counts = [Int](repeating: 0, count: count)
    for _ in 0..<draws { counts[random.index(below: count)] += 1 }
    // Each count is Poisson-like with mean 2000 and deviation 45; five deviations.
    #expect(counts.allSatisfy { abs($0 - 2000) < 224 })
  }

  @Test("streams of other parts, indices and seeds differ")
  func streams() {
    let streams = [
      Philox(seed: 1).split(.order, 0), Philox(seed: 1).split(.order, 1), Philox(seed: 1).split(.noise, 0),
      Philox(seed: 2).split(.order, 0),
    ]
    #expect(Set(streams.map { $0.words(at: 0) }).count == streams.count)
  }
}
