import Analysis
import Foundation
import Statistics
import Testing

@Suite("Tables of concepts")
struct ConceptTableTests {
  func study() -> ConceptStudy {
    let series = (1...2).flatMap { seed in
      ["baseline", "student"].map { role in
        run(role, seed: seed, images: 3, background: "c...") { image in [image, image + 1, image + seed] }
      }
    }
    return ConceptStudy(
      images: probes(3, foreground: 6), series: series, thresholds: [0.2, 0.4], bootstrap: Bootstrap(resamples: 50))
  }

  @Test("have one row per observation")
  func sizes() {
    let study = study()
    // 4 runs, 4 epochs, 3 images, 2 thresholds.
    #expect(study.mapTable.rows.count == 48)
    #expect(study.countTable.rows.count == 96)
    #expect(study.learningTable.rows.count == 24)
    #expect(study.stabilityTable.rows.count == 24)
    #expect(study.premiseTable.rows.count == 16)
    #expect(study.distanceTable.rows.count == 16)
    // 2 roles, 2 seeds and their mean, 2 thresholds, 10 quantities (no step distances, no repeats).
    #expect(study.summaryTable.rows.count == 120)
    #expect(study.curveTable.rows.count == 2 * 4 * 2 * 5)
    let results = HypothesisJudge(study.evidence).results(["student"])
    let sides = SideComparisons(raw: study, adjusted: study).all("student")
    let table = HypothesisTables.results(results, sides)
    #expect(table.rows.count == 3 + sides.count && table.numbers("primary").reduce(0, +) == 3)
    #expect(HypothesisTables.gaps(raw: study, adjusted: study, position: .none).rows.count == 48)
  }

  @Test("say what they hold")
  func values() throws {
    let table = study().countTable.filtered("role", "student").filtered("seed", 2).filtered("epoch", 3)
      .filtered("image", 101).filtered("threshold", 0.4)
    let row = try #require(table.observations.first)
    #expect(table.rows.count == 1)
    #expect(row.integer("foreground_concepts") == 3 && row.integer("background_concepts") == 1)
    #expect(row.integer("foreground_cells") == 6 && row.integer("background_cells") == 4)
    #expect(row.number("lambda") == 0.75 && row["left_out"] == .empty)
  }

  @Test("read back from CSV with their units")
  func csv() throws {
    let study = study()
    let judged = HypothesisJudge(study.evidence).results(["student"])
    let results = HypothesisTables.results(judged, SideComparisons(raw: study, adjusted: study).all("student"))
    let gaps = HypothesisTables.gaps(raw: study, adjusted: study, position: .none)
    let tables = [
      study.mapTable, study.countTable, study.learningTable, study.stabilityTable, study.premiseTable,
      study.distanceTable, study.summaryTable, study.curveTable, results, gaps,
    ]
    for table in tables { #expect(try Table(csv: table.csv, columns: table.columns) == table) }
  }

  @Test("name every column and say what it is")
  func columns() {
    let study = study()
    for column in study.countTable.columns + study.summaryTable.columns + study.premiseTable.columns {
      #expect(column.description.hasSuffix("."), "\(column.name)")
    }
  }

  @Test("stand beside results that survive JSON")
  func json() throws {
    let study = study()
    let result = study.comparison(
      of: .foregroundConcepts, student: "student", baseline: "baseline", threshold: 0.2, expected: .larger)
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(ConceptComparison.self, from: data) == result)
    #expect(String(decoding: try JSONEncoder().encode([Omission.noConcept: 2]), as: UTF8.self) == #"{"no concept":2}"#)
  }
}
