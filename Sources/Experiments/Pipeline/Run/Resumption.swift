import Checkpoints
import Foundation
import NeuralNetworks
import Support
import Training

/// Refuses to go on with, or to report, what was begun on something else: recipe, data, teachers, threads.
struct Resumption: RunStage {
  let context: RunContext
  let teachers: Teachers

  /// Refuses to go on with a run that was begun with another recipe, and says what differs. More epochs of the same
  /// training are gone on with where they come to the same weights as a training that had them from the start.
  ///
  /// - Parameters:
  ///   - wanted: the mark that the run must have.
  ///   - lengthBound: terms whose loss depends on how long the training is.
  /// - Returns: hashes of the same recipe with fewer epochs, whose trainings are gone on with.
  /// - Throws: ``InputError`` with the key, its old and its new value.
  func requireSameTraining(_ wanted: String, lengthBound: [String]) throws -> Set<String> {
    var earlierRecipes = Set(lines(of: folders.earlierMarks))
    guard lines(of: folders.trainingMark).first != wanted else { return earlierRecipes }
    func refusal(_ reason: String) -> InputError {
      InputError(
        folders.recipe.path, "the run was started with another recipe\(reason)",
        remedy: "choose another name with --set name=…, or remove \(folders.run.path)")
    }
    // The file is the program's own, in one spelling; where it is not, only the hash is known.
    guard let earlier = try? Recipe.read(from: folders.recipe.path, vocabulary: .standard) else { throw refusal("") }
    let (old, new) = (earlier.decisive, recipe.decisive)
    let differences = new.differences(from: old)
    guard !differences.isEmpty else {
      if let own = recipe.ownVersions.first { throw refusal(", or with another version of its own (now \(own))") }
      if recipe.teacherPath == nil {
        // The stored recipe is the same, and every checkpoint names the recipe that it is of.
        progress.notice("\(folders.trainingMark.path): is damaged, and is written anew")
        return earlierRecipes
      }
      throw refusal(": \(recipe.teacherPath ?? "") has changed")
    }
    if let added = differences.first(where: { $0.key == "training.epochs" }), new.training.epochs > old.training.epochs
    {
      if let obstacle = obstacle(to: new, from: old, differences, lengthBound) {
        throw refusal(": \(added.text); \(obstacle)")
      }
      let before = RunContext(
        earlier, ExperimentFolders(root: folders.root, name: earlier.name), progress: progress)
      guard try lines(of: folders.trainingMark).first == Teachers(before).runHash() else {
        throw refusal(": \(recipe.teacherPath ?? "it") has changed since")
      }
      earlierRecipes.insert(before.trainingHash)
      try AtomicFile.write(Data(earlierRecipes.sorted().map { $0 + "\n" }.joined().utf8), to: folders.earlierMarks)
      return earlierRecipes
    }
    let shown = differences.prefix(3).map(\.text).joined(separator: ", ")
    throw refusal(": \(shown)\(differences.count > 3 ? ", and \(differences.count - 3) more" : "")")
  }

  /// Refuses to report weights by a recipe that they were not trained by: the file beside them has been changed.
  ///
  /// - Throws: ``InputError`` that names the recipe.
  func requireOwnRecipe() throws {
    // With a teacher from a file the hash is of that file too.
    guard recipe.teacherPath == nil, let mark = lines(of: folders.trainingMark).first, mark.isTrainingMark,
      mark != (isComparison ? ExperimentFolders.comparisonMark : "") + context.trainingHash
    else { return }
    throw InputError(
      folders.analysis(nil).recipe.path, "is not the recipe that the run was trained by",
      remedy: "put back what the run wrote; if an earlier version of kdscope wrote it, remove "
        + folders.trainingMark.path)
  }

