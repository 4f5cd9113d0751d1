import Foundation
import Reporting
import Support
import Tensors

/// What is still to be done of a run, told before it begins: counts are exact, the time is what a few steps on this
/// machine say.
public struct WorkEstimate: Sendable, Equatable {
  /// All that is to be done, whatever is needed before what needs it.
  public var jobs: [PlannedJob] = []
  /// Networks that are to be trained, or trained on.
  public var trainings = 0
  /// Epochs of all of them together.
  public var epochs = 0
  /// Entropy maps that are not measured yet.
  public var maps = 0
  /// What checkpoints, states and maps take on disk, in bytes.
  public var bytes = 0
  /// What is free where they go, in bytes; nil where nobody knows.
  public var free: Int?
  /// How long all of it takes; nil where it was not timed.
  public var seconds: Double?
  /// Processors that other programs kept busy while it was timed; nil where there was room for the run's own threads.
  public var busy: Int?

  /// Whether everything is done already.
  public var isNothing: Bool { epochs == 0 && maps == 0 }

  /// In one line.
  public var summary: String {
    let parts = [
      epochs > 0 ? "\(count(trainings, "network")) to train, \(count(epochs, "epoch"))" : nil,
      maps > 0 ? "\(count(maps, "map")) to measure" : nil,
      seconds.map { "about \(durationText($0))\(busyWords)" },
      "\(Self.size(bytes)) on disk" + (free.map { ", \(Self.size($0)) free" } ?? ""),
    ]
    return parts.compactMap(\.self).joined(separator: "; ")
  }

  /// For people who look before they start: a name and what it comes to.
  public var rows: [[String]] {
    [
      ["trainings", epochs > 0 ? "\(count(trainings, "network")), \(count(epochs, "epoch"))" : "none left to do"],
      ["measuring", maps > 0 ? count(maps, "entropy map") : "no maps"],
      [
        "time",
        seconds.map { "about \(durationText($0)) on this machine, \(count(Threads.count, "thread"))\(busyWords)" }
          ?? "-",
      ],
      ["disk", Self.size(bytes) + (free.map { ", of \(Self.size($0)) that are free" } ?? "")],
    ]
  }

  /// For programs.
  public var document: DocumentNode {
    .map([
      "trainings": .number(Double(trainings)), "epochs": .number(Double(epochs)), "maps": .number(Double(maps)),
      "bytes": .number(Double(bytes)), "free_bytes": free.map { .number(Double($0)) } ?? .null,
      "seconds": seconds.map { .number($0.rounded()) } ?? .null,
    ])
  }

  /// Threads that wait for each other are slowed many times by one other program: what was timed then is no plan.
  private var busyWords: String {
    busy.map { " (while other programs want \(count($0, "processor")); alone it is faster)" } ?? ""
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  static func size(_ bytes: Int) -> String { NumberFormat.bytes(UInt64(max(0, bytes))) }

  /// Refuses work that the disk cannot take.
  ///
  /// - Parameter place: the folder that would be written to.
  /// - Throws: ``InputError`` if more is written than is free.
  public func requireSpace(at place: String) throws {
    guard let free, bytes > free else { return }
    throw InputError(
      place, "the run writes about \(Self.size(bytes)), and \(Self.size(free)) are free",
      remedy: "free space, choose another --out, or keep fewer epochs with training.keep: measured")
  }
}
