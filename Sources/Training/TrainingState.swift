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
  /// - Throws: ``InputError`` if the folder belongs to another recipe, or the file is broken.
  static func read(_ folder: RunFolder, for facts: CheckpointFacts) throws -> TrainingState? {
    guard FileManager.default.fileExists(atPath: folder.state.path) else { return nil }
    let path = folder.state.path
    let file = try Safetensors.read(folder.state)
    guard let text = file.metadata["kdscope.history"],
      let history = try? JSONDecoder().decode(TrainingHistory.self, from: Data(text.utf8))
    else { throw InputError(path, "the state holds no history", remedy: "remove the folder to train anew") }
    guard file.metadata["kdscope.recipe.sha256"] == facts.recipeHash else {
      throw InputError(
        path, "the state belongs to another recipe", remedy: "choose another name or --out, or remove the folder")
    }
    return TrainingState(history: history, file: file, path: path)
  }

  /// Puts weights, optimiser and method back to what they were after an epoch.
  func restore(_ program: any TrainingProgram, _ folder: RunFolder, epoch: Int) throws {
    let checkpoint = folder.checkpoint(epoch: epoch)
    try Checkpoint.load(Safetensors.read(checkpoint), into: program.student, path: checkpoint.path)
    for (name, tensor) in program.state {
      guard let stored = file[name], stored.shape == tensor.shape.dimensions else {
        throw InputError(path, "the state lacks '\(name)' \(tensor.shape)", remedy: "remove the folder to train anew")
      }
      let values = try stored.floats()
      tensor.mutate { target in _ = target.update(fromContentsOf: values) }
    }
    program.steps = file.metadata["kdscope.steps"].flatMap(Int.init) ?? 0
  }

  static func write(
    _ program: any TrainingProgram, _ history: TrainingHistory, _ facts: CheckpointFacts, to folder: RunFolder
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let metadata = [
      "kdscope.history": String(decoding: try encoder.encode(history), as: UTF8.self),
      "kdscope.recipe.sha256": facts.recipeHash, "kdscope.steps": String(program.steps),
    ]
    let tensors = program.state.map { name, tensor in
      StoredTensor(name: name, shape: tensor.shape.dimensions, floats: tensor.floats)
    }
    try Safetensors(metadata: metadata, tensors: tensors).write(to: folder.state)
  }
}
