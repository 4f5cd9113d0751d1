import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Reporting
import Support
import Tensors
import Training

/// Networks that another run has trained already: the same key, the same weights.
extension Trainings {
  /// To be raised by whoever changes a bit of any training: keys of before then belong to nothing.
  private static let numericVersion = 1

  /// Notes what identifies a training beside its checkpoints. One that has not begun is taken over from another run below
  /// the same folder, if that has it.
  func identify(_ folder: RunFolder, role: String, seed: Int, epochs: Int) throws {
    guard let key = try key(of: role, seed: seed) else { return }
    let made = Self.machine
    let own = TrainingKey(key: key, made: made, kept: kept(of: role))
    guard FileManager.default.fileExists(atPath: folder.state.path) else {
      // TensorBoard is shown how a network was trained, so it is trained.
      if !context.writesEvents, let source = finished(own, role, besides: folder),
        (try? folder.takeOver(source, epochs: epochs, recipe: context.weightsHash(of: role))) == true
      {
        progress.milestone("\(stageName(role, seed: seed)): taken over from \(source.url.path), which has the same key")
      }
      try folder.create()
      return try own.write(to: folder)
    }
    // What began without a key has none, and what two machines have made is no single one's.
    guard let earlier = TrainingKey.read(folder), earlier.made != made || earlier.key != key else { return }
    try TrainingKey(key: key, made: earlier.made == made ? made : "several machines", kept: own.kept).write(to: folder)
  }

  /// A training of another run that has a key.
  private func finished(_ key: TrainingKey, _ role: String, besides own: RunFolder) -> RunFolder? {
    let runs = folders.run.deletingLastPathComponent()
    func names(_ folder: URL) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }
    for run in names(runs) {
      let run = runs.appendingPathComponent(run)
      for seed in names(run) where seed.hasPrefix("seed-") {
        let folder = RunFolder(run.appendingPathComponent("\(seed)/\(role)"))
        if folder.url.path != own.url.path, TrainingKey.read(folder) == key { return folder }
      }
    }
    return nil
  }

  /// SHA-256 of everything that decides the weights of a network: its kind and first weights, data, settings, seed, its
  /// method, whoever teaches it, the number of threads, and how this program computes.
  ///
  /// - Returns: nil where a teacher has no key, since its training began before there were keys.
  func key(of role: String, seed: Int) throws -> String? {
    guard let basis = context.basis else { return nil }
    let data = try data()
    let (first, second) = schedule(of: role)
    let student = recipe.taught(role)
    var parts = [
      "training \(Self.numericVersion)", try text(specification(recipe.model(of: role))),
      "weights \(firstWeights(of: role, seed: seed)) seed \(draws(of: role, seed: seed)) threads \(Threads.count)",
      try text(first.decisive), try second.map { try text($0.decisive) } ?? "",
      try text(["training", "development"].map { basis.splits[$0] }),
      "\(data.train.classes.count) \(data.normalization) \(String(describing: data.augmentation))",
    ]
    let models = [recipe.model(of: role)] + (student == nil ? [] : [recipe.teacher?.model].compactMap(\.self))
    parts += Recipe.ownVersions(of: models.map(\.name))
    if let student {
      parts += [student.identity, try text(student.stages), "\(String(describing: student.lesson?.epoch))"]
      if let teacher = recipe.teacher,
        student.terms.contains(where: { MethodRegistry.teacherNeed($0.method) != .nothing }
        )
      {
        parts.append(try text(specification(teacher.model)))
      }
      for name in recipe.teachers(of: role) + student.furtherTeachers.filter({ !isOfRun($0) }) {
        guard let key = try identity(ofTeacher: name, seed: seed) else { return nil }
        parts.append("\(name) \(key)")
      }
    }
    return SHA256.hexDigest(of: parts.joined(separator: "\n"))
  }

  private func isOfRun(_ name: String) -> Bool { recipe.taught(name) != nil || recipe.teacher(named: name) != nil }

  /// What identifies the answers of a teacher: the key of a network of the run, else its file and how it is read.
  private func identity(ofTeacher name: String, seed: Int) throws -> String? {
    guard isOfRun(name) else {
      return try AnswerStore.key(of: URL(fileURLWithPath: name)) + teachers.readFile(name).key
    }
    guard let teacher = recipe.teacher(named: name) else {
      return TrainingKey.read(folders.training(name, seed: seed))?.key
    }
    guard let path = teacher.checkpoint else { return TrainingKey.read(folders.training(name, seed: firstSeed))?.key }
    return try AnswerStore.key(of: URL(fileURLWithPath: path)) + (teacher.key ?? "")
      + teachers.readNamed(path, as: name).key
  }

  /// What of a finished training is there for others: the weights that stay, and what its log notes.
  private func kept(of role: String) -> String {
    let retention = retention(of: role)
    let epochs = retention.map { "epochs \($0.epochs.sorted()), best \($0.keepsBest)" } ?? "all epochs"
    let moments = recipe.keptMoments(of: role).map(\.description).joined(separator: " ")
    return "\(epochs); moments \(moments); gradients \(recipe.training.gradientSteps); steps \(keepsStepDistances)"
  }

  private func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder.ofStoredValues.encode(value), as: UTF8.self)
  }

  /// Processor and libraries of numbers: other ones round sums otherwise.
  private static let machine = ([Machine.current.processor] + Machine.libraries).joined(separator: ", ")
}

extension TrainingSettings {
  /// What of them decides weights.
  fileprivate var decisive: TrainingSettings {
    var decisive = self
    (decisive.gradientSteps, decisive.checkpoints, decisive.keep) = (0, [], .all)
    return decisive
  }
}
