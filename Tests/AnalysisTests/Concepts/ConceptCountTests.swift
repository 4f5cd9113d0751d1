import Analysis
import Testing

@Suite("Concept counts")
struct ConceptCountTests {
  let foreground = [true, true, false, false, false]
  /// Background mean 0: −1 is 1 nat below it, −0.25 a quarter.
  let map = EntropyMap(
    entropies: [-1, -0.25, 1, -1, 0], distortion: 0.1, targetDistortion: 0.1, isConverged: true)

  @Test(
    "are the cells further below the background's mean than the threshold",
    arguments: [(0.2, 2, 1, 2.0 / 3), (0.25, 1, 1, 0.5), (0.5, 1, 1, 0.5), (0.999, 1, 1, 0.5)])
  func counts(_ threshold: Double, _ inside: Int, _ outside: Int, _ share: Double) throws {
    let count = try map.conceptCount(foreground: foreground, threshold: threshold).get()
    #expect(count.foreground == inside && count.background == outside)
    #expect(count.foregroundCells == 2 && count.backgroundCells == 3)
    #expect(count.share == share)
    #expect(count.foregroundFraction == Double(inside) / 2)
    #expect(count.backgroundFraction == Double(outside) / 3)
  }

  @Test("leave λ undefined where there is no concept")
  func none() throws {
    let count = try map.conceptCount(foreground: foreground, threshold: 1).get()
    #expect(count.foreground == 0 && count.background == 0 && count.share == nil)
  }

  @Test("do not exist without both regions, convergence and finite entropies")
  func omissions() {
    let all = [Bool](repeating: true, count: 5)
    #expect(map.conceptCount(foreground: all, threshold: 0.2) == .failure(.noBackgroundCell))
    #expect(map.conceptCount(foreground: all.map { !$0 }, threshold: 0.2) == .failure(.noForegroundCell))
    var bad = map
    bad.isConverged = false
    #expect(bad.conceptCount(foreground: foreground, threshold: 0.2) == .failure(.notConverged))
    bad = map
    bad.entropies[4] = .nan
    #expect(bad.conceptCount(foreground: foreground, threshold: 0.2) == .failure(.notConverged))
  }

  @Test("come with the regions' mean entropies, which say whether the premise holds")
  func premise() throws {
    let means = try map.regionEntropies(foreground: foreground).get()
    #expect(means.foreground == -0.625 && means.background == 0 && means.meetsPremise)
    #expect(!(try map.regionEntropies(foreground: foreground.map { !$0 }).get()).meetsPremise)
  }

  @Test("stand on cells that are foreground when half their pixels are")
  func mask() {
    // Height 2, width 6 on a grid of 1 × 3: 2 × 2 pixels a cell, with 2, 1 and 3 foreground pixels.
    let rows = ["#..#.#", "#.....", "....##"]
    let mask = (rows[0] + rows[1]).map { $0 == "#" }
    #expect(foregroundCells(of: mask, height: 2, width: 6, rows: 1, columns: 3) == [true, false, false])
    let other = (rows[0] + rows[2]).map { $0 == "#" }
    #expect(foregroundCells(of: other, height: 2, width: 6, rows: 1, columns: 3) == [false, false, true])
    // 5 pixels on 2 cells: ⌊x·2/5⌋ = 0 0 0 1 1.
    #expect(
      foregroundCells(of: [true, false, false, true, false], height: 1, width: 5, rows: 1, columns: 2)
        == [false, true])
  }
}
