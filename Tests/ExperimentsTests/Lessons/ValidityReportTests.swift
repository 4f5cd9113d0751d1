import Analysis
import Experiments
import Foundation
import Statistics
import Support
import TestSupport
import Testing
import Training

@Suite("The report of concept-validity")
struct ValidityReportTests {
  /// Two epochs, the second at the given accuracy.
  private func history(_ accuracy: Double) throws -> TrainingHistory {
    let rows = [(1, 0.5 * (accuracy + 0.25)), (2, accuracy)].map {
      """
      {"epoch": \($0.0), "terms": [1.0], "developmentAccuracy": \($0.1), "developmentLoss": 1.0, "learningRate": 0.1, \
      "seconds": 1.0}
      """
    }
    let text = #"{"termNames": ["labels"], "epochs": ["# + rows.joined(separator: ",") + "]}"
    return try JSONDecoder().decode(TrainingHistory.self, from: Data(text.utf8))
  }

  /// Maps of 16×16 cells: the part in the upper left corner, the object beside it; each network keeps what it is told.
  private func material(_ seeds: Int, trainedKeeps: PartRegion) throws -> ValidityMaterial {
    let regions = (0..<256).map { cell -> PartRegion in
      cell / 16 < 4 && cell % 16 < 4 ? .informative : cell / 16 < 8 && cell % 16 < 8 ? .otherParts : .background
    }
    let cells = PartCells(regions, columns: 16)
    func maps(_ kept: PartRegion?, _ seed: Int) -> [EntropyMap] {
      (0..<4).map { image in
        EntropyMap(
          entropies: regions.enumerated().map { (place: Int, region: PartRegion) -> Float in
            let noise = Float((place * 31 + image * 7 + seed) % 17) / 20
            return region == kept ? noise - 2 : noise
          }, distortion: 0.1, targetDistortion: 0.1, isConverged: true)
      }
    }
    let runs = (1...seeds).flatMap { seed in
      [
        ("untrained", nil), ("half-trained", PartRegion.otherParts), ("trained", trainedKeeps),
        ("shuffled labels", nil),
      ]
      .map { ValidityRun(network: $0.0, layer: "layer3", seed: seed, maps: maps($0.1, seed)) }
    }
    return ValidityMaterial(
      trainings: try (1...seeds).map {
        ValidityTraining(seed: $0, history: try history(0.9), shuffled: try history(0.26))
      },
      study: ValidityStudy(images: [0, 1, 2, 3], cells: Array(repeating: cells, count: 4), runs: runs),
      checks: [
        RobustnessCheck(
          "noise draws", "another seed", correlations: Array(repeating: [0.9, nil, 0.8, 0.7], count: seeds))
      ], maps: 16 * seeds)
  }

  private func report(_ folder: URL, seeds: Int = 3, trainedKeeps: PartRegion) throws -> String {
    let lesson = try LessonRegistry.make(
      "concept-validity", assignments: ["train=200", "layers=[layer3]"], isQuick: false
    ) {
      LessonSetup(
        options: $0, seeds: Array(1...seeds), isQuick: false, root: folder, progress: ProgressDisplay(isQuiet: true))
    }
    let validity = try #require(lesson as? ConceptValidity)
    let url = try validity.write(try material(seeds, trainedKeeps: trainedKeeps))
    return try String(contentsOf: url, encoding: .utf8)
  }

  @Test("says that the instrument passes where concepts are the part, and that it does not where they are elsewhere")
  func conclusions() throws {
    try withTemporaryDirectory { folder in
      let good = try report(folder, trainedKeeps: .informative)
      #expect(good.contains("On this task the instrument passes"))
      #expect(good.contains("**beats**") && !good.contains("**does not beat**"))
      let bad = try report(folder, trainedKeeps: .background)
      #expect(bad.contains("**On this task the instrument does not pass**"))
      #expect(bad.contains("**does not beat**"))
      #expect(
        try report(folder, seeds: 2, trainedKeeps: .informative).contains("With 2 seeds nothing can be concluded"))
    }
  }

  @Test("has every figure that it shows, and tables with rows that can be read back")
  func files() throws {
    try withTemporaryDirectory { folder in
      let text = try report(folder, trainedKeeps: .informative)
      let figures = text.matches(of: #/\]\((figures/[a-z-]+\.png)\)/#).map { String($0.1) }
      #expect(figures.count == 7)
      let base = folder.appendingPathComponent("reports/concept-validity")
      for figure in figures {
        let size = try FileManager.default.attributesOfItem(atPath: base.appendingPathComponent(figure).path)[.size]
        #expect((size as? Int ?? 0) > 5000, "\(figure)")
      }
      let tables = folder.appendingPathComponent("notebooks-data/concept-validity")
      for (name, rows) in [
        ("scores", 32), ("images", 48), ("robustness", 1), ("training", 12), ("places", 4 * 20 * 9),
        ("comparisons", 32),
      ] {
        let table = try Table(contentsOf: tables.appendingPathComponent("\(name).csv"))
        #expect(table.rows.count == rows, "\(name)")
      }
      let training = try Table(contentsOf: tables.appendingPathComponent("training.csv"))
      #expect(training.filtered("half_trained", 1).cells("epoch") == [1, 1, 1])
    }
  }
}
