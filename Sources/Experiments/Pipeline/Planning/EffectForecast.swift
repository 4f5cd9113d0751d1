import Analysis
import Foundation
import Reporting
import Statistics
import Support

/// The smallest differences that a study can show, told before it runs: at 80 % power, corrected for its students, by the
/// spread of studies of the same data set, else of the committed garments study.
public struct EffectForecast {
  /// Where the spread comes from.
  public let source: String
  /// One per hypothesis that the source knows, in its quantity's unit.
  public let effects: [(hypothesis: Hypothesis, value: Double)]
  private let seeds: Int
  private let students: Int

  /// Standard deviations between the seeds' differences in the committed garments study (reports/garments, medians of its
  /// three students): of the gap, nats, what is left of 0.100 without the images' share, and that of one image in one seed;
  /// of t½; of ρ − ρ_floor.
  private static let garments = (seeds: 0.092, images: 0.16, halfTime: 0.18, margin: 0.066)

  /// Nil where the recipe asks nothing of H1 to H3.
  ///
  /// - Parameters:
  ///   - recipe: the study.
  ///   - root: the folder below which finished studies lie.
  public init?(_ recipe: Recipe, below root: URL) {
    guard recipe.analysis.procedures.contains(.fixedDistortion) else { return nil }
    (seeds, students) = (recipe.seeds.count, recipe.students.count)
    let stored = Self.storedSpreads(of: recipe.data.set, below: root)
    let spreads: [(Hypothesis, Double)]
    if let stored {
      source = "the spread of \(stored.name)"
      spreads = stored.spreads
    } else {
      source = "the spread of the committed garments study"
      let known = Self.garments
      let images = known.images * known.images / Double(max(1, recipe.analysis.probeImages))
      spreads = [
        (.moreConcepts, (known.seeds * known.seeds + images).squareRoot()), (.fasterLearning, known.halfTime),
        (.steadierDirection, known.margin),
      ]
    }
    guard seeds >= PairedClaim.fewestSeeds else {
      effects = []
      return
    }
    let factor = PairedClaim.smallestEffect(count: seeds, among: students) / Double(seeds).squareRoot()
    effects = spreads.map { ($0, factor * $1) }
  }

  /// For programs: the smallest effect by hypothesis.
  public var document: DocumentNode {
    .map(effects.map { .init(key: $0.hypothesis.rawValue, value: .number($0.value)) })
  }

  /// One line for a reader.
  public var line: String {
    let count = "\(seeds) \(seeds == 1 ? "seed" : "seeds")"
    guard seeds >= PairedClaim.fewestSeeds else {
      return "\(count): H1 to H3 are not testable, which takes at least \(PairedClaim.fewestSeeds)"
    }
    let parts = effects.map { hypothesis, value -> String in
      let unit = hypothesis.unit.isEmpty ? "" : " \(hypothesis.unit)"
      return "\(hypothesis.rawValue) \(NumberFormat.significant(value, 2))\(unit)"
    }
    return
      "smallest differences that \(count) and \(students == 1 ? "one student" : "\(students) students") show with 80 % "
      + "power, by \(source): \(parts.joined(separator: ", "))"
  }

  /// The standard deviations of the seeds' differences in the latest written study of a data set; nil without any.
  private static func storedSpreads(of set: String, below root: URL) -> (
    name: String, spreads: [(Hypothesis, Double)]
  )? {
    let tables = root.appendingPathComponent("notebooks-data")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: tables.path)) ?? []
    let studies = names.map { (name: $0, recipe: root.appendingPathComponent("reports/\($0)/recipe.yaml")) }
      .filter { (try? Recipe.read(from: $0.recipe.path, vocabulary: .standard))?.data.set == set }
      .sorted { written($0.recipe) > written($1.recipe) }
    for (name, _) in studies {
      let folder = tables.appendingPathComponent(name)
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
      for file in files where file.hasSuffix("-hypotheses.csv") {
        let path = folder.appendingPathComponent(file).path
        guard let csv = FileBytes.readIfGood(path, atMost: 1 << 24),
          let table = try? Table(csv: String(decoding: csv, as: UTF8.self), columns: HypothesisTables.columns)
        else { continue }
        let spreads = Hypothesis.allCases.compactMap { hypothesis in
          spread(table, hypothesis).map { (hypothesis, $0) }
        }
        if !spreads.isEmpty { return (name, spreads) }
      }
    }
    return nil
  }

  private static func written(_ file: URL) -> Date {
    (try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date) ?? .distantPast
  }

  /// The median over students; nil where the table has none.
  private static func spread(_ table: Table, _ hypothesis: Hypothesis) -> Double? {
    let rows = table.filtered("hypothesis", .text(hypothesis.rawValue)).filtered("primary", 1).observations
    let spreads = rows.compactMap { row -> Double? in
      guard let effect = row.number("smallest_effect"), let seeds = row.integer("seeds"), seeds > 1, effect > 0 else {
        return nil
      }
      return effect * Double(seeds).squareRoot() / PairedClaim.smallestEffect(count: seeds, among: rows.count)
    }
    return quantile(0.5, of: spreads)
  }
}
