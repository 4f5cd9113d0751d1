import Analysis
import Experiments
import Foundation
import Statistics
import TestSupport
import Testing

@Suite("The smallest effect of a study")
struct EffectForecastTests {
  private func recipe(seeds: Int, images: Int = 32) throws -> Recipe {
    try read(minimal("seeds: \(seeds)\nanalysis: { probe-images: \(images) }"))
  }

  @Test("is that of the committed garments study where the data set has none of its own")
  func committed() throws {
    try withTemporaryDirectory { folder in
      let forecast = try #require(EffectForecast(recipe(seeds: 3), below: folder))
      #expect(forecast.effects.map(\.hypothesis) == Hypothesis.allCases)
      // 5.65 standard errors over three seeds: of √(0.092² + 0.16² / 32), 0.18 and 0.066.
      for (found, expected) in zip(forecast.effects, [0.3141, 0.5875, 0.2154]) {
        #expect(abs(found.value - expected) < 0.002 * expected)
      }
      #expect(
        forecast.line
          == "smallest differences that 3 seeds and one student show with 80 % power, by the spread of the committed "
          + "garments study: H1 0.31 nats, H2 0.59, H3 0.22")
      let larger = try #require(EffectForecast(recipe(seeds: 8, images: 64), below: folder))
      #expect((0.10..<0.115).contains(larger.effects[0].value))
    }
  }

  @Test(
    "is not asked for where nothing is measured at one distortion", arguments: ["none", "{ procedure: published }"])
  func unasked(analysis: String) throws {
    try withTemporaryDirectory { folder in
      let forecast = try EffectForecast(read(minimal("analysis: \(analysis)")), below: folder)
      #expect(forecast == nil)
    }
  }

  @Test("cannot be said of fewer than three seeds")
  func few() throws {
    try withTemporaryDirectory { folder in
      let forecast = try #require(EffectForecast(recipe(seeds: 2), below: folder))
      #expect(forecast.effects.isEmpty)
      #expect(forecast.line == "2 seeds: H1 to H3 are not testable, which takes at least 3")
    }
  }

  @Test("comes from the spread of a stored study of the same data set, whatever its seeds")
  func stored() throws {
    try withTemporaryDirectory { folder in
      func network(_ role: String, _ seed: Int, _ gap: Double) -> NetworkEvidence {
        NetworkEvidence(
          role: role, seed: seed, times: [0, 0.5, 1], gaps: [[0], [gap], [gap]], stability: [nil], floor: [nil])
      }
      let gains = [0.10, 0.16, 0.22, 0.04]
      let evidence = gains.enumerated().flatMap { seed, gain in
        [network("baseline", seed, 0.3), network("kd", seed, 0.3 + gain)]
      }
      let table = HypothesisTables.results(HypothesisJudge(evidence).results(["kd"]), [])
      for (name, text) in [("broken", "set: part-shapes\n"), ("own", minimal())] {
        for path in ["notebooks-data/\(name)", "reports/\(name)"] {
          try FileManager.default.createDirectory(
            at: folder.appendingPathComponent(path), withIntermediateDirectories: true)
        }
        try Data(text.utf8).write(to: folder.appendingPathComponent("reports/\(name)/recipe.yaml"))
      }
      let file = folder.appendingPathComponent("notebooks-data/own/layer3-hypotheses.csv")
      try Data(table.csv.utf8).write(to: file)
      let forecast = try #require(EffectForecast(recipe(seeds: 3), below: folder))
      #expect(forecast.source == "the spread of own")
      let deviation = try #require(standardDeviation(of: gains))
      let expected = 5.6535 * deviation / 3.0.squareRoot()
      #expect(abs(try #require(forecast.effects.first).value - expected) < 1e-3 * expected)
    }
  }
}
