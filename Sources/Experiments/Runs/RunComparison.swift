import Foundation
import Reporting
import Statistics
import Support

/// Finished runs side by side: what their networks do on the test split, and how sure a difference is.
public struct RunComparison: Sendable {
  /// A quantity of every finished network.
  struct Quantity {
    let name: String
    let isBetterLarger: Bool

    /// Where a difference of two means can lie.
    var rangeOfDifferences: ClosedRange<Double> {
      isShare ? QuantityRange.correlation : QuantityRange.unbounded
    }

    /// Where a mean can lie.
    var range: ClosedRange<Double> { isShare ? QuantityRange.share : QuantityRange.nonnegative }

    private var isShare: Bool { ["test_accuracy", "agreement", "calibration_error"].contains(name) }
  }

  /// One quantity of one role in one run, against the first run.
  public struct Row: Sendable {
    /// Which network.
    public let role: String
    /// A column of the run's table of tests.
    public let quantity: String
    /// Name of the run.
    public let run: String
    /// Mean over its seeds.
    public let estimate: Estimate
    /// This run − the first, paired over the seeds that both have; nil for the first run, or without such seeds.
    public let difference: Estimate?
    /// What the difference says.
    public let verdict: String
  }

  static let quantities = [
    Quantity(name: "test_accuracy", isBetterLarger: true), Quantity(name: "test_loss", isBetterLarger: false),
    Quantity(name: "agreement", isBetterLarger: true), Quantity(name: "divergence", isBetterLarger: false),
  ]

  /// Role by role, quantity by quantity, run by run.
  public let rows: [Row]

  /// Compares runs with the first of them.
  ///
  /// - Throws: ``InputError`` if a run has no table of tests, which `kdscope report` writes.
  public init(_ runs: [StoredRun]) throws {
    try Self.requireSameTests(runs)
    let tables = try runs.map { run -> (run: String, table: Table) in
      let url = run.folders.tables.appendingPathComponent("tests.csv")
      guard FileManager.default.fileExists(atPath: url.path) else {
        throw InputError(
          run.name, "has no table of tests (\(url.path))",
          remedy: "finish it with the command that began it (kdscope run with --resume), or use kdscope report")
      }
      let table = try Table(contentsOf: url)
      for name in ["role", "seed"] + Self.quantities.map(\.name) where table.position(of: name) == nil {
        throw InputError(url.path, "there is no column '\(name)'", remedy: "write it again with kdscope report")
      }
      // Of two runs of one name the folders tell which is meant.
      let isAlone = runs.count { $0.name == run.name } == 1
      return (isAlone ? run.name : run.folders.run.path, table)
    }
    var roles: [String] = []
    for role in tables.flatMap({ $0.table.values("role").compactMap(\.text) }) where !roles.contains(role) {
      roles.append(role)
    }
    rows = roles.flatMap { role in
      Self.quantities.flatMap { quantity in Self.rows(role, quantity, tables) }
    }
  }

  /// Refuses runs that were tested on other images than the first: of those no difference says anything.
  ///
  /// - Throws: ``InputError`` that names the run and what differs.
  private static func requireSameTests(_ runs: [StoredRun]) throws {
    guard let first = runs.first else { return }
    let begun = try RunBasis.read(first.folders.basis)
    for run in runs.dropFirst() {
      let names = [first, run].compactMap { $0.recipe?.data.set }
      if names.count == 2, names[0] != names[1] {
        throw InputError(run.name, "has the data \(names[1])", remedy: "\(first.name) has \(names[0])")
      }
      guard let begun, let own = try RunBasis.read(run.folders.basis) else { continue }
      guard own.classes == begun.classes else {
        let names = { (classes: [String]) in
          classes.prefix(8).joined(separator: ", ") + (classes.count > 8 ? " and \(classes.count - 8) more" : "")
        }
        throw InputError(
          run.name, "has the classes \(names(own.classes)), and \(first.name) has \(names(begun.classes))",
          remedy: "compare runs on the same data")
      }
      guard let test = own.splits["test"], let other = begun.splits["test"] else { continue }
      let changes = test.changes(since: other, of: "test")
      if changes.isEmpty { continue }
      if own.seed != begun.seed, run.recipe?.data == first.recipe?.data {
        Notice.tell("\(run.name) and \(first.name) have other test images, since their first seeds differ")
      } else {
        throw InputError(
          run.name, "was tested on other data than \(first.name): \(changes.joined(separator: ", "))",
          remedy: "compare runs on the same data")
      }
    }
  }

  private static func rows(_ role: String, _ quantity: Quantity, _ tables: [(run: String, table: Table)]) -> [Row] {
    let first = values(role, quantity, tables[0].table)
    return tables.enumerated().compactMap { place, table in
      let own = values(role, quantity, table.table)
      guard
        let estimate = studentInterval(
          of: own.map(\.value), over: "seeds", within: quantity.range)
      else { return nil }
      let shared = place == 0 ? [] : own.filter { one in first.contains { $0.seed == one.seed } }
      let others = shared.compactMap { one in first.first { $0.seed == one.seed }?.value }
      let difference = pairedDifference(of: shared.map(\.value), minus: others, over: "seeds")
      return Row(
        role: role, quantity: quantity.name, run: table.run, estimate: estimate,
        difference: difference?.within(quantity.rangeOfDifferences),
        verdict: place == 0 ? "" : verdict(difference, quantity))
    }
  }

  private static func values(_ role: String, _ quantity: Quantity, _ table: Table) -> [(seed: Int, value: Double)] {
    table.filtered("role", .text(role)).observations.compactMap { row in
      guard let seed = row.integer("seed"), let value = row.number(quantity.name) else { return nil }
      return (seed, value)
    }
  }

  /// Better, worse, or how many seeds would be needed if difference and spread stayed as they are.
  static func verdict(_ difference: Estimate?, _ quantity: Quantity) -> String {
    guard let difference else { return "no seeds in common" }
    guard let halfWidth = difference.halfWidth else { return "cannot tell with one seed" }
    if difference.value == 0, halfWidth == 0 { return "equal" }
    if difference.sign != 0 { return (difference.sign > 0) == quantity.isBetterLarger ? "better" : "worse" }
    let needed = seedsNeeded(difference.value, halfWidth: halfWidth, of: difference.count)
    return "cannot tell with \(difference.count) seeds" + (needed.map { "; about \($0) would be needed" } ?? "")
  }

  /// The least number of seeds whose 95 % interval would leave out zero; nil above a hundred.
  static func seedsNeeded(_ difference: Double, halfWidth: Double, of count: Int) -> Int? {
    let spread = halfWidth / StudentT(degreesOfFreedom: Double(count - 1)).quantile(0.975) * Double(count).squareRoot()
    return (count...max(count, 100)).first { n in
      StudentT(degreesOfFreedom: Double(n - 1)).quantile(0.975) * spread / Double(n).squareRoot() < abs(difference)
    }
  }
}
