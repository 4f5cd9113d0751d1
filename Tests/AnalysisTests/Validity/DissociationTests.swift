import Analysis
import Datasets
import Testing

@Suite("Double dissociation")
struct DissociationTests {
  private let cells = TwoParts(
    a: [true, true, false, false, false, false, false, false],
    b: [false, false, false, false, true, true, false, false])

  /// The map of a network that keeps the cells with a flag.
  private func map(_ kept: [Bool], converged: Bool = true) -> EntropyMap {
    EntropyMap(
      entropies: kept.map { $0 ? -2 : 0 }, distortion: 0.1, targetDistortion: 0.1, isConverged: converged)
  }

  private func index(_ a: [Bool], _ b: [Bool]) throws -> Double {
    try #require(Dissociation(seed: 1, a: [map(a)], b: [map(b)], cells: [cells])).index
  }

  @Test("is 1 minus chance where each network keeps its own part, its negative where it keeps the other's")
  func ends() throws {
    let found = try #require(Dissociation(seed: 1, a: [map(cells.a)], b: [map(cells.b)], cells: [cells]))
    // Of the other's cells, two among the six that are all alike behind the first two: 2/8 of all.
    #expect(found.ownA == 1 && found.ownB == 1 && found.otherA == 0.25 && found.otherB == 0.25)
    #expect(found.index == 0.75)
    #expect(try index(cells.b, cells.a) == -0.75)
  }

  @Test("is 0 where both networks' maps are alike, whatever they show")
  func alike() throws {
    let both = zip(cells.a, cells.b).map { $0 || $1 }
    for kept in [cells.a, cells.b, both, both.map { !$0 }] { #expect(try index(kept, kept) == 0) }
    // One network that keeps both parts and one that keeps its own: half of the way.
    let half = try index(both, cells.b)
    #expect(half > 0 && half < 0.75)
  }

  @Test("uses the images that have a map in both networks and show both parts")
  func images() throws {
    let empty = TwoParts(a: cells.a, b: Array(repeating: false, count: 8))
    let found = try #require(
      Dissociation(
        seed: 1, a: [map(cells.b), map(cells.a), map(cells.b)],
        b: [map(cells.a, converged: false), map(cells.b), map(cells.a)], cells: [cells, cells, empty]))
    #expect(found.images == 1 && found.index == 0.75)
    #expect(Dissociation(seed: 1, a: [map(cells.a)], b: [map(cells.b)], cells: [empty]) == nil)
  }

  @Test("passes by the lower end over five seeds, and cannot be judged by fewer or from networks that did not learn")
  func verdicts() throws {
    func study(_ kept: [([Bool], [Bool])], failure: String? = nil) throws -> DissociationStudy {
      DissociationStudy(
        try kept.enumerated().map { seed, kept in
          try #require(Dissociation(seed: seed, a: [map(kept.0)], b: [map(kept.1)], cells: [cells]))
        }, failure: failure)
    }
    let own = (cells.a, cells.b)
    #expect(try study(Array(repeating: own, count: 5)).verdict == .passes)
    #expect(try study(Array(repeating: (cells.a, cells.a), count: 5)).verdict == .fails)
    // One of six seeds the other way round: the mean is above the bar, the interval is not.
    let mixed = try study(Array(repeating: own, count: 5) + [(cells.b, cells.a)])
    #expect((mixed.index?.value ?? 0) > DissociationStudy.bar && mixed.verdict == .fails)
    #expect(
      try study(Array(repeating: own, count: 4)).verdict == .notTestable("4 seeds, at least 5 are needed"))
    #expect(
      try study(Array(repeating: own, count: 5), failure: "b is at 71 %").verdict == .notTestable("b is at 71 %"))
  }

  @Test("asks about images that show enough of both parts, by the rule of the foreground", arguments: [8, 16])
  func chosen(grid: Int) {
    let set = TwoGlyphs(seed: 1).images(.development, count: 12)
    let images = set.imagesShowing(count: 6, 1, 2, grid: grid, fewest: 4)
    #expect(images == [0, 1, 2, 3, 4, 5])
    for image in images {
      let parts = set.twoParts(of: image, 1, 2, grid: grid)
      #expect(parts.counts.a >= 4 && parts.counts.b >= 4)
      #expect(!zip(parts.a, parts.b).contains { $0 && $1 })
    }
  }
}
