import Reporting
import Statistics

extension RunTables {
  /// One row per network, epoch and number that a method told beside its loss.
  static func metrics(_ results: RunResults) -> Table {
    var table = Table(
      method + [
        Table.Column("metric", .text, "What the number is."),
        Table.Column("value", .number, "Mean over the epoch's images."),
      ])
    for (role, seed, history) in results.histories {
      for row in history.epochs {
        for metric in row.metrics ?? [] {
          table.append([
            .text(role), .integer(seed), .integer(row.epoch), .text(metric.term), .text(metric.name),
            .number(metric.value),
          ])
        }
      }
    }
    return table
  }

  /// That table as a file; none where no method told anything.
  static func metricFiles(_ results: RunResults) -> [DataFolder.File] {
    let table = metrics(results)
    guard !table.rows.isEmpty else { return [] }
    return [
      DataFolder.File("metrics", "One row per network, epoch and number that a method tells beside its loss.", table)
    ]
  }
}
