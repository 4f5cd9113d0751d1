import Foundation
import Support

/// One recipe being carried out: train, measure, report. Each stage leaves files, and what is there is not done again.
public final class Experiment: RunStage {
  let context: RunContext
  let teachers: Teachers
  let trainings: Trainings
  let measurements: Measurements
  let evaluations: Evaluations
  private let resumption: Resumption
  let plan: RunPlan
  /// Whether a model card of each student is written beside the report.
  public var writesCards = false
  /// Whether trainings that diverged in an earlier process are tried again.
  public var retriesFailed = false

  /// What is done.
  public var recipe: Recipe { context.recipe }
  /// Where files go.
  public var folders: ExperimentFolders { context.folders }
  /// SHA-256 of the canonical recipe without its measurements: what decides the weights.
  public var trainingHash: String { context.trainingHash }
  /// Whether trainings and figures are written for TensorBoard too, below the run's folder.
  public var writesEvents: Bool {
    get { context.writesEvents }
    set { context.writesEvents = newValue }
  }
  /// What the report is written as beside markdown with figures in PNG.
  public var forms: ReportForms {
    get { context.forms }
    set { context.forms = newValue }
  }
  /// Whether the teacher's answers to training images are kept, so that the students of a seed ask only once.
  public var cachesTeacher: Bool {
    get { trainings.cachesTeacher }
    set { trainings.cachesTeacher = newValue }
  }

  /// - Parameters:
  ///   - recipe: what is done.
  ///   - root: the folder below which all files go.
  ///   - progress: shows how far the work is.
  ///   - comparing: whether methods are compared; a run that was begun so stays so.
  public convenience init(_ recipe: Recipe, root: URL, progress: ProgressDisplay, comparing: Bool = false) {
    self.init(recipe, ExperimentFolders(root: root, name: recipe.name), progress: progress, comparing: comparing)
  }

  /// - Parameters:
  ///   - recipe: what is done.
  ///   - folders: where files go; an analysis of a run has its own.
  ///   - progress: shows how far the work is.
  ///   - comparing: whether methods are compared; a run that was begun so stays so.
  public convenience init(
    _ recipe: Recipe, _ folders: ExperimentFolders, progress: ProgressDisplay, comparing: Bool = false
  ) {
    self.init(RunContext(recipe, folders, progress: progress, comparing: comparing))
  }

  private init(_ context: RunContext) {
    self.context = context
    teachers = Teachers(context)
    trainings = Trainings(context, teachers)
    measurements = Measurements(context, teachers)
    evaluations = Evaluations(context: context, teachers: teachers)
    resumption = Resumption(context: context, teachers: teachers)
    plan = RunPlan(context: context, trainings: trainings, measurements: measurements, evaluations: evaluations)
  }

  /// Does everything: trains, measures, writes tables, figures and report.
  ///
  /// - Parameter resumes: whether a run of the same name may be continued.
  /// - Returns: what came out, and the report's path.
  /// - Throws: ``InputError`` before any work if something cannot fit; ``WorkError`` if the work fails.
  public func run(resumes: Bool) throws -> RunOutcome {
    defer { progress.finish() }
    // Hours of work must not end at a folder that could not be written to from the start.
    try Folders.requireWritable(folders.run)
    try requireWritableReport()
    try prepare(.everything, resumes: resumes)
    try trainings.run()
    return try rest { try $0.plan.show(.measurements) }.measureAndReport()
  }

  /// Trains and measures whatever is not done yet, and writes no report: for pages of another kind.
  ///
  /// - Returns: what was measured of the students' layers.
  /// - Throws: as ``run(resumes:)``, and ``WorkError`` where a training diverged: such a page needs all of its arms.
  func carryOut() throws -> [LayerStudy] {
    defer { progress.finish() }
    try Folders.requireWritable(folders.run)
    try requireWritableReport()
    try prepare(.everything, resumes: true)
    try trainings.run()
    try requireNothingLeftOut()
    return try measurements.run()
  }

  /// Trainings that diverged, and what the work went on without.
  public var leftOut: [LeftOutTraining] { context.leftOut.trainings }