  /// - Throws: ``InputError`` that names the first network that is not trained to its end.
  func requireTrained() throws {
    for network in recipe.trainedNetworks {
      let (role, seed) = (network.role, network.seed)
      if context.leftOut.contains(role, seed: seed) { continue }
      let epochs = lastEpoch(of: role)
      let file = folders.training(role, seed: seed).checkpoint(epoch: epochs)
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw InputError(
          folders.run.path, "\(role) of seed \(seed) is not trained to epoch \(epochs)",
          remedy: "finish it with the command that began it\(isComparison ? "" : ", and --resume")")
      }
    }
  }

  /// Refuses moments that a training went past without keeping its weights.
  ///
  /// - Throws: ``InputError`` that names the first.
  func requireMoments() throws {
    for network in recipe.trainedNetworks {
      let (role, seed) = (network.role, network.seed)
      for moment in recipe.keptMoments(of: role) where !isKept(moment, of: role, seed: seed) {
        throw InputError(
          folders.run.path, "\(role) of seed \(seed) is past epoch \(moment), whose weights were not kept",
          remedy: "drop it from training.checkpoints, or choose another name with --set name=…")
      }
    }
  }

  /// Refuses to go on with the training of a student that was begun with other weights of its terms or labels.
  ///
  /// - Throws: ``InputError`` for the first such training.
  func requireOwnTrainings() throws {
    for seed in recipe.seeds {
      for role in studentRoles {
        let state = folders.training(role, seed: seed).state
        guard FileManager.default.fileExists(atPath: state.path) else { continue }
        let owner = try Safetensors.header(of: state).metadata["kdscope.recipe.sha256"]
        guard owner == context.weightsHash(of: role) else {
          throw InputError(
            state.path, "\(role) was trained with other weights or options",
            remedy: "choose another name with --set name=…, or remove the folder")
        }
      }
    }
  }

  /// Why longer trainings cannot be gone on with; nil where they can.
  private func obstacle(to new: Recipe, from old: Recipe, _ differences: [Recipe.Difference], _ lengthBound: [String])
    -> String?
  {
    let kind = new.training.schedule.shape.kind
    if isComparison { return "a comparison gives all methods the same epochs from the start" }
    if new.training.schedule.dependsOnLength {
      return "more epochs cannot be added: a \(kind) schedule falls over all of them"
    }
    if new.teacherEpochs != old.teacherEpochs {
      return "more epochs cannot be added to students alone: the teacher's follow training.epochs; "
        + "write teacher: { epochs: \(old.teacherEpochs) }"
    }
    if new.trainsTeacher,
      new.training.stretched(to: new.teacherEpochs) != old.training.stretched(to: old.teacherEpochs)
    {
      return "more epochs cannot be added: the teacher's \(kind) schedule is that of training, stretched to its epochs"
    }
    for student in new.taught {
      if student.schedule == .twoStage {
        return "more epochs cannot be added: \(student.name) has trained its classifier behind the last one"
      }
      if student.budget == .total { return "more epochs cannot be added: \(student.name) shares them among its stages" }
    }
    if let term = lengthBound.first { return "more epochs cannot be added: the loss \(term) changes over all of them" }
    return differences.first { $0.key != "training.epochs" }.map { "more epochs can be added, but \($0.text)" }
  }

  private func lines(of file: URL) -> [String] {
    let bytes = FileBytes.readIfGood(file.path, atMost: 1 << 20) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension LearningRateSchedule.Shape {
  /// Its name in a recipe.
  fileprivate var kind: String {
    if case .map(let members) = document, case .text(let kind)? = members.first?.value { kind } else { "" }
  }
}

extension String {
  /// Whether it can be what ``ExperimentFolders/trainingMark`` holds.
  fileprivate var isTrainingMark: Bool {
    let hash =
      hasPrefix(ExperimentFolders.comparisonMark) ? dropFirst(ExperimentFolders.comparisonMark.count) : self[...]
    return hash.utf8.count == 64 && hash.allSatisfy(\.isHexDigit)
  }
}
