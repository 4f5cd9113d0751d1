import Analysis
import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// One recipe being carried out: train, measure, report. Each stage leaves files, and what is there is not done again.
public final class Experiment {
  /// What is done.
  public let recipe: Recipe
  /// SHA-256 of the canonical recipe without its measurements: what decides the weights.
  public let trainingHash: String
  /// Whether methods are compared: then the weights of each student hang on its own terms alone, so that one more
  /// trains nothing of the others anew, and the report ranks them.
  public let isComparison: Bool
  /// Where files go.
  public let folders: ExperimentFolders
  let progress: ProgressDisplay
  /// Of a comparison: what decides the weights of each student.
  private let studentHashes: [String: String]
  private var loadedData: DataSplits?
  private var loadedKey: String?
  /// Pictures without an object, made once.
  var loadedPosition: ProbeSet?
  /// The probe of the checkpoint that was measured last.
  var lastProbe: (key: String, probe: ConceptProbe)?
  private var lock: FolderLock?
  /// What methods say to their networks and data, each once.
  private var advice: [String] = []
  /// What was taken for granted, each once.
  private var assumptions: [String] = []
  /// Files of teachers beside the recipe's that methods have asked for.
  var furtherTeachers: [String] = []
  /// Whether trainings and figures are written for TensorBoard too, below the run's folder.
  public var writesEvents = false
  /// Whether a model card of each student is written beside the report.
  public var writesCards = false
  /// Whether the teacher's answers to training images are kept, so that the students of a seed ask only once.
  public var cachesTeacher = false
  /// Whether a map that was not measured yet is an error.
  var storedMapsOnly = false
  /// Terms whose loss depends on how long the training is, as far as they were made.
  var lengthBound: [String] = []
  /// Hashes of the same recipe with fewer epochs, whose trainings are gone on with.
  var earlierRecipes: Set<String> = []
  /// Of a comparison: the methods whose training came to a number that is none.
  var failures: [FailedMethod] = []
  /// How long each stage took, in this process and those before it.
  private(set) var times: StageTimes
  /// Whether measurements can be kept beside the checkpoints: a run that is read-only can be measured and reported, too.
  let isRunWritable: Bool

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
  public init(_ recipe: Recipe, _ folders: ExperimentFolders, progress: ProgressDisplay, comparing: Bool = false) {
    self.recipe = recipe
    self.progress = progress
    self.folders = folders
    isRunWritable = (try? Folders.requireWritable(folders.run)) != nil
    isComparison = comparing || folders.holdsComparison
    times = StageTimes.read(of: folders)
    progress.recall(times.paces ?? [:])
    var decisive = Experiment.decisive(recipe)
    // The hash says what the run was begun with: the same number of threads by another word is the same.
    if FileManager.default.fileExists(atPath: folders.analysis(nil).recipe.path),
      let begun = try? RunBasis.read(folders.basis),
      begun.threads == recipe.threads ?? Threads.count
    {
      decisive.threads = begun.takesAllThreads ? nil : begun.threads
    }
    let students = decisive.students
    if isComparison { decisive.students = [] }
    trainingHash = SHA256.hexDigest(of: decisive.canonicalYAML)
    var hashes: [String: String] = [:]
    for student in isComparison ? students : [] {
      hashes[student.name] = SHA256.hexDigest(of: "\(trainingHash)\n\(student.identity)")
    }
    studentHashes = hashes
  }

  /// What of a recipe decides weights: name and measurements do not, so that another layer or threshold reuses finished
  /// trainings.
  static func decisive(_ recipe: Recipe) -> Recipe {
    var decisive = recipe
    decisive.name = ""
    decisive.analysis = Experiment.neutralAnalysis
    decisive.training.gradientSteps = 0
    decisive.training.keep = .all
    decisive.seeds = []
    decisive.teacher.accuracy = nil
    for index in decisive.students.indices { decisive.students[index].measuredLayers = [] }
    return decisive
  }

  /// What decides the weights of one network, as its checkpoints name it.
  func weightsHash(of role: String) -> String { studentHashes[role] ?? trainingHash }

  private static let neutralAnalysis = AnalysisRecipe(
    layers: [], probeImages: 0, grid: 1, distortion: 1, thresholds: [], draws: 1, iterations: 1,
    procedure: .fixedDistortion, epochs: nil, position: nil, positionImages: 0,
    published: PublishedRecipe(candidates: 0, draws: 0, steps: 0, extraSteps: 0, validFrom: 0))

