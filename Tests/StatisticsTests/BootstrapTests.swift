import Statistics
import Testing

/// Reference intervals: Tests/Golden/intervals.py (numpy, 200,000 resamples).
@Suite("The bootstrap")
struct BootstrapTests {
  func average(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test("gives the long reference's interval within its Monte-Carlo error")
  func mean() throws {
    let sample = [2.5, -1.0, 7.25, 0.0, 3.125, 9.5, -4.75]
    let estimate = try #require(Bootstrap(resamples: 20_000).estimate(sample, statistic: average))
    #expect(abs(estimate.value - 2.375) < 1e-14)
    // Standard error of a 2.5 % quantile: √(p(1−p)/R) over a density near 0.04, so 0.03 here; four of them.
    #expect(abs(try #require(estimate.lower) + 0.8929) < 0.12)
    #expect(abs(try #require(estimate.upper) - 5.7321) < 0.12)
  }

  @Test("recomputes the statistic in each resample of seeds and images")
  func twoLevels() throws {
    let groups: [[Double]] = [[1, 3, 2, 6, 4], [0, 0.5, 1.5, 1], [5, -5, 2, 2, 0, 1]]
    let estimate = try #require(
      Bootstrap(resamples: 20_000).twoLevelEstimate(counts: groups.map(\.count)) { group, units in
        standardDeviation(of: units.map { groups[group][$0] }) ?? 0
      })
    #expect(abs(estimate.value - 1.9602104730245495) < 1e-14)
    // Same reasoning: a density near 0.06 at the lower end and 0.1 at the upper one.
    #expect(abs(try #require(estimate.lower) - 0.53468) < 0.08)
    #expect(abs(try #require(estimate.upper) - 3.10404) < 0.08)
    #expect(estimate.count == 15)
    #expect(
      estimate.method == "95 % two-level bootstrap over 3 seeds and 15 images, 20000 resamples, seed 1")
  }

  @Test("is the same for the same seed and another for another")
  func deterministic() {
    let sample = (0..<40).map { Double($0 * $0 % 17) }
    let first = Bootstrap(seed: 5).estimate(sample, statistic: average)
    #expect(first == Bootstrap(seed: 5).estimate(sample, statistic: average))
    #expect(first?.lower != Bootstrap(seed: 6).estimate(sample, statistic: average)?.lower)
  }

  @Test("gives a single seed the interval over its images, and says so")
  func oneGroup() throws {
    let values = (0..<30).map { Double($0 % 7) }
    let estimate = try #require(
      Bootstrap().twoLevelEstimate(counts: [30]) { _, units in average(units.map { values[$0] }) })
    let low = try #require(estimate.lower)
    #expect(low < estimate.value && low > 0)
    #expect(estimate.method.contains("over 30 images, one of seeds"))
  }

  @Test("skips seeds without images and has nothing to say without any")
  func empty() throws {
    #expect(Bootstrap().twoLevelEstimate(counts: [0, 0]) { _, _ in 0 } == nil)
    #expect(Bootstrap().estimate([], statistic: average) == nil)
    let estimate = try #require(Bootstrap().twoLevelEstimate(counts: [0, 3]) { group, _ in Double(group) })
    #expect(estimate.value == 1 && estimate.lower == 1 && estimate.upper == 1)
    #expect(Bootstrap().estimate([4], statistic: average)?.lower == nil)
  }

  @Test("keeps resamples within their own seed")
  func within() {
    let counts = [3, 5, 2]
    _ = Bootstrap(resamples: 50).twoLevelEstimate(counts: counts) { group, units in
      #expect(units.count == counts[group])
      #expect(units.allSatisfy { (0..<counts[group]).contains($0) })
      return 0
    }
  }

  /// Normal numbers of a seed's own mean (deviation `between`) plus an image's own (deviation 1), true mean 0.
  func study(_ random: inout SplitMix64, seeds: Int, images: Int, between: Double) -> [[Double]] {
    // The sum of twelve uniform numbers less six: variance 1, and normal enough for coverage to a per cent.
    func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) } }
    return (0..<seeds).map { _ in
      let own = between * normal()
      return (0..<images).map { _ in own + normal() }
    }
  }

  @Test(
    "covers the truth as often as it claims with many seeds, and less with three",
    arguments: [(20, 0.0, 0.94...1.0), (20, 0.5, 0.89...0.97), (3, 0.0, 0.93...1.0), (3, 0.5, 0.60...0.90)])
  func coverage(_ seeds: Int, _ between: Double, _ expected: ClosedRange<Double>) throws {
    var random = SplitMix64(seed: 2024)
    let trials = 300
    var covered = 0
    for trial in 0..<trials {
      let data = study(&random, seeds: seeds, images: 30, between: between)
      let bootstrap = Bootstrap(resamples: 400, seed: UInt64(trial))
      let estimate = try #require(
        bootstrap.twoLevelEstimate(counts: data.map(\.count)) { group, units in
          units.reduce(0) { $0 + data[group][$1] } / Double(units.count)
        })
      if let lower = estimate.lower, let upper = estimate.upper, lower <= 0, upper >= 0 { covered += 1 }
    }
    let share = Double(covered) / Double(trials)
    #expect(expected.contains(share), "\(share)")
  }
}