  /// To be asked when all that could be done is done and told.
  ///
  /// - Parameter role: the network that was asked for; nil for all.
  /// - Throws: ``WorkError`` if it, or one that it learns from, diverged.
  public func requireNothingLeftOut(of role: String? = nil) throws {
    guard role.map({ context.leftOut.seeds(of: $0).count < recipe.seeds.count }) ?? !leftOut.isEmpty else { return }
    throw WorkError(
      "\(folders.run.path): \(leftOut.map(\.line).joined(separator: "; ")); all else is done, and --retry-failed tries "
        + "again")
  }

  /// The same of the networks that are there.
  ///
  /// - Parameter begin: is called if some are not.
  /// - Returns: itself where nothing is left out.
  /// - Throws: ``WorkError`` if nothing is left that could be reported.
  private func rest(_ begin: (Experiment) throws -> Void = { _ in }) throws -> Experiment {
    guard !context.leftOut.isEmpty else { return self }
    guard context.leftOut.leavesSomething else {
      throw WorkError(
        "\(folders.run.path): \(leftOut.map(\.line).joined(separator: "; ")); without them there is nothing to report; "
          + "lower training.learning-rate or set training.clip-norm under another name")
    }
    let experiment = Experiment(context.rest)
    experiment.writesCards = writesCards
    try begin(experiment)
    return experiment
  }

  /// Trains one network alone.
  ///
  /// - Parameter role: `teacher`, `baseline` or the name of a student; a student needs its teacher first.
  /// - Returns: what was trained, one for each seed.
  /// - Throws: ``InputError`` if there is no such role.
  public func train(role: String) throws -> [TrainedNetwork] {
    defer { progress.finish() }
    let shared = (recipe.teacher == nil ? [] : [RoleName.teacher]) + recipe.teachers.map(\.name)
    let roles = shared + [RoleName.baseline] + recipe.taught.map(\.name)
    guard roles.contains(role) else {
      throw InputError("--role", "there is no network '\(role)'", remedy: nearest(role, in: roles))
    }
    if let path = recipe.teacher(named: role)?.checkpoint {
      throw InputError("--role", "\(role) is read from \(path)", remedy: "there is nothing to train")
    }
    try prepare(.training(role: role), resumes: true)
    try trainings.run(upTo: role)
    progress.finish()
    let seeds = shared.contains(role) ? [firstSeed] : recipe.seeds
    return try seeds.filter { !context.leftOut.contains(role, seed: $0) }
      .map { try TrainedNetwork(context, role, seed: $0) }
  }

  /// Measures a finished run, perhaps with other settings than before, and writes its report.
  ///
  /// - Parameter measures: whether what was not measured yet is measured; otherwise it is an error.
  /// - Returns: what came out, and the report's path.
  /// - Throws: ``InputError`` if the run is not finished.
  public func analyze(measures: Bool) throws -> RunOutcome {
    defer { progress.finish() }
    // First, so that writing a report again adds nothing to the times of the run.
    context.storedMapsOnly = !measures
    try requireWritableReport()
    context.readFailures()
    try resumption.requireTrained()
    try resumption.requireSameData()
    return try rest().analyzeTrained(measures: measures)
  }

  private func analyzeTrained(measures: Bool) throws -> RunOutcome {
    try measurements.requireKept()
    try measurements.requireMasks()
    try context.useThreads()
    try measurements.requireLayers()
    try plan.show(.measurements)
    if measures {
      try context.lockRun()
      // The run keeps the recipe that it was trained by.
      if folders.analysis != nil {
        try Folders.create(folders.report)
        try AtomicFile.write(Data(context.asked.canonicalYAML.utf8), to: folders.recipe)
      }
    }
    return try measureAndReport()
  }

  /// Asks whether the whole experiment could be carried out, and leaves no file.
  ///
  /// - Returns: what a run would say of its data and methods before it starts, one line each.
  /// - Throws: ``InputError`` as ``run(resumes:)`` throws it before any work.
  public func check() throws -> [String] {
    defer { progress.finish() }
    try requirePossible(.everything)
    try measurements.requireProbes()
    return try context.warnings + context.remarks
  }

