import Checkpoints
import Statistics
import TestSupport
import Testing

/// Values of scipy and statsmodels: Tests/Golden/comparisons.py.
@Suite("Comparisons agree with scipy and statsmodels", .tags(.golden))
struct ComparisonTests {
  static func cases(_ operation: String) throws -> [GoldenCase] {
    try Golden.cases("comparisons").filter { $0.operation == operation }
  }

  private func near(_ actual: Double?, _ expected: Double, _ name: String, relative: Double = 1e-12) {
    guard let actual else {
      Issue.record("\(name): no value, expected \(expected)")
      return
    }
    #expect(actual == expected || abs(actual - expected) <= relative * max(1e-3, abs(expected)), "\(name): \(actual)")
  }

  private func statistic(_ name: String, _ values: [Double]) -> Double {
    (name == "mean" ? mean(of: values) : standardDeviation(of: values)) ?? .nan
  }

  @Test("BCa intervals of the same resamples", arguments: try cases("bca"))
  func corrected(_ golden: GoldenCase) throws {
    let sample = try golden.stored("input.0").doubles()
    let name = try golden.text("statistic")
    let expected = try golden.stored("output").doubles()
    let jackknife = sample.indices.map { left in
      statistic(name, sample.indices.filter { $0 != left }.map { sample[$0] })
    }
    let estimate = Bootstrap(resamples: 499).correctedInterval(
      around: statistic(name, sample), try golden.stored("replicates").doubles(), jackknife: jackknife,
      count: sample.count, over: "values")
    near(estimate.value, expected[0], golden.name)
    near(estimate.lower, expected[1], golden.name, relative: 1e-9)
    near(estimate.upper, expected[2], golden.name, relative: 1e-9)
    #expect(estimate.method.contains("BCa"))
  }

  @Test("BCa intervals of own resamples within their Monte-Carlo error", arguments: try cases("bca-long"))
  func correctedByDrawing(_ golden: GoldenCase) throws {
    let sample = try golden.stored("input.0").doubles()
    let expected = try golden.stored("output").doubles()
    let estimate = try #require(Bootstrap(resamples: 40_000).correctedEstimate(sample) { statistic("mean", $0) })
    // √(p(1−p)/R) over a density near 0.1 at the ends, four of them; the upper tail is longer.
    #expect(abs(try #require(estimate.lower) - expected[0]) < 0.02)
    #expect(abs(try #require(estimate.upper) - expected[1]) < 0.05)
  }

  @Test("exact sign-flip tests", arguments: try cases("sign-flips"))
  func signFlips(_ golden: GoldenCase) throws {
    let (values, expected) = (try golden.stored("input.0").doubles(), try golden.stored("output").doubles())
    let test = try #require(PermutationTest().signFlips(values))
    near(test.statistic, expected[0], golden.name)
    near(test.pValue, expected[1], golden.name)
    #expect(test.method.hasPrefix("exact"))
    // Drawn signs come near: four standard errors of a share.
    let drawn = try #require(PermutationTest(largestExact: 0, draws: 20_000).signFlips(values))
    #expect(abs(drawn.pValue - expected[1]) < 0.03, "\(golden.name): drawn \(drawn.pValue)")
    #expect(drawn.method.contains("20000 draws, seed 1"))
  }

  @Test("exact two-sample tests", arguments: try cases("two-samples"))
  func twoSamples(_ golden: GoldenCase) throws {
    let (a, b) = (try golden.stored("input.0").doubles(), try golden.stored("input.1").doubles())
    let expected = try golden.stored("output").doubles()
    let test = try #require(PermutationTest().twoSamples(a, b))
    near(test.statistic, expected[0], golden.name)
    near(test.pValue, expected[1], golden.name)
    let drawn = try #require(PermutationTest(largestExact: 0, draws: 20_000).twoSamples(a, b))
    #expect(abs(drawn.pValue - expected[1]) < 0.03, "\(golden.name): drawn \(drawn.pValue)")
    let swapped = try #require(PermutationTest(largestExact: 0, draws: 20_000).twoSamples(b, a))
    #expect(abs(swapped.pValue - expected[1]) < 0.03, "\(golden.name): drawn \(swapped.pValue)")
  }

