import Reporting
import Support

/// A piece of a run's work: what it needs and what it takes. What is done already is no job any more.
public struct PlannedJob: Sendable, Equatable {
  /// What is done: "training kd, seed 1".
  public let name: String
  /// Names of the jobs that must be done before.
  public var needs: [String]
  /// How much it is: "60 epochs", "96 maps".
  public let amount: String
  /// How long it takes; nil where that was not timed.
  public var seconds: Double?
  /// What it writes, in bytes.
  public var bytes = 0
}

extension [PlannedJob] {
  /// As a table with a head.
  public var rows: [[String]] {
    [["job", "amount", "time", "disk", "needs"]]
      + map { job in
        [
          job.name, job.amount, job.seconds.map { durationText($0) } ?? "-",
          job.bytes > 0 ? WorkEstimate.size(job.bytes) : "-",
          job.needs.isEmpty
            ? "-" : job.needs.count > 3 ? "\(job.needs.count) jobs above" : job.needs.joined(separator: "; "),
        ]
      }
  }

  /// For programs.
  public var document: DocumentNode {
    .list(
      map { job in
        .map([
          "name": .text(job.name), "amount": .text(job.amount),
          "seconds": job.seconds.map { .number(($0 * 10).rounded() / 10) } ?? .null,
          "bytes": .number(Double(job.bytes)),
          "needs": .list(job.needs.map { .text($0) }),
        ])
      })
  }
}
