import Support

/// Permutation tests: exact where there are few enough rearrangements, else by drawing them; deterministic in the seed.
///
/// Two-sided p-values are twice the smaller tail, at most 1, as scipy has them; drawn ones count the observed
/// arrangement too, so that they are never 0 (Phipson and Smyth, 2010).
public struct PermutationTest: Sendable, Equatable, Codable {
  /// Up to this many rearrangements all are counted.
  public var largestExact: Int
  /// Rearrangements that are drawn where there are more.
  public var draws: Int
  /// Seed of the draws.
  public var seed: UInt64

  /// - Parameters:
  ///   - largestExact: up to this many rearrangements all are counted.
  ///   - draws: rearrangements that are drawn where there are more.
  ///   - seed: seed of the draws.
  public init(largestExact: Int = 1 << 18, draws: Int = 9999, seed: UInt64 = 1) {
    precondition(draws > 0, "PermutationTest: \(draws) draws")
    self.largestExact = largestExact
    self.draws = draws
    self.seed = seed
  }

  /// Whether paired differences are symmetric about zero: their mean under every choice of signs.
  ///
  /// - Parameters:
  ///   - differences: one per pair.
  ///   - unit: what one pair is, for the method's name.
  /// - Returns: nil without pairs.
  public func signFlips(_ differences: [Double], over unit: String = "pairs") -> SignificanceTest? {
    guard let centre = mean(of: differences) else { return nil }
    // A pair that does not differ counts the same under both signs.
    let values = differences.filter { $0 != 0 }
    let observed = values.reduce(0, +)
    var tails = Tails(observed: observed, scale: values.reduce(0) { $0 + abs($1) })
    let isExact = values.count < 62 && 1 << values.count <= largestExact
    if isExact {
      // Sums over two halves, each combination of which is one choice of signs: no rounding adds up over the choices.
      let half = values.count / 2
      let (first, second) = (Self.signedSums(values[..<half]), Self.signedSums(values[half...]))
      for a in first { for b in second { tails.count(a + b) } }
    } else {
      var random = SplitMix64(seed: seed)
      for _ in 0..<draws {
        var sum = 0.0
        var bits: UInt64 = 0
        for (i, value) in values.enumerated() {
          if i & 63 == 0 { bits = random.next() }
          sum += bits & 1 == 0 ? value : -value
          bits >>= 1
        }
        tails.count(sum)
      }
    }
    return SignificanceTest(
      statistic: centre, pValue: tails.pValue(isExact: isExact),
      method: name("sign-flip test over \(differences.count) \(unit)", isExact))
  }

  /// Whether two independent samples come from one distribution: the difference of their means under every split.
  ///
  /// - Parameters:
  ///   - a: one sample.
  ///   - b: the other.
  /// - Returns: mean(a) − mean(b) as the statistic; nil where a sample is empty.
  public func twoSamples(_ a: [Double], _ b: [Double]) -> SignificanceTest? {
    guard let centreA = mean(of: a), let centreB = mean(of: b) else { return nil }
    var pooled = a + b
    let total = pooled.reduce(0, +)
    // The difference of means grows with the first sample's sum alone.
    var tails = Tails(observed: a.reduce(0, +), scale: pooled.reduce(0) { $0 + abs($1) })
    let isExact = Self.choices(a.count, of: pooled.count, limit: largestExact) != nil
    if isExact {
      Self.forEachSum(of: a.count, from: pooled[...], sum: 0) { tails.count($0) }
    } else {
      var random = SplitMix64(seed: seed)
      for _ in 0..<draws {
        // The smaller sample is drawn, the rest of the total is the other's.
        let drawn = min(a.count, b.count)
        var sum = 0.0
        for i in 0..<drawn {
          pooled.swapAt(i, i + random.index(below: pooled.count - i))
          sum += pooled[i]
        }
        tails.count(a.count == drawn ? sum : total - sum)
      }
    }
    return SignificanceTest(
      statistic: centreA - centreB, pValue: tails.pValue(isExact: isExact),
      method: name("permutation test of \(a.count) against \(b.count)", isExact))
  }

  private func name(_ test: String, _ isExact: Bool) -> String {
    isExact ? "exact \(test)" : "\(test), \(draws) draws, seed \(seed)"
  }

  /// All 2ⁿ sums of the values under either sign.
  private static func signedSums(_ values: ArraySlice<Double>) -> [Double] {
    values.reduce([0]) { sums, value in sums.map { $0 + value } + sums.map { $0 - value } }
  }

  /// Number of ways to choose; nil above the limit.
  private static func choices(_ chosen: Int, of count: Int, limit: Int) -> Int? {
    var ways = 1
    for i in 0..<min(chosen, count - chosen) {
      let (product, overflow) = ways.multipliedReportingOverflow(by: count - i)
      // Whole at every step: a product of i + 1 successive numbers is a multiple of (i + 1)!.
      ways = product / (i + 1)
      if overflow || ways > limit { return nil }
    }
    return ways
  }

  private static func forEachSum(
    of chosen: Int, from values: ArraySlice<Double>, sum: Double, _ body: (Double) -> Void
  ) {
    guard chosen > 0 else { return body(sum) }
    guard let first = values.first, values.count >= chosen else { return }
    let rest = values.dropFirst()
    forEachSum(of: chosen - 1, from: rest, sum: sum + first, body)
    forEachSum(of: chosen, from: rest, sum: sum, body)
  }
}

/// How many rearrangements lie at or beyond the observed one, on each side.
private struct Tails {
  private let observed: Double
  private let tolerance: Double
  private var atLeast = 0
  private var atMost = 0
  private var all = 0

  /// - Parameters:
  ///   - observed: the statistic as it was.
  ///   - scale: sum of absolute values, which bounds the rounding of every sum.
  init(observed: Double, scale: Double) {
    self.observed = observed
    tolerance = 1e-13 * scale
  }

  mutating func count(_ value: Double) {
    all += 1
    if value >= observed - tolerance { atLeast += 1 }
    if value <= observed + tolerance { atMost += 1 }
  }

  func pValue(isExact: Bool) -> Double {
    let one = isExact ? 0 : 1
    return min(1, 2 * Double(min(atLeast, atMost) + one) / Double(all + one))
  }
}
