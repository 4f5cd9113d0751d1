import Checkpoints
import Datasets
import Foundation
import Support
import Tensors

/// What the weights of a run stand on beside its recipe, as it was when the run was begun: the content of the data, the
/// files of further teachers, the number of threads.
struct RunBasis: Codable, Equatable {
  /// The first seed, which decides which images are held out.
  let seed: Int
  /// Number of threads.
  let threads: Int
  /// Whether the recipe asks for all processors.
  let takesAllThreads: Bool
  /// Names of the classes.
  let classes: [String]
  /// By the split's name.
  let splits: [String: ContentKeys]
  /// SHA-256 of the files of further teachers, by path.
  var teachers: [String: String]

  /// What an earlier process noted; nil where there is no such file, as in runs from before it was written.
  ///
  /// - Throws: ``InputError`` if it is damaged.
  static func read(_ url: URL) throws -> RunBasis? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes = try FileBytes.read(url.path, atMost: 32 << 20, as: "what the run was begun with")
    guard let basis = try? JSONDecoder().decode(RunBasis.self, from: Data(bytes)) else {
      throw InputError(
        url.path, "is damaged", remedy: "restore it, or remove it to take data and threads as they are now")
    }
    return basis
  }

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: url)
  }

  /// What is not as it was, in words; empty for nothing.
  func changes(since earlier: RunBasis) -> [String] {
    guard seed == earlier.seed else {
      return ["the first seed (\(earlier.seed), now \(seed)), which decides the images of each split"]
    }
    let names =
      classes == earlier.classes
      ? [] : ["class names (\(Self.listed(earlier.classes)), now \(Self.listed(classes)))"]
    let images = ["training", "development", "test"].flatMap { split in
      earlier.splits[split].flatMap { before in splits[split]?.changes(since: before, of: split) } ?? []
    }
    let files = earlier.teachers.sorted { $0.key < $1.key }
      .filter { path, digest in teachers[path].map { $0 != digest } ?? false }.map { "the teacher \($0.key)" }
    return names + images + files
  }

  /// The first of very many names.
  private static func listed(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}

extension Resumption {
  /// What the run stands on now.
  private func currentBasis() throws -> RunBasis {
    let data = try data()
    let digests = FileDigests(folders.pictureDigests)
    var splits: [String: ContentKeys] = [:]
    for (name, set) in [("training", data.train), ("development", data.development), ("test", data.test)] {
      splits[name] = try ContentKeys(of: set, digests) { try Interrupt.check() }
    }
    // A report must be writable from a run that is read-only.
    try? digests.write()
    return RunBasis(
      seed: firstSeed, threads: Threads.count, takesAllThreads: recipe.threads == nil, classes: data.train.classes,
      splits: splits,
      teachers: try (teachers.further + recipe.teachers.compactMap(\.teacher.checkpoint)).reduce(into: [:]) {
        $0[$1] = try AnswerStore.key(of: URL(fileURLWithPath: $1))
      })
  }

  /// Refuses to train on with another number of threads than the run was begun with: sums would be rounded otherwise.
  ///
  /// - Throws: ``InputError`` that says how to go on.
  func requireSameThreads() throws {
    guard let earlier = try RunBasis.read(folders.basis), earlier.threads != Threads.count else { return }
    throw InputError(
      "threads", "the run was begun on \(earlier.threads), and \(Threads.count) would give other weights",
      remedy: "set threads: \(earlier.threads) (--threads \(earlier.threads)), or choose another name with --set name=…"
    )
  }

  /// Refuses to train on with other data or teachers than the run was begun with.
  ///
  /// - Parameter wasBegun: whether there is a run to go on with.
  /// - Returns: what the run stands on, to be written.
  /// - Throws: ``InputError`` that names what has changed.
  func requiredBasis(wasBegun: Bool) throws -> RunBasis {
    let earlier = wasBegun ? try RunBasis.read(folders.basis) : nil
    var basis = try currentBasis()
    guard let earlier else {
      if wasBegun { progress.notice(Self.unknownBasis) }
      return basis
    }
    try requireSame(basis, as: earlier, remedy: "choose another name with --set name=…, or remove \(folders.run.path)")
    basis.teachers.merge(earlier.teachers) { now, _ in now }
    return RunBasis(
      seed: basis.seed, threads: basis.threads, takesAllThreads: earlier.takesAllThreads, classes: basis.classes,
      splits: basis.splits, teachers: basis.teachers)
  }

  /// Refuses to measure networks with other data than they were trained and held out with.
  ///
  /// - Throws: ``InputError`` that names what has changed.
  func requireSameData() throws {
    try requireOwnRecipe()
    guard let earlier = try RunBasis.read(folders.basis) else { return progress.notice(Self.unknownBasis) }
    try requireSame(currentBasis(), as: earlier, remedy: "train again under another name with --set name=…")
  }

  private func requireSame(_ basis: RunBasis, as earlier: RunBasis, remedy: String) throws {
    let changes = basis.changes(since: earlier)
    guard changes.isEmpty else {
      throw InputError(
        folders.run.path, "changed since the run was begun: \(changes.joined(separator: ", "))",
        remedy: "put back what was there, or \(remedy)")
    }
  }

  private static let unknownBasis =
    "the run was begun before data and threads were noted: those of now are taken for them"
}
