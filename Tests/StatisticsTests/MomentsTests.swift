import Statistics
import Testing

/// Expected values: Tests/Golden/intervals.py (scipy 1.17.1, numpy 2.4.6).
@Suite("Moments, quantiles and correlations")
struct MomentsTests {
  let sample = [2.5, -1.0, 7.25, 0.0, 3.125, 9.5, -4.75]

  @Test("have numpy's values")
  func moments() throws {
    #expect(abs(try #require(mean(of: sample)) - 2.375) < 1e-15)
    #expect(abs(try #require(standardDeviation(of: sample)) - 4.880338956807543) < 1e-14)
  }

  @Test("are nil where they do not exist")
  func absent() {
    #expect(mean(of: []) == nil)
    #expect(standardDeviation(of: [3]) == nil)
    #expect(quantile(0.5, of: []) == nil)
    #expect(pearsonCorrelation([1], [2]) == nil)
    #expect(pearsonCorrelation([1, 2, 3], [0.1, 0.1, 0.1]) == nil)
    #expect(spearmanCorrelation([4, 4], [1, 2]) == nil)
  }

  @Test("do not lose the deviation of large values")
  func offset() throws {
    let shifted = sample.map { $0 + 1e9 }
    #expect(abs(try #require(standardDeviation(of: shifted)) - 4.880338956807543) < 1e-6)
  }

  @Test(
    "interpolate quantiles as numpy does",
    arguments: [
      (0, -4.75), (0.025, -4.1875), (0.1, -2.4999999999999996), (0.25, -0.5), (0.5, 2.5), (0.6, 2.875),
      (0.975, 9.1625), (1, 9.5),
    ])
  func quantiles(_ probability: Double, _ expected: Double) throws {
    #expect(abs(try #require(quantile(probability, of: sample)) - expected) < 1e-14)
  }

  @Test("correlate as scipy does, ties included")
  func correlation() throws {
    let a = [1.0, 2.0, 2.0, 4.0, 7.0, 7.0, 7.0, -3.0]
    let b = [2.5, 0.5, 3.0, 3.0, 9.0, 4.0, 9.0, -1.0]
    #expect(abs(try #require(pearsonCorrelation(a, b)) - 0.8541975869512735) < 1e-14)
    #expect(abs(try #require(spearmanCorrelation(a, b)) - 0.9256265453136692) < 1e-14)
    #expect(ranks(of: b) == [3, 2, 4.5, 4.5, 7.5, 6, 7.5, 1])
    #expect(try #require(spearmanCorrelation(a, a.map { -($0 * $0 * $0) })) == -1)
  }
}