  /// The data, loaded once; every seed has the same splits.
  func data() throws -> DataSplits {
    if let loadedData { return loadedData }
    let stage = "loading \(recipe.data.set)"
    // How long all the rest takes depends on what is loaded.
    progress.plan([ProgressDisplay.Stage(stage, kind: "loading", cost: 1)], isWhole: false)
    progress.begin(stage)
    let data = try timed("data") {
      try DatasetCatalog.load(recipe.data.set, recipe.data.options, seed: UInt64(recipe.seeds.first ?? 1)) { share in
        try Interrupt.check()
        progress.update(share) { "" }
      }
    }
    progress.finish()
    loadedData = data
    return data
  }

  /// `AnswerStore.key` of the training split, hashed once: every student of every seed asks for it.
  func trainingImagesKey() throws -> String {
    if let loadedKey { return loadedKey }
    let key = AnswerStore.key(of: try data().train, try data().normalization)
    loadedKey = key
    return key
  }

  /// What a network of this recipe is, for the loaded data.
  func specification(_ model: ModelRecipe) throws -> ModelSpecification {
    let train = try data().train
    return ModelSpecification(
      model.name, classes: train.classes.count, channels: train.channels, height: train.height, width: train.width,
      options: model.options.values)
  }

  /// Notes how long a stage took, unless nothing is done anew.
  func timed<R>(_ stage: String, _ body: () throws -> R) rethrows -> R {
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      if !storedMapsOnly {
        times.add((clock.now - start) / .seconds(1), to: stage)
        times.paces = progress.knownPaces
        // Before the run is this process's there is nothing to go on with later; a check leaves nothing at all.
        if lock != nil { try? times.write(to: folders.times) }
      }
    }
    return try body()
  }

  /// Does everything: trains, measures, writes tables, figures and report.
  ///
  /// - Parameter resumes: whether a run of the same name may be continued.
  /// - Returns: what came out, and the report's path.
  /// - Throws: ``InputError`` before any work if something cannot fit; ``WorkError`` if the work fails.
  public func run(resumes: Bool) throws -> RunOutcome {
    defer { progress.finish() }
    try requireWritableResults()
    try prepare(.everything, resumes: resumes)
    try train()
    if !failures.isEmpty { return try withoutFailures().measureAndReport() }
    return try measureAndReport()
  }

  /// The same comparison of those methods that could be trained; a report of the stored run is of them, too.
  private func withoutFailures() throws -> Experiment {
    var rest = recipe
    rest.students.removeAll { student in failures.contains { $0.role == student.name } }
    let experiment = Experiment(rest, folders, progress: progress, comparing: true)
    experiment.failures = failures
    experiment.loadedData = loadedData
    experiment.writesEvents = writesEvents
    try AtomicFile.write(Data(rest.canonicalYAML.utf8), to: folders.recipe)
    try experiment.planProgress(.measurements)
    return experiment
  }

  /// Measures a finished run, perhaps with other settings than before, and writes its report.
  ///
  /// - Parameter measures: whether what was not measured yet is measured; otherwise it is an error.
  /// - Returns: what came out, and the report's path.
  /// - Throws: ``InputError`` if the run is not finished.
  public func analyze(measures: Bool) throws -> RunOutcome {
    defer { progress.finish() }
    // First, so that writing a report again adds nothing to the times of the run.
    storedMapsOnly = !measures
    try requireWritableReport()
    try requireTrained()
    try requireSameData()
    try requireKept()
    try requireMasks()
    try useThreads()
    try checkLayers()
    try planProgress(.measurements)
    if measures {
      try lockRun()
      // The run keeps the recipe that it was trained by.
      if folders.analysis != nil {
        try Folders.create(folders.report)
        try AtomicFile.write(Data(recipe.canonicalYAML.utf8), to: folders.recipe)
      }
    }
    return try measureAndReport()
  }

  /// Takes the recipe's number of threads, which decides the last bits of every result and so is never changed silently.
  ///
  /// - Throws: ``InputError`` where the machine has fewer processors and something is to be computed.
  func useThreads() throws {
    guard let threads = recipe.threads else { return }
    guard threads <= Threads.available || storedMapsOnly else {
      throw InputError(
        "threads", "is \(threads), and this machine has \(Threads.availableText)",
        remedy: "take at most \(Threads.available), or all; a run that was begun with \(threads) goes on with the same "
          + "bits only where there are as many")
    }
    Threads.use(min(threads, Threads.available))
  }

  /// Hours of work must not end at a folder that could not be written to from the start.
  private func requireWritableResults() throws {
    try Folders.requireWritable(folders.run)
    try requireWritableReport()
  }

  private func requireWritableReport() throws {
    for folder in [folders.report, folders.tables] { try Folders.requireWritable(folder) }
  }

  /// Measures what is trained and writes the report.
  private func measureAndReport() throws -> RunOutcome {
    let studies = try measure()
    if isComparison { return try reportComparison(studies) }
    let results = try evaluate()
    progress.begin(reportStage)
    let writer = try ReportWriter(self, studies, results)
    let written = try writer.write()
    if writesCards { try writer.writeCards() }
    if writesEvents { try writePictureEvents(written.pictures) }
    progress.finish()
    return writer.outcome(report: written.report)
  }

  /// Checks everything that can be checked before work starts, and keeps the recipe beside the run.
  func prepare(_ scope: Scope, resumes: Bool) throws {
    let exists = FileManager.default.fileExists(atPath: folders.recipe.path)
    if exists, !resumes {
      throw InputError(
        folders.run.path, "a run of this name is there already",
        remedy: "continue it with --resume, or choose another name with --set name=…")
    }
    try requirePossible(scope)
    // A run that is there already is not thrown away: its report says that nothing could be measured.
    if scope == .everything, !exists { try requireProbes() }
    if scope == .everything { try announceWork() }
    try Folders.create(folders.run)
    try lockRun()
    let mark = folders.trainingMark
    let wanted = try (isComparison ? ExperimentFolders.comparisonMark : "") + weightsHash()
    if exists {
      try requireSameThreads()
      try requireSameTraining(wanted)
    }
    let basis = try requiredBasis(wasBegun: exists)
    if isComparison { try requireOwnTrainings() }
    if scope == .everything { try requireKept() }
    // The recipe comes last: a run that has one can be resumed, whenever it was killed.
    try basis.write(to: folders.basis)
    try AtomicFile.write(Data(wanted.utf8), to: mark)
    try AtomicFile.write(Data(recipe.canonicalYAML.utf8), to: folders.recipe)
    progress.milestone(try data().summary)
    for line in try warnings { progress.notice(line) }
    for line in try remarks { progress.milestone(line) }
  }

  /// Refuses what could not be carried out: data that do not load, networks, layers, a teacher or masks that do not fit.
  /// A run and a check of its recipe both go this way, so that a yes of the one is a yes of the other.
  private func requirePossible(_ scope: Scope) throws {
    try useThreads()
    try planProgress(scope)
    if scope == .everything { try requireMasks() }
    try dryRun()
    try requireGoodTeachers()
  }

  /// Asks whether the whole experiment could be carried out, and leaves no file.
  ///
  /// - Returns: what a run would say of its data and methods before it starts, one line each.
  /// - Throws: ``InputError`` as ``run(resumes:)`` throws it before any work.
  public func check() throws -> [String] {
    defer { progress.finish() }
    try requirePossible(.everything)
    try requireProbes()
    return try warnings + remarks
  }

  /// What an answer rests on, said even where nothing else is shown.
  private var warnings: [String] {
    get throws { try [data().untrainedClasses].compactMap(\.self) + assumptions }
  }

  /// What is said of data and methods before work begins.
  private var remarks: [String] {
    get throws { try data().notes + data().imbalance + advice }
  }

  /// Keeps a line for the time when all is checked and work begins.
  func advise(_ line: String) {
    if !advice.contains(line) { advice.append(line) }
  }

  /// Keeps what was taken for granted until then.
  func warn(_ line: String) {
    if !assumptions.contains(line) { assumptions.append(line) }
  }

  private func lockRun() throws {
    lock = try lock ?? FolderLock(folders.run.path, remedy: "wait for it, or choose another name with --set name=…")
  }

  /// The recipe's part that decides the weights, and the teacher's file itself with how it is read: a path says nothing
  /// of what lies there.
  func weightsHash() throws -> String {
    try recipe.teacher.checkpoint == nil ? trainingHash : SHA256.hexDigest(of: trainingHash + teacherKey())
  }

  /// What will teach a student, untrained; nil for the recipe's teacher.
  func freshTeacher(of student: StudentRecipe) throws -> (any Network)? {
    guard let name = student.lesson?.by else { return nil }
    let network = try ModelCatalog.build(specification(recipe.model(of: name)), seed: 0, at: name)
    network.freeze()
    guard let teaching = recipe.taught(name) else { return network }
    // A method may put it into another network, which then teaches.
    let terms = try terms(of: teaching, network, freshTeacher(of: teaching) ?? freshTeacher(), seed: firstSeed)
    return terms.lazy.compactMap(\.method.deployed).first ?? network
  }

  func freshTeacher() throws -> any Network {
    if let path = recipe.teacher.checkpoint { return try readNamedTeacher(path).network }
    return try ModelCatalog.build(specification(recipe.teacher.model), seed: 0, at: "teacher")
  }
}
