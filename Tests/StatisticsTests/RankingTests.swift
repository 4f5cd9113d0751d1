import Statistics
import Testing

@Suite("A ranking against the truth")
struct RankingTests {
  @Test(
    "has the average precision and the area that scikit-learn gives",
    arguments: [
      // Printed by Tests/Golden/ranking.py (scikit-learn 1.9.1).
      ([0.1, 0.4, 0.35, 0.8], "0011", 0.8333333333333333, 0.75),
      ([0.5, 0.5, 0.5, 0.5], "0100", 0.25, 0.5),
      ([3, 2, 2, 1, 1, 1], "101001", 0.7222222222222222, 0.7222222222222222),
      ([4, 3, 2, 1], "1100", 1, 1), ([1, 2, 3, 4], "1100", 0.41666666666666663, 0),
    ])
  func golden(_ scores: [Double], _ truth: String, _ precision: Double, _ area: Double) throws {
    let positives = truth.map { $0 == "1" }
    let found = try #require(averagePrecision(of: scores, positives: positives))
    #expect(abs(found - precision) < 1e-12)
    let foundArea = try #require(areaUnderCharacteristic(of: scores, positives: positives))
    #expect(abs(foundArea - area) < 1e-12)
  }

  @Test("is undefined where one kind of case is missing")
  func undefined() {
    #expect(averagePrecision(of: [1, 2], positives: [false, false]) == nil)
    #expect(averagePrecision(of: [1, 2], positives: [true, true]) == 1)
    #expect(areaUnderCharacteristic(of: [1, 2], positives: [true, true]) == nil)
    #expect(areaUnderCharacteristic(of: [1, 2], positives: [false, false]) == nil)
    #expect(chanceAveragePrecision(positives: 0, of: 5) == nil)
    #expect(chanceAveragePrecision(positives: 1, of: 1) == 1)
  }

  @Test(
    "by chance has the mean over all orders", arguments: [(5, 1), (5, 2), (6, 3), (7, 2), (4, 4)])
  func chance(_ count: Int, _ positives: Int) throws {
    var (sum, subsets) = (0.0, 0)
    for bits in 0..<1 << count where bits.nonzeroBitCount == positives {
      let truth = (0..<count).map { bits >> $0 & 1 == 1 }
      sum += try #require(averagePrecision(of: (0..<count).map { -Double($0) }, positives: truth))
      subsets += 1
    }
    let expected = try #require(chanceAveragePrecision(positives: positives, of: count))
    #expect(abs(sum / Double(subsets) - expected) < 1e-12)
  }

  @Test("that is random has the share of positives, and chance's exact mean, within Monte-Carlo error")
  func random() throws {
    var random = SplitMix64(seed: 4)
    let truth = (0..<256).map { $0 < 64 }
    let values = try (0..<200).map { _ in
      try #require(
        averagePrecision(of: truth.map { _ in Double(random.next() >> 11) }, positives: truth))
    }
    let estimate = try #require(studentInterval(of: values))
    let (lower, upper) = (try #require(estimate.lower), try #require(estimate.upper))
    let exact = try #require(chanceAveragePrecision(positives: 64, of: 256))
    #expect(lower < exact && exact < upper)
    // With a quarter of positives the exact mean is within 0.02 of the share.
    #expect(exact > 0.25 && exact < 0.27)
  }
}
