import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

extension Experiment {
  /// Names of the networks that are trained for every seed: the baseline, then the students.
  public var studentRoles: [String] { ["baseline"] + recipe.students.map(\.name) }

  var firstSeed: Int { recipe.seeds.first ?? 1 }

  /// Trains everything that is not there yet: one teacher, and for each seed a baseline and the students.
  public func train() throws {
    try trainTeacher()
    for seed in recipe.seeds {
      for role in recipe.trainingOrder where !failures.contains(where: { $0.role == role }) {
        do {
          try trainStudent(role, seed: seed)
        } catch let divergence as Divergence where canLeaveOut(role) {
          try leaveOut(role, seed: seed, divergence)
        }
      }
    }
  }

  /// Trains one network alone.
  ///
  /// - Parameter role: `teacher`, `baseline` or the name of a student; a student needs its teacher first.
  /// - Returns: what was trained, one for each seed.
  /// - Throws: ``InputError`` if there is no such role.
  public func train(role: String) throws -> [TrainedNetwork] {
    defer { progress.finish() }
    let roles = ["teacher", "baseline"] + recipe.taught.map(\.name)
    guard roles.contains(role) else {
      throw InputError("--role", "there is no network '\(role)'", remedy: nearest(role, in: roles))
    }
    try prepare(.training(role: role), resumes: true)
    if role != "baseline" { try trainTeacher() }
    if role != "teacher" {
      for seed in recipe.seeds { for role in recipe.chain(to: role) + [role] { try trainStudent(role, seed: seed) } }
    }
    progress.finish()
    return try (role == "teacher" ? [firstSeed] : recipe.seeds).map { try TrainedNetwork(self, role, seed: $0) }
  }

  private func trainTeacher() throws {
    guard recipe.teacher.checkpoint == nil else { return }
    let network = try ModelCatalog.build(specification(recipe.teacher.model), seed: UInt64(firstSeed), at: "teacher")
    let settings = recipe.training.stretched(to: recipe.teacher.epochs)
    let program = JointProgram(
      student: network, clipNorm: settings.clipNorm.map(Float.init), makeOptimizer: settings.makeOptimizer)
    try run(program, settings, role: "teacher", seed: firstSeed)
  }

  private func trainStudent(_ role: String, seed: Int) throws {
    // Baseline and student of one seed start from the same weights and see the same batches.
    let network = try ModelCatalog.build(
      specification(recipe.model(of: role)), seed: UInt64(seed) &+ 1000, at: "student")
    let student = recipe.taught(role)
    let program = try program(
      for: student, network, teacher: student.map { try teacher(of: $0, seed: seed) }, seed: seed)
    let classifierEpochs = student?.classifierEpochs ?? 0
    if let student, student.preparationEpochs > 0 {
      let first = recipe.training.constant(for: student.preparationEpochs)
      let joint = recipe.training.stretched(to: student.jointEpochs(of: recipe.training.epochs))
      try run(program, first, then: joint, role: role, seed: seed)
    } else {
      try run(
        program, recipe.training, then: classifierEpochs > 0 ? recipe.training.stretched(to: classifierEpochs) : nil,
        role: role, seed: seed)
    }
  }

  /// Who teaches a student, as far as it is trained.
  private func teacher(of student: StudentRecipe, seed: Int) throws -> any Network {
    guard let lesson = student.lesson else { return try trainedTeacher() }
    let role = lesson.by ?? "teacher"
    let network = try RunFolder.network(
      at: folders.training(role, seed: role == "teacher" ? firstSeed : seed)
        .checkpoint(epoch: lesson.epoch ?? lastEpoch(of: role)))
    network.freeze()
    return network
  }

  /// The last epoch of a network's training: where its accuracy is measured. Stages before are counted, and one behind
  /// it, in which features do not move; they are measured up to `training.epochs`.
  func lastEpoch(of role: String) -> Int { recipe.lastEpoch(of: role) }

