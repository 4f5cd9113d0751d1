import Checkpoints
import Distillation
import Foundation
import Support

/// Keeps a training in a folder: a checkpoint and a line of the log for each epoch, and a state from which a killed
/// training goes on to bit-identical weights.
public final class RunKeeper: TrainingObserver {
  private let folder: RunFolder
  private var facts: CheckpointFacts
  private let retention: Retention?
  private let earlierRecipes: Set<String>

  /// - Parameters:
  ///   - folder: where checkpoints, log and state go.
  ///   - facts: what each checkpoint says about itself; epoch and accuracy are filled in.
  ///   - retention: which checkpoints stay; nil for all. The trainer must then note the steps of epochs.
  ///   - earlierRecipes: hashes of recipes whose trainings this one goes on with: the same ones with fewer epochs.
  public init(
    _ folder: RunFolder, facts: CheckpointFacts, retention: Retention? = nil,
    goingOnWith earlierRecipes: Set<String> = []
  ) {
    self.folder = folder
    self.facts = facts
    self.retention = retention
    self.earlierRecipes = earlierRecipes
  }

  /// Goes on with the folder's state, or writes the first weights.
  public func resume(_ program: any TrainingProgram) throws -> TrainingHistory? {
    try folder.create()
    guard let stored = try TrainingState.read(folder, for: facts, goingOnWith: earlierRecipes) else {
      facts.epoch = 0
      try write(program, at: 0, [])
      return nil
    }
    try stored.restore(program, folder, epoch: stored.history.epochs.count)
    removeOutdated(stored.history, program)
    return stored.history
  }

  /// Writes checkpoint, log and state.
  public func epoch(_ history: TrainingHistory, _ program: any TrainingProgram) throws {
    guard let row = history.epochs.last else { return }
    facts.epoch = Moment(epoch: row.epoch)
    facts.developmentAccuracy = row.developmentAccuracy
    try write(program, at: facts.epoch, row.others ?? [])
    try AtomicFile.write(Data(history.csv.utf8), to: folder.log)
    // Last: what it speaks of is then there, whenever the program is killed.
    try TrainingState.write(program, history, facts, to: folder)
    removeOutdated(history, program)
  }

  /// Writes the checkpoints of that moment.
  public func moment(_ moment: Moment, _ program: any TrainingProgram) throws {
    facts.epoch = moment
    facts.developmentAccuracy = nil
    try write(program, at: moment, [])
  }

  /// A checkpoint of each participant: of those beside the student in folders of their own, and first.
  private func write(_ program: any TrainingProgram, at moment: Moment, _ others: [TrainingHistory.Other]) throws {
    for other in program.others {
      var own = facts
      own.model = other.network.specification
      own.role = "\(facts.role)/\(other.role)"
      own.developmentAccuracy = others.first { $0.role == other.role.description }?.developmentAccuracy
      let place = folder.of(other.role)
      try place.create()
      try Checkpoint.write(other.network, own, to: place.checkpoint(at: moment))
    }
    try Checkpoint.write(program.student, facts, to: folder.checkpoint(at: moment))
  }

  /// In the folder.
  public func checkpoint(epoch: Int) -> URL? { folder.checkpoint(epoch: epoch) }

  /// A checkpoint that cannot be removed takes room and does no harm.
  private func removeOutdated(_ history: TrainingHistory, _ program: any TrainingProgram) {
    let folders = [folder] + program.others.map { folder.of($0.role) }
    for epoch in retention?.outdated(after: history) ?? [] {
      for folder in folders { try? FileManager.default.removeItem(at: folder.checkpoint(epoch: epoch)) }
    }
  }
}

extension RunFolder {
  /// The folder of a network that learns beside the one of this folder.
  public func of(_ role: Role) -> RunFolder { RunFolder(url.appendingPathComponent(role.description)) }
}
