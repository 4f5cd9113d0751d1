import Analysis
import Datasets
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

  /// 16×16 cells, A in one corner, B in another.
  private let cells = TwoParts(
    a: (0..<256).map { $0 / 16 < 5 && $0 % 16 < 5 }, b: (0..<256).map { $0 / 16 > 10 && $0 % 16 > 10 })

  /// The map of a network that keeps some cells, with noise of its own.
  private func map(_ kept: [Bool]?, _ seed: Int) -> EntropyMap {
    EntropyMap(
      entropies: (0..<256).map { (cell: Int) -> Float in
        let noise = Float((cell * 31 + seed * 7) % 17) / 20
        return kept?[cell] == true ? noise - 2 : noise
      }, distortion: 0.1, targetDistortion: 0.1, isConverged: true)
  }

  /// Trained networks of the levels keep their own parts or, where the instrument is wrong, the same one.
  private func material(
    _ levels: [PartsLevel], seeds: Int, finds: Bool = true, accuracy: (Double, Double) = (0.99, 0.97)
  ) throws -> ValidityMaterial {
    func results(_ level: PartsLevel) throws -> [PartsResult] {
      func study(_ a: [Bool]?, _ b: [Bool]?) throws -> DissociationStudy {
        DissociationStudy(
          try (1...seeds).map { seed in
            try #require(Dissociation(seed: seed, a: [map(a, seed)], b: [map(b, seed + 9)], cells: [cells]))
          }, failure: accuracy.1 < 0.95 ? "network b of seed 1 has 71 % of the development images right" : nil)
      }
      var own = PartsSetting(layer: "layer3", distortion: 0.1)
      let trained = try study(cells.a, finds ? cells.b : cells.a)
      var found = [PartsResult(level: level, setting: own, study: trained)]
      if level == .twoColours {
        var changed = own
        changed.change = "τ halved"
        found.append(PartsResult(level: level, setting: changed, study: trained))
      }
      own.stage = .untrained
      return found + [PartsResult(level: level, setting: own, study: try study(nil, nil))]
    }
    return ValidityMaterial(
      trainings: try levels.flatMap { level in
        try (1...seeds).map {
          PartsTraining(level: level, seed: $0, a: try history(accuracy.0), b: try history(accuracy.1))
        }
      },
      results: try levels.flatMap(results),
      pictures: levels.map { PartsPicture(level: $0, image: 1, maps: (map(cells.a, 1), map(cells.b, 2))) },
      maps: (all: 100, failed: 3))
  }

  private func report(
    _ folder: URL, _ levels: [PartsLevel] = [.twoColours], seeds: Int = 5, finds: Bool = true,
    accuracy: (Double, Double) = (0.99, 0.97)
  ) throws -> String {
    let names = levels.map(\.rawValue).joined(separator: ", ")
    let lesson = try LessonRegistry.make(
      "concept-validity",
      LessonSetup(
        level: .ten, assignments: ["train=200", "levels=[\(names)]"], seeds: Array(1...seeds), root: folder,
        progress: ProgressDisplay(isQuiet: true)))
    let validity = try #require(lesson as? ConceptValidity)
    let url = try validity.write(try material(levels, seeds: seeds, finds: finds, accuracy: accuracy))
    return try String(contentsOf: url, encoding: .utf8)
  }

  @Test(
    "says that the instrument passes where each map is its network's part, and that it does not where both are alike")
  func conclusions() throws {
    try withTemporaryDirectory { folder in
      let good = try report(folder)
      #expect(good.contains("**Answer.** two glyphs, two colours: **passes**, index "))
      let bad = try report(folder, finds: false)
      #expect(bad.contains("two glyphs, two colours: **does not pass**, index "))
    }
  }

  @Test("judges nothing by fewer than five seeds, or from networks that did not learn their part, and says why")
  func gates() throws {
    try withTemporaryDirectory { folder in
      let few = try report(folder, seeds: 4)
      #expect(few.contains("**not testable** (4 seeds, at least 5 are needed)"))
      #expect(few.contains("With 4 seeds nothing is judged"))
      let poor = try report(folder, accuracy: (0.99, 0.71))
      #expect(poor.contains("**not testable** (network b of seed 1 has 71 % of the development images right)"))
    }
  }

  @Test("has every figure that it shows, and tables with rows that can be read back")
  func files() throws {
    try withTemporaryDirectory { folder in
      let text = try report(folder, PartsLevel.allCases)
      let figures = text.matches(of: #/\]\((figures/[a-z-]+\.png)\)/#).map { String($0.1) }
      #expect(figures == ["index", "gallery", "ways", "training"].map { "figures/\($0).png" })
      let base = folder.appendingPathComponent("reports/concept-validity-10min")
      for figure in figures {
        let size = try FileManager.default.attributesOfItem(atPath: base.appendingPathComponent(figure).path)[.size]
        #expect((size as? Int ?? 0) > 5000, "\(figure)")
      }
      let tables = folder.appendingPathComponent("notebooks-data/concept-validity-10min")
      for (name, rows) in [("dissociation", 7), ("seeds", 35), ("training", 60)] {
        let table = try Table(contentsOf: tables.appendingPathComponent("\(name).csv"))
        #expect(table.rows.count == rows, "\(name)")
      }
      let index = try Table(contentsOf: tables.appendingPathComponent("dissociation.csv"))
      #expect(index.filtered("stage", .text("untrained")).cells("verdict") == [.empty, .empty, .empty])
    }
  }

  @Test("rests on the same pictures for both networks, with labels of their own", arguments: PartsLevel.allCases)
  func pictures(level: PartsLevel) {
    let pictures = PartsPictures(level, train: 200)
    for (a, b) in [(pictures.a.train, pictures.b.train), (pictures.a.development, pictures.b.development)] {
      for index in 0..<5 { #expect(a.withImage(index) { Array($0) } == b.withImage(index) { Array($0) }) }
      #expect(a.labels != b.labels && a.classes.count == 4 && b.classes.count == 4)
    }
    let labels = zip(pictures.a.train.labels, pictures.b.train.labels)
    // All pairs occur: neither part says anything of the other.
    #expect(Set(labels.map { 4 * $0 + $1 }).count == 16)
    let shown = pictures.a.development.imagesShowing(
      count: 8, pictures.parts.a, pictures.parts.b, grid: 16, fewest: 4)
    #expect(shown.count == 8)
    #expect(pictures.a.backgrounds?(2).masks?.allSatisfy { $0 == 0 } == true)
  }
}
