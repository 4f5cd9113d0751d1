import Datasets
import Foundation
import Models
import Support
import Tensors
import Training

/// One run on disk, and what all stages of it share: recipe, folders, data, times, and what is to be said of them.
final class RunContext {
  let recipe: Recipe
  let folders: ExperimentFolders
  let progress: ProgressDisplay
  /// SHA-256 of the canonical recipe without its measurements, and of the versions of what is the caller's own: what
  /// decides the weights.
  let trainingHash: String
  /// Whether methods are compared: then the weights of each student hang on its own terms alone, so that one more
  /// trains nothing of the others anew, and the report ranks them.
  let isComparison: Bool
  /// Whether measurements can be kept beside the checkpoints: a run that is read-only can be measured and reported, too.
  let isRunWritable: Bool
  /// The recipe as it was asked for: with the networks that a run goes on without.
  let asked: Recipe
  /// The networks that the run goes on without.
  private(set) var leftOut: LeftOut
  /// Whether a map that was not measured yet is an error.
  var storedMapsOnly = false
  /// Whether trainings and figures are written for TensorBoard too, below the run's folder.
  var writesEvents = false
  /// What the report is written as beside markdown.
  var forms = ReportForms()
  /// What the weights stand on beside the recipe; nil before that was asked.
  var basis: RunBasis?
  /// Of a comparison: what decides the weights of each student.
  private let studentHashes: [String: String]
  private var loadedData: DataSplits?
  private var loadedKey: String?
  private var lock: FolderLock?
  /// What methods say to their networks and data, each once.
  private var advice: [String] = []
  /// What was taken for granted, each once.
  private var assumptions: [String] = []
  /// How long each stage took, in this process and those before it.
  private(set) var times: StageTimes

  /// - Parameters:
  ///   - recipe: what is done.
  ///   - folders: where files go; an analysis of a run has its own.
  ///   - progress: shows how far the work is.
  ///   - comparing: whether methods are compared; a run that was begun so stays so.
  ///   - asked: the recipe with the networks that the run goes on without; nil for the same.
  init(
    _ recipe: Recipe, _ folders: ExperimentFolders, progress: ProgressDisplay, comparing: Bool = false,
    asked: Recipe? = nil
  ) {
    self.recipe = recipe
    self.asked = asked ?? recipe
    self.progress = progress
    self.folders = folders
    isRunWritable = (try? Folders.requireWritable(folders.run)) != nil
    isComparison = comparing || folders.holdsComparison
    leftOut = LeftOut(self.asked, isComparison: isComparison)
    times = StageTimes.read(of: folders)
    progress.recall(times.paces ?? [:])
    var decisive = recipe.decisive
    // The hash says what the run was begun with: the same number of threads by another word is the same.
    if FileManager.default.fileExists(atPath: folders.analysis(nil).recipe.path),
      let begun = try? RunBasis.read(folders.basis),
      begun.threads == recipe.threads ?? Threads.count
    {
      decisive.threads = begun.takesAllThreads ? nil : begun.threads
    }
    let students = decisive.students
    if isComparison { decisive.students = [] }
    trainingHash = SHA256.hexDigest(of: ([decisive.canonicalYAML] + decisive.ownVersions).joined(separator: "\n"))
    var hashes: [String: String] = [:]
    for student in isComparison ? students : [] {
      hashes[student.name] = SHA256.hexDigest(of: "\(trainingHash)\n\(student.identity)")
    }
    studentHashes = hashes
  }

  /// The same run with the networks that are there, in this process: data and lock are taken over.
  var rest: RunContext {
    let context = RunContext(
      leftOut.rest, folders, progress: progress, comparing: isComparison, asked: asked)
    context.leftOut = leftOut
    context.loadedData = loadedData
    context.lock = lock
    context.writesEvents = writesEvents
    context.forms = forms
    context.storedMapsOnly = storedMapsOnly
    context.advice = advice
    context.assumptions = assumptions
    return context
  }

  /// Finds the trainings that diverged in an earlier process.
  ///
  /// - Parameter forgets: whether what is known of them is removed, so that they are tried again.
  func readFailures(forgetting forgets: Bool = false) {
    if forgets {
      for network in recipe.trainedNetworks {
        try? FileManager.default.removeItem(at: folders.training(network.role, seed: network.seed).failure)
      }
    }
    leftOut = LeftOut(recipe, isComparison: isComparison) { role, seed in
      TrainingFailure.read(folders.training(role, seed: seed), recipe: weightsHash(of: role))
    }
  }

  /// Keeps why a network could not be trained, so that a resume does not try again.
  func leaveOut(_ role: String, seed: Int, _ divergence: Divergence) throws {
    let failure = TrainingFailure(divergence, recipe: weightsHash(of: role))
    try failure.write(to: folders.training(role, seed: seed))
    leftOut.add(role, seed: seed, failure)
  }

  /// What decides the weights of one network, as its checkpoints name it.
  func weightsHash(of role: String) -> String { studentHashes[role] ?? trainingHash }

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

  /// Makes the run this process's.
  ///
  /// - Throws: ``InputError`` if another one works on it.
  func lockRun() throws {
    lock = try lock ?? FolderLock(folders.run.path, remedy: "wait for it, or choose another name with --set name=…")
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

  /// What an answer rests on, said even where nothing else is shown.
  var warnings: [String] {
    get throws { try [data().untrainedClasses].compactMap(\.self) + assumptions }
  }

  /// What is said of data and methods before work begins.
  var remarks: [String] {
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
}
