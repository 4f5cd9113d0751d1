import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// Trains all networks of a run: each as far as it is not there yet.
final class Trainings: RunStage {
  let context: RunContext
  let teachers: Teachers
  /// Whether the teacher's answers to training images are kept, so that the students of a seed ask only once.
  var cachesTeacher = false
  /// Hashes of the same recipe with fewer epochs, whose trainings are gone on with.
  var earlierRecipes: Set<String> = []
  /// Terms whose loss depends on how long the training is, as far as they were made.
  private(set) var lengthBound: [String] = []

  init(_ context: RunContext, _ teachers: Teachers) {
    self.context = context
    self.teachers = teachers
  }

  /// Trains everything that is not there yet: one teacher, and for each seed a baseline and the students.
  ///
  /// - Returns: of a comparison, the methods that had to be left out.
  /// - Throws: ``Divergence`` for a network that cannot be left out; what writing throws.
  func run() throws -> [FailedMethod] {
    for (role, _) in recipe.sharedTrainings { try trainShared(role) }
    var failures: [FailedMethod] = []
    for seed in recipe.seeds {
      for role in recipe.trainingOrder where !failures.contains(where: { $0.role == role }) {
        do {
          try trainStudent(role, seed: seed)
        } catch let divergence as Divergence where canLeaveOut(role) {
          failures.append(try leaveOut(role, seed: seed, divergence))
        }
      }
    }
    return failures
  }

  /// Trains one network of every seed, and before it whoever teaches it.
  func run(upTo role: String) throws {
    guard recipe.teacher(named: role) == nil else { return try trainShared(role) }
    if role != RoleName.baseline { for (shared, _) in recipe.sharedTrainings { try trainShared(shared) } }
    for seed in recipe.seeds { for role in recipe.chain(to: role) + [role] { try trainStudent(role, seed: seed) } }
  }

  /// Whether a comparison can do without a network: all are held against baseline and kd.
  private func canLeaveOut(_ role: String) -> Bool {
    isComparison && role != RoleName.baseline && role != Recipe.plainMethod
  }

  /// Notes that a method could not be trained, so that hours of work with the others do not end there.
  ///
  /// - Throws: ``Divergence``, if its folder is not that of a student.
  private func leaveOut(_ role: String, seed: Int, _ divergence: Divergence) throws -> FailedMethod {
    guard let student = recipe.students.first(where: { $0.name == role }) else { throw divergence }
    progress.milestone("\(role) is left out: seed \(seed), \(divergence.problem)")
    return FailedMethod(role: role, title: student.comparedTitle, seed: seed, problem: divergence.problem)
  }

  /// Trains a teacher on labels alone. Two of one model begin with different weights.
  private func trainShared(_ role: String) throws {
    guard let teacher = recipe.teacher(named: role), teacher.checkpoint == nil else { return }
    let place = recipe.teachers.firstIndex { $0.name == role }
    let seed = UInt64(firstSeed) &+ UInt64(place.map { 2000 * ($0 + 1) } ?? 0)
    let network = try ModelCatalog.build(specification(teacher.model), seed: seed, at: role)
    let settings = recipe.training.stretched(to: teacher.epochs)
    let program = JointProgram(
      student: network, clipNorm: settings.clipNorm.map(Float.init), makeOptimizer: settings.makeOptimizer)
    try run(program, settings, role: role, seed: firstSeed)
  }

