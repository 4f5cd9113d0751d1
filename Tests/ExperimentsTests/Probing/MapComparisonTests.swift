import Analysis
import Experiments
import Foundation
import Statistics
import Support
import TestSupport
import Testing

@Suite("What two checkpoints keep of the same images")
struct MapComparisonTests {
  /// Little work: coarse maps by few draws.
  private func compare(
    _ a: URL, _ b: URL, _ data: AskedImages, _ position: PositionCorrection
  ) throws -> MapComparison {
    try MapComparison(
      NetworkPair((a, nil), (b, nil), on: data), ["a", "b"],
      MapProbe.Question(
        layer: nil, count: 3, grid: 4, distortion: 0.1, iterations: 3, draws: 4, position: position, positionImages: 3),
      progress: ProgressDisplay(isQuiet: true))
  }

  @Test("is the same for one network, and else what their maps say, by whichever pictures position is taken out")
  func values() throws {
    try withTemporaryDirectory { folder in
      let a = try ProbeSample.lay(folder, "a", "resnet8", seed: 1)
      let b = try ProbeSample.lay(folder, "b", "resnet8", seed: 2)
      let data = AskedImages.data(try ProbeSample.data(count: 24))
      let same = try compare(a, a, data, .background)
      #expect(same.probe.answers[0].maps == same.probe.answers[1].maps)
      #expect(same.similarity.difference?.value ?? 0 == 0)

      for position in [PositionCorrection.background, .scrambled, .none] {
        let found = try compare(a, b, data, position)
        #expect(found.position == position && found.probe.grid == 4)
        let maps = found.probe.answers.map(\.maps)
        #expect(maps.map(\.count) == [3, 3] && maps[0] != maps[1])
        // What a network keeps does not depend on the other one.
        #expect((maps[0] == same.probe.answers[0].maps) == (position == .background))
        #expect((found.probe.answers[0].profile == nil) == (position == .none))
        let usable = maps[0].indices.filter { maps[0][$0].isUsable && maps[1][$0].isUsable }
        #expect(found.similarity.difference?.count ?? 0 == usable.count)
      }
    }
  }

  @Test("is told in figures, tables and page; of photos, which have no masks, by the correlation alone")
  func files() throws {
    try withTemporaryDirectory { folder in
      let a = try ProbeSample.lay(folder, "a", "resnet8", seed: 1)
      let data = AskedImages.data(try ProbeSample.data(count: 24))
      let pair = try NetworkPair((a, nil), (a, nil), on: data)
      let comparison = try NetworkComparison(
        pair, NetworkComparison.Question(similarityImages: 8), progress: ProgressDisplay(isQuiet: true))
      let maps = try compare(a, a, data, .background)
      let files = ComparisonFiles(comparison, "a", "b", maps: maps, reportOf: "kdscope probe compare a b")
      let tables = Dictionary(uniqueKeysWithValues: files.tables.map { ($0.name, $0.table) })
      // Two networks, three images, 4×4 cells.
      #expect(tables["entropy"]?.rows.count == 2 * 3 * 16)
      let difference = try #require(tables["compare"]).filtered("quantity", .text("gap_difference"))
      #expect(difference.cells("value").first?.number ?? 0 == 0 && difference.rows.count == 1)
      let page = try #require(files.report).markdown
      #expect(page.contains("## What they keep of the images") && page.contains("(entropy.png)"), "\(page)")
      // Where nobody asked, nothing is said.
      let bare = ComparisonFiles(comparison, "a", "b", reportOf: "kdscope probe compare a b")
      #expect(!bare.figures.map(\.name).contains("entropy"))
      #expect(bare.report?.markdown.contains("What they keep") == false)

      // Figures do as photos.
      let photos = folder.appendingPathComponent("photos")
      try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
      for (name, figure) in files.figures { try figure.write(to: photos.appendingPathComponent("\(name).png")) }
      let wide = try ProbeSample.lay(folder, "wide", "wrn-10-1", seed: 3, size: 32)
      let blind = try compare(
        a, wide, AskedImages(images: photos.path, data: nil, command: "probe compare"), .scrambled)
      #expect(!blind.probe.hasMasks && blind.similarity.gaps.a == nil && blind.similarity.difference == nil)
      #expect(
        blind.probe.answers.map(\.maps.count) == Array(repeating: files.figures.count, count: 2).map { min(3, $0) })
    }
  }
}