  @Test("t tests", arguments: try cases("paired-t") + cases("welch"))
  func tTests(_ golden: GoldenCase) throws {
    let expected = try golden.stored("output").doubles()
    let first = try golden.stored("input.0").doubles()
    let test =
      golden.operation == "welch" ? welchTTest(first, try golden.stored("input.1").doubles()) : pairedTTest(first)
    near(test?.statistic, expected[0], golden.name, relative: 1e-10)
    near(test?.pValue, expected[1], golden.name, relative: 1e-10)
  }

  @Test("Holm's correction", arguments: try cases("holm"))
  func holm(_ golden: GoldenCase) throws {
    let expected = try golden.stored("output").doubles()
    for (actual, wanted) in zip(holmAdjusted(try golden.stored("input.0").doubles()), expected) {
      near(actual, wanted, golden.name)
    }
  }

  @Test("proportions, McNemar's test, normal quantiles and the number of pairs needed")
  func others() throws {
    for golden in try Self.cases("wilson") + Self.cases("mcnemar") {
      let (a, b) = (try golden.stored("input.0").doubles(), try golden.stored("input.1").doubles())
      let expected = try golden.stored("output").doubles()
      for i in a.indices {
        if golden.operation == "wilson" {
          let interval = wilsonInterval(Int(a[i]), of: Int(b[i]))
          near(interval?.lower, expected[2 * i], "\(a[i]) of \(b[i])", relative: 1e-10)
          near(interval?.upper, expected[2 * i + 1], "\(a[i]) of \(b[i])", relative: 1e-10)
        } else {
          let test = mcNemarTest(onlyFirst: Int(a[i]), onlySecond: Int(b[i]))
          near(test.pValue, expected[i], "\(a[i]) and \(b[i])", relative: 1e-10)
        }
      }
    }
    for golden in try Self.cases("normal") {
      for (p, x) in zip(try golden.stored("input.0").doubles(), try golden.stored("output").doubles()) {
        #expect(abs(NormalDistribution.quantile(p) - x) < 1e-9 * max(1, abs(x)), "\(p)")
        #expect(abs(NormalDistribution.cumulative(x) - p) < 1e-12)
      }
    }
    for golden in try Self.cases("pairs-needed") {
      for (ratio, exact) in zip(try golden.stored("input.0").doubles(), try golden.stored("output").doubles()) {
        let needed = try #require(pairsNeeded(mean: -ratio * 0.01, deviation: 0.01))
        #expect(abs(Double(needed) - exact) <= 1, "\(ratio): \(needed), exactly \(exact)")
      }
    }
  }
}

/// Values of scipy: Tests/Golden/comparisons.py.
@Suite("Power agrees with scipy", .tags(.golden))
struct PowerTests {
  private func rows(_ golden: GoldenCase) throws -> [(inputs: [Double], expected: Double)] {
    let expected = try golden.stored("output").doubles()
    let inputs = try golden.stored("input.0").doubles()
    let width = inputs.count / expected.count
    return expected.indices.map { row in (Array(inputs[width * row..<width * (row + 1)]), expected[row]) }
  }

  @Test("the noncentral t distribution", arguments: try ComparisonTests.cases("noncentral-t"))
  func noncentral(_ golden: GoldenCase) throws {
    for (point, expected) in try rows(golden) {
      let value = NoncentralT(degreesOfFreedom: point[1], noncentrality: point[2]).cumulative(point[0])
      // scipy has no value in the far tail of some, and few digits in that of others.
      #expect(abs(value - (expected.isNaN ? 0 : expected)) < 1e-9, "\(point): \(value) for \(expected)")
    }
  }

