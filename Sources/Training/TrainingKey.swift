import Checkpoints
import Foundation
import Support

/// What identifies the result of a training. It lies beside the checkpoints, so that another run that would train the
/// same network can take it over.
public struct TrainingKey: Codable, Sendable, Equatable {
  /// SHA-256 of everything that decides the weights, and of nothing else.
  public let key: String
  /// Processor and libraries, which decide how sums are rounded.
  public let made: String
  /// Which of its weights stay on disk, and what its log notes beside accuracies.
  public let kept: String

  /// - Parameters: as the properties.
  public init(key: String, made: String, kept: String) {
    self.key = key
    self.made = made
    self.kept = kept
  }

  /// The key of a training; nil where there is none, as in runs from before it was written, or it is damaged.
  public static func read(_ folder: RunFolder) -> TrainingKey? {
    FileBytes.readIfGood(folder.key.path, atMost: 1 << 20).flatMap {
      try? JSONDecoder().decode(TrainingKey.self, from: Data($0))
    }
  }

  /// Notes it in the folder of the training.
  ///
  /// - Throws: ``WorkError`` if that cannot be written.
  public func write(to folder: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: folder.key)
  }
}

extension RunFolder {
  /// What identifies the result of the training.
  public var key: URL { url.appendingPathComponent("key.json") }

  /// Takes a finished training of the same key over into this folder: its checkpoints are linked, or copied to another
  /// disk, and its state becomes one of this run.
  ///
  /// - Parameters:
  ///   - source: the folder of that training.
  ///   - epochs: of the whole training.
  ///   - recipe: what decides the weights, as this run's checkpoints name it.
  /// - Returns: whether it was finished, and is taken over.
  /// - Throws: what reading and writing throw; the folder has no state then.
  public func takeOver(_ source: RunFolder, epochs: Int, recipe: String) throws -> Bool {
    guard let history = try? TrainingHistory.read(source), history.epochs.count == epochs else { return false }
    try create()
    for name in [nil] + (history.epochs.last?.others ?? []).map({ Optional($0.role) }) {
      let (from, to) = (source.beside(name), beside(name))
      try Folders.create(to.url)
      for moment in from.moments { try Self.link(from.checkpoint(at: moment), to.checkpoint(at: moment)) }
    }
    try AtomicFile.write(Data(history.csv.utf8), to: log)
    // Last, as in training: what it speaks of is then there.
    try TrainingState.write(source, to: self, recipe: recipe)
    return true
  }

  /// The folder of a network that learns beside the one of this folder; this folder for nil.
  private func beside(_ role: String?) -> RunFolder { role.map { RunFolder(url.appendingPathComponent($0)) } ?? self }

  /// Files of checkpoints are replaced and never written into, so that two runs can share one.
  private static func link(_ source: URL, _ target: URL) throws {
    let files = FileManager.default
    if files.fileExists(atPath: target.path) { try files.removeItem(at: target) }
    do { try files.linkItem(at: source, to: target) } catch { try files.copyItem(at: source, to: target) }
  }
}
