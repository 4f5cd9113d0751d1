import Analysis
import Testing

@Suite("The similarity of two networks' maps")
struct MapSimilarityTests {
  private func map(_ entropies: [Float], converged: Bool = true) -> EntropyMap {
    EntropyMap(entropies: entropies, distortion: 0.1, targetDistortion: 0.1, isConverged: converged)
  }

  /// Two images of four cells, whose first two, and whose last, are the object.
  private let foreground = [[true, true, false, false], [false, false, false, true]]

  @Test("is the gap of each, their difference by image, and the mean of the rank correlations: worked by hand")
  func values() throws {
    // Gaps of the first network: (3 + 4) / 2 − (1 + 0) / 2 = 3 and (1 + 2 + 3) / 3 − 0 = 2; of the second 1 and 3.
    let a = [map([1, 0, 3, 4]), map([1, 2, 3, 0])]
    let b = [map([2, 3, 4, 3]), map([3, 2, 4, 0])]
    let found = MapSimilarity(a, b, foreground: foreground)
    #expect(found.gaps.a?.value == 2.5 && found.gaps.b?.value == 2)
    #expect(found.difference?.value == 0.5)
    // Differences 2 and −1: deviation 3/√2, over √2 images 1.5 times t of one degree of freedom, 12.7062.
    let lower = try #require(found.difference?.lower)
    #expect(abs(lower - (0.5 - 1.5 * 12.706_204_736)) < 1e-6)
    // Ranks 2 1 3 4 against 1 2.5 4 2.5: products of deviations 1.5, squares 5 and 4.5; and 2 3 4 1 against 3 2 4 1,
    // ρ = 1 − 6 · 2 / 60.
    let correlation = try #require(found.correlation?.value)
    #expect(abs(correlation - (1.5 / (5.0 * 4.5).squareRoot() + 0.8) / 2) < 1e-12)
  }

  @Test("of a network with itself is a correlation of 1 and a difference of 0 without spread")
  func same() throws {
    let maps = [map([1, 0, 3, 4]), map([1, 2, 3, 0])]
    let found = MapSimilarity(maps, maps, foreground: foreground)
    // Square roots round.
    let correlation = try #require(found.correlation?.value)
    #expect(abs(correlation - 1) < 1e-12)
    #expect(found.difference?.value == 0 && found.difference?.lower == 0 && found.difference?.upper == 0)
    let opposite = MapSimilarity(maps, maps.map { map($0.entropies.map { -$0 }) }, foreground: foreground)
    let negative = try #require(opposite.correlation?.value)
    #expect(abs(negative + 1) < 1e-12 && opposite.gaps.b?.value == -2.5)
  }

  @Test("counts no image whose map did not converge, or is constant, and knows no gap without masks")
  func undefined() {
    let a = [map([1, 0, 3, 4], converged: false), map([1, 2, 3, 0])]
    let b = [map([1, 0, 3, 4]), map([1, 2, 3, 0])]
    let found = MapSimilarity(a, b, foreground: foreground)
    #expect(found.gaps.a?.count == 1 && found.gaps.b?.count == 2 && found.difference?.count == 1)
    #expect(found.correlation?.count == 1)
    #expect(map([1, 1, 1, 1]).rankCorrelation(with: map([1, 2, 3, 4])) == nil)
    let blind = MapSimilarity(b, b, foreground: nil)
    #expect(blind.gaps.a == nil && blind.gaps.b == nil && blind.difference == nil)
    #expect(blind.correlation?.count == 2)
  }
}
