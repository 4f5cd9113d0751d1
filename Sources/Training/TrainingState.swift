import Checkpoints
import Distillation
import Foundation
import Support
import Tensors

/// What lies beside the checkpoints so that a killed training can go on: optimiser, method state, history.
///
/// It is written after the epoch's checkpoint, so it never speaks of an epoch whose weights are not there.
struct TrainingState {
  let history: TrainingHistory
  private let file: Safetensors
  private let path: String

  /// The state of an earlier run of the same recipe; nil if there is none.
  ///
  /// - Parameters:
  ///   - folder: of the training.
  ///   - facts: with the recipe's hash.
  ///   - earlier: hashes of recipes that this one goes on with.
  /// - Returns: history and state.
  /// - Throws: ``InputError`` if the folder belongs to another recipe, or the file is broken.
  static func read(_ folder: RunFolder, for facts: CheckpointFacts, goingOnWith earlier: Set<String>) throws
    -> TrainingState?
  {
    guard FileManager.default.fileExists(atPath: folder.state.path) else { return nil }
    let path = folder.state.path
    let file = try Safetensors.read(folder.state)
    guard let text = file.metadata["kdscope.history"],
      let history = try? JSONDecoder.ofStoredValues.decode(TrainingHistory.self, from: Data(text.utf8)),
      history.isInOrder
    else { throw InputError(path, "the state holds no history", remedy: "remove the folder to train anew") }
    guard let hash = file.metadata["kdscope.recipe.sha256"], hash == facts.recipeHash || earlier.contains(hash) else {
      throw InputError(
        path, "the state belongs to another recipe", remedy: "choose another name or --out, or remove the folder")
    }
    let words = file.metadata
    guard words["kdscope.words.crc32"].map({ $0 == seal(of: words) }) ?? true,
      words["kdscope.role"].map({ $0 == facts.role }) ?? true
    else {
      throw InputError(
        path, "the state is damaged or that of another network",
        remedy: "restore it, or remove the folder to train anew")
    }
    return TrainingState(history: history, file: file, path: path)
  }

  /// The words that decide how a training goes on have a checksum of their own.
  private static func seal(of words: [String: String]) -> String {
    let names = ["history", "recipe.sha256", "steps", "role", "checkpoint.crc32"]
    let others = words.keys.filter { $0.hasPrefix("kdscope.\(other)") }.sorted()
    return DataSeal.of((names.map { "kdscope.\($0)" } + others).map { words[$0] ?? "" }.joined(separator: "\n"))
  }

  /// What the checksums of further participants' checkpoints begin with.
  private static let other = "participant."

  /// More than any training takes, and so few that counting on is safe.
  private static let possibleSteps = 0...1 << 40

  /// Puts weights, optimiser and method back to what they were after an epoch.
  func restore(_ program: any TrainingProgram, _ folder: RunFolder, epoch: Int) throws {
    let checkpoint = folder.checkpoint(epoch: epoch)
    guard history.termNames == program.termNames else {
      throw InputError(
        path, "the state has the terms \(history.termNames.joined(separator: ", "))",
        remedy: "\(program.termNames.joined(separator: ", ")) are trained; remove the folder to train anew")
    }
    if let seal = file.metadata["kdscope.checkpoint.crc32"], !seal.isEmpty {
      guard try Safetensors.header(of: checkpoint).metadata[DataSeal.key] == seal else {
        throw InputError(
          checkpoint.path, "is not the checkpoint that the state beside it belongs to",
          remedy: "restore it, or remove the folder to train anew")
      }
    }
    try Checkpoint.load(Safetensors.read(checkpoint), into: program.student, path: checkpoint.path)
    for participant in program.others {
      let file = folder.of(participant.role).checkpoint(epoch: epoch)
      let seal = self.file.metadata["kdscope.\(Self.other)\(participant.role)"]
      guard let seal, try Safetensors.header(of: file).metadata[DataSeal.key] == seal else {
        throw InputError(
          file.path, "is not the checkpoint that the state of \(folder.url.lastPathComponent) belongs to",
          remedy: "restore it, or remove \(folder.url.path) to train anew")
      }
      try Checkpoint.load(Safetensors.read(file), into: participant.network, path: file.path)
    }
    for (name, tensor) in program.state {
      guard let stored = file[name], stored.shape == tensor.shape.dimensions else {
        throw InputError(path, "the state lacks '\(name)' \(tensor.shape)", remedy: "remove the folder to train anew")
      }
      let values = try stored.floats()
      tensor.mutate { target in _ = target.update(fromContentsOf: values) }
    }
    let text = file.metadata["kdscope.steps"] ?? "0"
    guard let steps = Int(text), Self.possibleSteps.contains(steps) else {
      throw InputError(path, "the state speaks of '\(text)' steps", remedy: "remove the folder to train anew")
    }
    program.steps = steps
  }

  /// Writes the state of a finished training as one of another run.
  static func write(_ source: RunFolder, to folder: RunFolder, recipe: String) throws {
    var file = try Safetensors.read(source.state)
    file.metadata["kdscope.recipe.sha256"] = recipe
    file.metadata["kdscope.words.crc32"] = seal(of: file.metadata)
    try file.write(to: folder.state, isSealed: true)
  }

  static func write(
    _ program: any TrainingProgram, _ history: TrainingHistory, _ facts: CheckpointFacts, to folder: RunFolder
  ) throws {
    let checkpoint = folder.checkpoint(epoch: history.epochs.count)
    var words = [
      "kdscope.history": String(decoding: try JSONEncoder.ofStoredValues.encode(history), as: UTF8.self),
      "kdscope.recipe.sha256": facts.recipeHash, "kdscope.steps": String(program.steps), "kdscope.role": facts.role,
      "kdscope.checkpoint.crc32": try Safetensors.header(of: checkpoint).metadata[DataSeal.key] ?? "",
    ]
    for participant in program.others {
      let file = folder.of(participant.role).checkpoint(epoch: history.epochs.count)
      words["kdscope.\(other)\(participant.role)"] = try Safetensors.header(of: file).metadata[DataSeal.key] ?? ""
    }
    words["kdscope.words.crc32"] = seal(of: words)
    let tensors = program.state.map { name, tensor in
      StoredTensor(name: name, shape: tensor.shape.dimensions, floats: tensor.floats)
    }
    try Safetensors(metadata: words, tensors: tensors).write(to: folder.state, isSealed: true)
  }
}
