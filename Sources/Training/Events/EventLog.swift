import Distillation
import Foundation
import Support

/// A training as TensorBoard shows it, written while it runs: each term and metric, accuracy, loss and rate by epoch, and
/// the terms of some twenty steps of each epoch.
///
/// After a kill it goes on in the same file: what was written of the unfinished epoch is cut off, and epochs that were
/// trained without the log are filled in from the history, so that no step is there twice and none is missing.
public final class EventLog: TrainingObserver {
  private static let stepTag = "step/"
  private static let pointsPerEpoch = 20

  private let folder: URL
  private let text: (tag: String, markdown: String)?
  private let clock: () -> Double
  private var file: EventFile?

  /// - Parameters:
  ///   - folder: of one network alone; made if need be.
  ///   - text: stands at the beginning, such as the recipe.
  ///   - clock: seconds since 1970.
  public init(
    folder: URL, text: (tag: String, markdown: String)? = nil,
    clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.folder = folder
    self.text = text
    self.clock = clock
  }

  /// Begins, or goes on after the epochs of a history.
  ///
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if writing fails.
  public func begin(after history: TrainingHistory, stepsPerEpoch: Int) throws {
    let file = try EventFile(in: folder, time: clock())
    self.file = file
    let epochs = history.epochs.count
    let kept = try file.keep { record in
      record.step > (record.tag.hasPrefix(Self.stepTag) ? epochs * stepsPerEpoch : epochs)
    }
    if kept.isEmpty {
      try file.append(EventRecord(time: clock(), step: 0, .version))
      if let text {
        try file.append(EventRecord(time: clock(), step: 0, .text(tag: text.tag, markdown: text.markdown)))
      }
    }
    let known = kept.last { !$0.tag.hasPrefix(Self.stepTag) }?.step ?? 0
    for row in history.epochs where row.epoch > known { try note(row, history.termNames) }
  }

  /// Notes the terms of a step, unless it is one that is left out.
  public func step(_ done: Int, of stepsPerEpoch: Int, epoch: Int, _ names: [String], _ values: [Float]) throws {
    guard done % max(1, stepsPerEpoch / Self.pointsPerEpoch) == 0 else { return }
    // A term that takes no part in a stage is not a number there.
    let scalars = zip(names, values).filter { !$1.isNaN }.map { EventRecord.Scalar(Self.stepTag + $0, Double($1)) }
    try file?.append(EventRecord(time: clock(), step: epoch * stepsPerEpoch + done, .scalars(scalars)))
  }

  /// Notes the last epoch of a history.
  public func epoch(_ history: TrainingHistory, _ program: any TrainingProgram) throws {
    if let row = history.epochs.last { try note(row, history.termNames) }
  }

  private func note(_ row: TrainingHistory.Epoch, _ names: [String]) throws {
    let terms = zip(names, row.terms).compactMap { name, value in value.map { EventRecord.Scalar("loss/\(name)", $0) } }
    let metrics = (row.metrics ?? []).map { EventRecord.Scalar("metric/\($0.title)", $0.value) }
    let scalars =
      terms + metrics + row.development.map { .init("development/\($0.name)", $0.value) } + [
        .init("training/learning-rate", row.learningRate), .init("training/seconds", row.seconds),
      ]
    try file?.append(EventRecord(time: clock(), step: row.epoch, .scalars(scalars)))
  }
}