  /// What is still to be done: with times, from a few trial steps of each network and one short map of each layer.
  ///
  /// - Parameters:
  ///   - isTimed: whether steps are tried; it takes some seconds.
  ///   - isFresh: whether all is to be done, whatever lies in the run's folder.
  /// - Returns: what the run takes.
  /// - Throws: ``InputError`` where data, networks or methods do not fit.
  public func estimate(isTimed: Bool, isFresh: Bool) throws -> WorkEstimate {
    try plan.estimate(isTimed: isTimed, isFresh: isFresh)
  }

  private func requireWritableReport() throws {
    for folder in [folders.report, folders.tables] { try Folders.requireWritable(folder) }
  }

  /// Measures what is trained and writes the report.
  private func measureAndReport() throws -> RunOutcome {
    let studies = try measurements.run()
    let stage = MeasurementStage(context: context, teachers: teachers)
    let further = try recipe.analysis.further.compactMap(stage.run)
    guard isComparison else {
      let results = try evaluations.run(studies)
      progress.begin(plan.reportStage)
      let writer = try ReportWriter(context, studies, results, further)
      let written = try writer.write()
      if writesCards { try writer.writeCards() }
      if writesEvents { try context.writePictureEvents(written.pictures) }
      progress.finish()
      return outcome(writer.outcome(report: written.report))
    }
    let results = try evaluations.comparison()
    progress.begin(plan.reportStage)
    let material = ComparisonMaterial(recipe: recipe, studies: studies, results: results, data: try data())
    let written = try ComparisonWriter(context, material, further).write()
    if writesEvents { try context.writePictureEvents(written.pictures) }
    progress.finish()
    return outcome(material.outcome(report: written.report))
  }

  private func outcome(_ found: RunOutcome) -> RunOutcome {
    var outcome = found
    outcome.leftOut = leftOut
    return outcome
  }

  /// Checks everything that can be checked before work starts, and keeps the recipe beside the run.
  private func prepare(_ scope: RunPlan.Scope, resumes: Bool) throws {
    let exists = FileManager.default.fileExists(atPath: folders.recipe.path)
    if exists, !resumes {
      throw InputError(
        folders.run.path, "a run of this name is there already",
        remedy: "continue it with --resume, or choose another name with --set name=…")
    }
    try requirePossible(scope)
    // A run that is there already is not thrown away: its report says that nothing could be measured.
    if scope == .everything, !exists { try measurements.requireProbes() }
    if !retriesFailed { context.readFailures() }
    if scope == .everything { try plan.announceWork() }
    try Folders.create(folders.run)
    try context.lockRun()
    let wanted = try (isComparison ? ExperimentFolders.comparisonMark : "") + teachers.runHash()
    if exists {
      try resumption.requireSameThreads()
      trainings.earlierRecipes = try resumption.requireSameTraining(wanted, lengthBound: trainings.lengthBound)
    }
    if exists { try resumption.requireMoments() }
    let basis = try resumption.requiredBasis(wasBegun: exists)
    context.basis = basis
    if isComparison { try resumption.requireOwnTrainings() }
    if scope == .everything { try measurements.requireKept() }
    if retriesFailed { context.readFailures(forgetting: true) }
    for training in leftOut { progress.milestone("in an earlier process: \(training.line)") }
    // The recipe comes last: a run that has one can be resumed, whenever it was killed.
    try basis.write(to: folders.basis)
    try AtomicFile.write(Data(wanted.utf8), to: folders.trainingMark)
    try AtomicFile.write(Data(recipe.canonicalYAML.utf8), to: folders.recipe)
    progress.milestone(try data().summary)
    for line in try context.warnings { progress.notice(line) }
    for line in try context.remarks { progress.milestone(line) }
  }

  /// Refuses what could not be carried out: data that do not load, networks, layers, a teacher or masks that do not fit.
  /// A run and a check of its recipe both go this way, so that a yes of the one is a yes of the other.
  private func requirePossible(_ scope: RunPlan.Scope) throws {
    try context.useThreads()
    try plan.show(scope)
    if scope == .everything { try measurements.requireMasks() }
    try measurements.requireLayers()
    try trainings.tryOut()
    try teachers.requireGood()
  }
}