  @Test(
    "the power of a two-sided t test, which is its level without an effect",
    arguments: try ComparisonTests.cases("power"))
  func power(_ golden: GoldenCase) throws {
    for (study, expected) in try rows(golden) {
      let value = tTestPower(effect: study[0], count: Int(study[1]), level: study[2])
      #expect(abs(value - expected) < 1e-9, "\(study): \(value) for \(expected)")
      if study[0] == 0 { #expect(abs(value - study[2]) < 1e-9) }
    }
  }

  @Test("the smallest effect that is found in four of five studies", arguments: try ComparisonTests.cases("smallest"))
  func smallest(_ golden: GoldenCase) throws {
    for (design, expected) in try rows(golden) {
      let value = smallestEffect(count: Int(design[0]), level: design[1])
      #expect(abs(value - expected) < 1e-7 * expected, "\(design): \(value) for \(expected)")
    }
    #expect(abs(smallestEffect(count: 3) - 5.65) < 0.005)
  }
}

@Suite("Comparisons of samples that have little to say")
struct DegenerateComparisonTests {
  @Test("a bootstrap of equal values has an interval of no width, one of ties a usable one")
  func corrected() throws {
    func average(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let constant = try #require(Bootstrap(resamples: 200).correctedEstimate([2, 2, 2, 2], statistic: average))
    #expect(constant.value == 2 && constant.lower == 2 && constant.upper == 2)
    #expect(Bootstrap().correctedEstimate([], statistic: average) == nil)
    #expect(Bootstrap().correctedEstimate([1], statistic: average)?.lower == nil)
    // The maximum is never exceeded by a resample: the correction still exists, thanks to ties.
    let extreme = try #require(Bootstrap(resamples: 500).correctedEstimate([1, 2, 3, 9]) { $0.max() ?? 0 })
    #expect(try #require(extreme.lower) <= 9 && extreme.upper == 9)
    // A statistic that every resample exceeds: no correction, and the method says so.
    let beyond = Bootstrap(resamples: 10).correctedInterval(
      around: 0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], jackknife: [0, 0], count: 2, over: "values")
    #expect(beyond.method.contains("bias beyond correction") && beyond.lower != nil)
  }

  @Test("t tests say so where there is no spread")
  func tTests() throws {
    #expect(pairedTTest([0.5]) == nil && welchTTest([1], [1, 2]) == nil)
    #expect(pairedTTest([0, 0, 0])?.pValue == 1)
    let same = try #require(pairedTTest([0.25, 0.25, 0.25]))
    #expect(same.pValue == 0 && same.statistic == .infinity && same.method.hasSuffix("no spread"))
    #expect(welchTTest([1, 1], [1, 1])?.pValue == 1)
  }

  @Test("a summary of pairs tells how many would be needed, and when nobody can tell")
  func summary() throws {
    let few = try #require(PairedSummary([0.01, 0.03, -0.005], over: "seeds"))
    #expect(few.count == 3 && few.difference.method.contains("3 seeds"))
    #expect(try #require(few.pairsNeeded) > 3)
    #expect(PairedSummary([], over: "seeds") == nil)
    let one = try #require(PairedSummary([0.5], over: "seeds"))
    #expect(one.deviation == nil && one.tTest == nil && one.pairsNeeded == nil && one.difference.lower == nil)
    #expect(one.permutation.pValue == 1)
    #expect(try #require(PairedSummary([0, 0], over: "seeds")).pairsNeeded == nil)
    #expect(pairsNeeded(mean: 1e-9, deviation: 1) == nil)
    #expect(pairsNeeded(mean: 1, deviation: 0) == 2)
  }

  @Test("nothing is found too often where there is nothing: the level of the tests holds")
  func level() {
    var random = SplitMix64(seed: 9)
    func normalLike() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) } }
    var rejected = (flips: 0, t: 0, holm: 0)
    let studies = 1000
    for _ in 0..<studies {
      let tests = (0..<3).map { _ in (0..<8).map { _ in normalLike() } }
      if (PermutationTest().signFlips(tests[0])?.pValue ?? 1) <= 0.05 { rejected.flips += 1 }
      let pValues = tests.compactMap { pairedTTest($0)?.pValue }
      if pValues[0] <= 0.05 { rejected.t += 1 }
      if holmAdjusted(pValues).contains(where: { $0 <= 0.05 }) { rejected.holm += 1 }
    }
    // 50 of 1000 expected, standard deviation 6.9.
    #expect(rejected.flips < 80 && rejected.t < 80 && rejected.holm < 80, "\(rejected)")
    #expect(rejected.flips > 20 && rejected.t > 20 && rejected.holm > 20, "\(rejected)")
  }
}