  /// The program of a student, or of the baseline where nil.
  func program(for student: StudentRecipe?, _ network: any Network, teacher: (any Network)?, seed: Int) throws
    -> any TrainingProgram
  {
    let settings = recipe.training
    let clip = settings.clipNorm.map(Float.init)
    guard let student, let teacher else {
      return JointProgram(student: network, clipNorm: clip, makeOptimizer: settings.makeOptimizer)
    }
    let terms = try terms(of: student, network, teacher, seed: seed)
    for term in terms { term.method.advice.map { advise("\(student.name): \(term.name): \($0)") } }
    let isOwn = terms.contains { $0.method is any ProgramMethod }
    if settings.gradientSteps > 0, student.schedule == .twoStage || isOwn {
      advise("\(student.name): training.gradients measures nothing here: terms and labels are never summed")
    }
    let steps = (try data().train.count + settings.batch - 1) / settings.batch
    if student.schedule == .twoStage {
      return try TwoStageProgram(
        student: network, teacher: teacher, terms: terms, featureSteps: steps * settings.epochs, clipNorm: clip,
        at: student.name, makeOptimizer: settings.makeOptimizer)
    }
    return try terms.program(
      of: network, teacher: teacher,
      ProgramSettings(
        labelWeight: Float(student.labelWeight), clipNorm: clip, gradientSteps: settings.gradientSteps,
        stepsPerEpoch: steps, makeOptimizer: settings.makeOptimizer),
      answers: isOwn ? nil : try teacherCache(for: student, terms, of: teacher, seed: seed)
    ).program
  }

  func terms(of student: StudentRecipe, _ network: any Network, _ teacher: any Network, seed: Int) throws
    -> [JointProgram.Term]
  {
    let labels = try data().train.labels.map(Int.init)
    let terms = try JointProgram.terms(
      student.terms.map { term in
        JointProgram.WantedTerm(name: term.method, weight: Float(term.weight)) {
          try MethodRegistry.make(term.method, term.options.values, $0)
        }
      }, seed: UInt64(seed)
    ) { index, initialiser in
      MethodSetup(
        student: network, teacher: teacher, initialiser: initialiser, trainingLabels: labels,
        batchSize: recipe.training.batch, place: "\(student.name).distillation[\(index)]", readNetwork: readTeacher)
    }
    for term in terms where term.method.dependsOnLength { lengthBound.append("\(term.name) of \(student.name)") }
    try terms.map(\.method).batchOrder(at: student.name).require(
      labels, classes: network.specification.classes, batch: recipe.training.batch, at: student.name)
    return terms
  }

  private func run(
    _ program: any TrainingProgram, _ settings: TrainingSettings, then second: TrainingSettings? = nil, role: String,
    seed: Int
  ) throws {
    let data = try data()
    let epochs = settings.epochs + (second?.epochs ?? 0)
    let stage = stageName(role, seed: seed)
    progress.begin(stage)
    var facts = CheckpointFacts(of: program.student, on: data, role: role, epoch: 0)
    facts.recipeHash = weightsHash(of: role)
    let retention = recipe.keptEpochs(of: role).map { Retention(epochs: $0, keepsBest: isComparison) }
    let keeper = RunKeeper(
      folders.training(role, seed: seed), facts: facts, retention: retention, goingOnWith: earlierRecipes)
    let trainer = Trainer(
      program, data: data, settings: settings, then: second, augmentation: data.augmentation, seed: UInt64(seed),
      keepsStepDistances: recipe.analysis.procedures.contains(.published), keepsEpochSteps: retention != nil,
      observers: [keeper] + (writesEvents ? [eventLog(role, seed: seed)] : []))
    _ = try timed("training") {
      try TrainingStage(name: stage, epochs: epochs, data: data, progress: progress).run(trainer)
    }
  }

  func stageName(_ role: String, seed: Int) -> String {
    role == "teacher" ? "training teacher" : "training \(role), seed \(seed)"
  }
}
