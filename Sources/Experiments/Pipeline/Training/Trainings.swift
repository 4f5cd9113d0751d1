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

  /// Trains everything that is not there yet: teachers, and for each seed a baseline and the students. A training that
  /// diverges is noted, and whoever learns from that network is left out, so that hours of work with the others do not
  /// end there.
  func run() throws {
    for network in recipe.trainedNetworks { try train(network.role, seed: network.seed) }
  }

  /// Trains one network of every seed, and before it whoever teaches it.
  func run(upTo role: String) throws {
    guard recipe.teacher(named: role) == nil else { return try train(role, seed: firstSeed) }
    if role != RoleName.baseline { for (shared, _) in recipe.sharedTrainings { try train(shared, seed: firstSeed) } }
    for seed in recipe.seeds { for role in recipe.chain(to: role) + [role] { try train(role, seed: seed) } }
  }

  /// Trains a network, unless it is left out.
  private func train(_ role: String, seed: Int) throws {
    guard !context.leftOut.contains(role, seed: seed) else {
      progress.begin(stageName(role, seed: seed))
      progress.skip()
      return
    }
    do {
      try recipe.teacher(named: role) == nil ? trainStudent(role, seed: seed) : trainShared(role)
    } catch let divergence as Divergence {
      try context.leaveOut(role, seed: seed, divergence)
      progress.skip()
      progress.milestone(divergence.description)
      for training in context.leftOut.trainings where training.role == role && (training.seed ?? seed) == seed {
        progress.milestone(training.line)
      }
    }
  }

  /// Trains a teacher on labels alone.
  private func trainShared(_ role: String) throws {
    guard let teacher = recipe.teacher(named: role), teacher.checkpoint == nil else { return }
    let network = try ModelCatalog.build(
      specification(teacher.model), seed: firstWeights(of: role, seed: firstSeed), at: role)
    let settings = schedule(of: role).first
    let program = JointProgram(
      student: network, clipNorm: settings.clipNorm.map(Float.init), makeOptimizer: settings.makeOptimizer)
    try run(program, role: role, seed: firstSeed)
  }

  private func trainStudent(_ role: String, seed: Int) throws {
    let network = try ModelCatalog.build(
      specification(recipe.model(of: role)), seed: firstWeights(of: role, seed: seed), at: "student")
    let student = recipe.taught(role)
    let program = try program(
      for: student, network, teacher: student.flatMap { try teacher(of: $0, seed: seed) }, seed: seed)
    try run(program, role: role, seed: seed)
  }

  /// What draws a network's first weights. Baseline and student of one seed start from the same, and see the same
  /// batches; two teachers of one model begin with different ones.
  func firstWeights(of role: String, seed: Int) -> UInt64 {
    guard recipe.teacher(named: role) != nil else { return draws(of: role, seed: seed) &+ 1000 }
    let place = recipe.teachers.firstIndex { $0.name == role }
    return UInt64(firstSeed) &+ UInt64(place.map { 2000 * ($0 + 1) } ?? 0)
  }

  /// What decides a training's order of images, augmentation and dropout: of one seed the same for all, but for assistants
  /// that are apart.
  func draws(of role: String, seed: Int) -> UInt64 {
    guard recipe.taught(role)?.isApart == true, let place = recipe.assistants.firstIndex(where: { $0.name == role })
    else { return UInt64(seed) }
    // Beyond all seeds that a recipe may name.
    return UInt64(seed) &+ 2_000_000 &* UInt64(place + 1)
  }

  /// How a network is trained, and how in a second stage behind it.
  func schedule(of role: String) -> (first: TrainingSettings, second: TrainingSettings?) {
    let training = recipe.training
    if let teacher = recipe.teacher(named: role) { return (training.stretched(to: teacher.epochs), nil) }
    guard let student = recipe.taught(role) else { return (training, nil) }
    if student.preparationEpochs > 0 {
      return (
        training.constant(for: student.preparationEpochs),
        training.stretched(to: student.jointEpochs(of: training.epochs))
      )
    }
    return (training, student.classifierEpochs > 0 ? training.stretched(to: student.classifierEpochs) : nil)
  }

  /// Who teaches a student, as far as it is trained.
  private func teacher(of student: StudentRecipe, seed: Int) throws -> (any Network)? {
    guard let lesson = student.lesson else {
      // Who does not ask it is not left out with it.
      let isThere = recipe.asksTeacher && !context.leftOut.contains(RoleName.teacher, seed: seed)
      return try isThere ? teachers.trained() : teachers.fresh()
    }
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
        labelWeight: Float(student.labelWeight), teacherView: student.teacherView, clipNorm: clip,
        gradientSteps: settings.gradientSteps,
        stepsPerEpoch: steps, makeOptimizer: settings.makeOptimizer),
      answers: isOwn ? nil : try teacher.flatMap { try teacherCache(for: student, terms, of: $0, seed: seed) }
    ).program
  }

  func terms(of student: StudentRecipe, _ network: any Network, _ teacher: (any Network)?, seed: Int) throws
    -> [JointProgram.Term]
  {
    let train = try data().train
    let labels = train.places(omitting: try omitted(by: student.name)).map { Int(train.labels[$0]) }
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

  /// The classes of which a network is shown no training image.
  ///
  /// - Throws: ``InputError`` for a class that the data do not have, and where none is left.
  private func omitted(by role: String) throws -> Set<Int> {
    guard let student = recipe.taught(role), !student.omitted.isEmpty else { return [] }
    let place = "\(role).omit"
    let train = try data().train
    let omitted = try student.omitted.map { name -> Int in
      guard let index = train.place(ofClass: name) else {
        throw InputError(
          place, "there is no class '\(name)'",
          remedy: nearest(name, in: train.classes) + "; numbers are 0 to \(train.classes.count - 1)")
      }
      return index
    }
    guard Set(omitted).count == omitted.count else {
      throw InputError(place, "a class is named twice, by name and by number", remedy: "name it once")
    }
    guard train.labels.contains(where: { !omitted.contains(Int($0)) }) else {
      throw InputError(place, "no training image is left", remedy: "name fewer classes")
    }
    return Set(omitted)
  }

  private func run(_ program: any TrainingProgram, role: String, seed: Int) throws {
    let data = try data()
    let (settings, second) = schedule(of: role)
    let epochs = settings.epochs + (second?.epochs ?? 0)
    let stage = stageName(role, seed: seed)
    progress.begin(stage)
    let folder = folders.training(role, seed: seed)
    try identify(folder, role: role, seed: seed, epochs: epochs)
    var facts = CheckpointFacts(of: program.student, on: data, role: role, epoch: 0)
    facts.recipeHash = context.weightsHash(of: role)
    let retention = retention(of: role)
    let keeper = RunKeeper(folder, facts: facts, retention: retention, goingOnWith: earlierRecipes)
    let trainer = Trainer(
      program, data: data.omitting(try omitted(by: role)), settings: settings, then: second,
      augmentation: data.augmentation,
      seed: draws(of: role, seed: seed),
      keepsStepDistances: keepsStepDistances, keepsEpochSteps: retention != nil, moments: recipe.keptMoments(of: role),
      observers: [keeper] + (context.writesEvents ? [context.eventLog(role, seed: seed)] : []))
    _ = try context.timed("training") {
      try TrainingStage(name: stage, epochs: epochs, data: data, progress: progress).run(trainer)
    }
  }

  /// Which checkpoints of a network stay; nil for all.
  func retention(of role: String) -> Retention? {
    recipe.keptEpochs(of: role).map { Retention(epochs: $0, keepsBest: isComparison) }
  }

  var keepsStepDistances: Bool { recipe.analysis.procedures.contains(.published) }

  func stageName(_ role: String, seed: Int) -> String {
    recipe.teacher(named: role) == nil ? "training \(role), seed \(seed)" : "training \(role)"
  }
}
