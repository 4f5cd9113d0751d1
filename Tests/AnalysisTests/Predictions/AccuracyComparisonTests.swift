import Analysis
import Statistics
import Testing

@Suite("A student's accuracy against the baseline's")
struct AccuracyComparisonTests {
  /// A network that has the first so many of 200 images right.
  private func right(_ count: Int) -> [Bool] { (0..<200).map { $0 < count } }

  private func comparisons(_ students: [String: [Int]], baseline: [Int]) -> [AccuracyComparison] {
    func bySeed(_ counts: [Int]) -> [Int: [Bool]] {
      Dictionary(uniqueKeysWithValues: counts.enumerated().map { ($0.offset + 1, right($0.element)) })
    }
    return AccuracyComparison.all(
      students: students.sorted { $0.key < $1.key }.map { (name: $0.key, right: bySeed($0.value)) },
      baseline: bySeed(baseline))
  }

  @Test("is judged by seeds: better, worse, or how many seeds would be needed")
  func verdicts() throws {
    let all = comparisons(
      ["a": [140, 141, 139], "b": [100, 101, 99], "c": [122, 140, 118]], baseline: [120, 120, 121])
    #expect(all.map(\.student) == ["a", "b", "c"] && all.map(\.seeds) == [[1, 2, 3], [1, 2, 3], [1, 2, 3]])
    #expect(all[0].verdict == .better && all[1].verdict == .worse && all[2].verdict == .noDifferenceShown)
    #expect(all[0].verdictText == "better")
    let text = all[2].verdictText
    let needed = try #require(all[2].bySeeds.pairsNeeded)
    #expect(text == "no difference shown (about \(needed) seeds would be needed)" && needed > 3)
    #expect(abs(all[0].bySeeds.difference.value - (19.0 + 2.0 / 3) / 200) < 1e-12)
    #expect(abs(all[0].byImages.difference.value - all[0].bySeeds.difference.value) < 1e-12)
    #expect(all[0].byImages.count == 200 && all[0].bySeeds.count == 3)
  }

  @Test("has p-values corrected by Holm for all students of the run")
  func holm() throws {
    let counts = ["a": [140, 141, 139], "b": [124, 127, 123], "c": [122, 140, 118]]
    let together = comparisons(counts, baseline: [120, 120, 121])
    let alone = counts.keys.sorted().compactMap { name in
      comparisons([name: counts[name] ?? []], baseline: [120, 120, 121]).first
    }
    let seeds = holmAdjusted(alone.compactMap(\.seedsP))
    for (one, expected) in zip(together, seeds) { #expect(abs(try #require(one.seedsP) - expected) < 1e-12) }
    for (one, expected) in zip(together, holmAdjusted(alone.map(\.imagesP))) {
      #expect(abs(one.imagesP - expected) < 1e-12)
    }
    #expect(together.map(\.seedsP) != alone.map(\.seedsP))
  }

  @Test("of one seed is judged by McNemar's test on its images, and says nothing of other seeds")
  func oneSeed() throws {
    let one = try #require(comparisons(["a": [140]], baseline: [120]).first)
    #expect(one.imagesP == mcNemarTest(onlyFirst: 20, onlySecond: 0).pValue && one.seedsP == nil)
    #expect(one.verdict == .noDifferenceShown && one.verdictOnImages == .better)
    #expect(one.verdictText == "no difference shown (one seed says nothing of others)")
  }

  @Test("of equal networks shows nothing, and a student without a common seed is left out")
  func equal() throws {
    let same = try #require(comparisons(["a": [120, 121]], baseline: [120, 121]).first)
    #expect(same.seedsP == 1 && same.imagesP == 1 && same.verdict == .noDifferenceShown)
    #expect(same.verdictText.contains("cannot be said"))
    #expect(
      AccuracyComparison.all(students: [(name: "a", right: [7: right(3)])], baseline: [1: right(3)]).isEmpty)
  }
}