  private func trainStudent(_ role: String, seed: Int) throws {
    // Baseline and student of one seed start from the same weights and see the same batches.
    let network = try ModelCatalog.build(
      specification(recipe.model(of: role)), seed: UInt64(seed) &+ 1000, at: "student")
    let student = recipe.taught(role)
    let program = try program(
      for: student, network, teacher: student.flatMap { try teacher(of: $0, seed: seed) }, seed: seed)
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
  private func teacher(of student: StudentRecipe, seed: Int) throws -> (any Network)? {
    guard let lesson = student.lesson else { return try recipe.asksTeacher ? teachers.trained() : teachers.fresh() }
    return try trained(lesson.by ?? RoleName.teacher, at: lesson.epoch, seed: seed)
  }

  /// A network of the run with the weights of a moment; nil for its end.
  private func trained(_ role: String, at moment: Moment? = nil, seed: Int) throws -> any Network {
    if let path = recipe.teacher(named: role)?.checkpoint { return try teachers.readNamed(path, as: role).network }
    let network = try RunFolder.network(at: file(of: role, at: moment, seed: seed))
    network.freeze()
    return network
  }

  private func file(of role: String, at moment: Moment? = nil, seed: Int) -> URL {
    let isShared = recipe.teacher(named: role) != nil
    return folders.training(role, seed: isShared ? firstSeed : seed)
      .checkpoint(at: moment ?? Moment(epoch: lastEpoch(of: role)))
  }

  /// A teacher that a method asks for beside the one that teaches: a network of the run by its name, else a file.
  private func further(_ name: String, seed: Int) throws -> any Network {
    let teacher = recipe.teacher(named: name)
    guard teacher != nil || recipe.taught(name) != nil else { return try teachers.readFurther(name) }
    // Before it is trained it is asked for its shapes alone.
    if teacher?.checkpoint == nil, !FileManager.default.fileExists(atPath: file(of: name, seed: seed).path) {
      return try fresh(name)
    }
    return try trained(name, seed: seed)
  }

  /// What will teach a student, untrained; nil for the recipe's teacher.
  func freshTeacher(of student: StudentRecipe) throws -> (any Network)? { try student.lesson?.by.map(fresh) }

  /// A network of the run, untrained; one from a file as it is.
  private func fresh(_ name: String) throws -> any Network {
    if let path = recipe.teacher(named: name)?.checkpoint { return try teachers.readNamed(path, as: name).network }
    let network = try ModelCatalog.build(specification(recipe.model(of: name)), seed: 0, at: name)
    network.freeze()
    guard let teaching = recipe.taught(name) else { return network }
    // A method may put it into another network, which then teaches.
    let terms = try terms(of: teaching, network, freshTeacher(of: teaching) ?? teachers.fresh(), seed: firstSeed)
    return terms.lazy.compactMap(\.method.deployed).first ?? network
  }

  /// The program of a student, or of the baseline where nil.
  func program(for student: StudentRecipe?, _ network: any Network, teacher: (any Network)?, seed: Int) throws
    -> any TrainingProgram
  {
    let settings = recipe.training
    let clip = settings.clipNorm.map(Float.init)
    guard let student else {
      return JointProgram(student: network, clipNorm: clip, makeOptimizer: settings.makeOptimizer)
    }
    let terms = try terms(of: student, network, teacher, seed: seed)
    for term in terms { term.method.advice.map { context.advise("\(student.name): \(term.name): \($0)") } }
    let isOwn = terms.contains { type(of: $0.method).trainsAlone }
    if settings.gradientSteps > 0, student.schedule == .twoStage || isOwn {
      context.advise("\(student.name): training.gradients measures nothing here: terms and labels are never summed")
    }
    let steps = settings.stepsPerEpoch(of: try data().train.count)
    if student.schedule == .twoStage {
      guard let teacher else {
        throw InputError(
          student.name, "a two-stage student learns features from a teacher, and the recipe has none",
          remedy: "add teacher: { model: … }")
      }
      return try TwoStageProgram(
        student: network, teacher: teacher, terms: terms, featureSteps: steps * settings.epochs, clipNorm: clip,
        at: student.name, makeOptimizer: settings.makeOptimizer)
    }
    return try terms.program(
      of: network, teacher: teacher,
      ProgramSettings(
        labelWeight: Float(student.labelWeight), clipNorm: clip, gradientSteps: settings.gradientSteps,
        stepsPerEpoch: steps, makeOptimizer: settings.makeOptimizer),
      answers: isOwn ? nil : try teacher.flatMap { try teacherCache(for: student, terms, of: $0, seed: seed) }
    ).program
  }

  func terms(of student: StudentRecipe, _ network: any Network, _ teacher: (any Network)?, seed: Int) throws
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
        student: network, teacher: teacher ?? network, initialiser: initialiser, trainingLabels: labels,
        batchSize: recipe.training.batch, place: "\(student.name).distillation[\(index)]",
        readNetwork: { try self.further($0, seed: seed) })
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
    facts.recipeHash = context.weightsHash(of: role)
    let retention = recipe.keptEpochs(of: role).map { Retention(epochs: $0, keepsBest: isComparison) }
    let keeper = RunKeeper(
      folders.training(role, seed: seed), facts: facts, retention: retention, goingOnWith: earlierRecipes)
    let trainer = Trainer(
      program, data: data, settings: settings, then: second, augmentation: data.augmentation, seed: UInt64(seed),
      keepsStepDistances: recipe.analysis.procedures.contains(.published), keepsEpochSteps: retention != nil,
      moments: recipe.keptMoments(of: role),
      observers: [keeper] + (context.writesEvents ? [context.eventLog(role, seed: seed)] : []))
    _ = try context.timed("training") {
      try TrainingStage(name: stage, epochs: epochs, data: data, progress: progress).run(trainer)
    }
  }

  func stageName(_ role: String, seed: Int) -> String {
    recipe.teacher(named: role) == nil ? "training \(role), seed \(seed)" : "training \(role)"
  }
}
