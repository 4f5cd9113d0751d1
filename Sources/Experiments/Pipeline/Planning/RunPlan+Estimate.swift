import Analysis
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Reporting
import Support
import Tensors
import Training

/// What one kind of network needs in training.
private struct Trial {
  /// Bytes of a checkpoint.
  let checkpoint: Int
  /// Bytes of what a resume needs.
  let state: Int
  /// Seconds for one image of a step; nil where it was not timed.
  let seconds: Double?
}

extension RunPlan {
  /// What is still to be done: with times, from a few trial steps of each network and one short map of each layer.
  ///
  /// - Parameters:
  ///   - isTimed: whether steps are tried; it takes some seconds.
  ///   - isFresh: whether all is to be done, whatever lies in the run's folder.
  /// - Returns: what the run takes.
  /// - Throws: ``InputError`` where data, networks or methods do not fit.
  func estimate(isTimed: Bool, isFresh: Bool) throws -> WorkEstimate {
    try context.useThreads()
    var estimate = WorkEstimate()
    if isTimed { estimate.busy = Machine.takenByOthers(leaving: Threads.count) }
    let pending = pendingTrainings(isFresh: isFresh)
    let roles = pending.map(\.role).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let clock = ContinuousClock()
    let start = clock.now
    var trials: [String: Trial] = [:]
    for (place, role) in roles.enumerated() {
      try Interrupt.check()
      // Equal shares of what is left, so that a comparison of thirty methods is told no later than a run of one.
      let left = Self.trialSeconds - (clock.now - start) / .seconds(1)
      trials[role] = try trial(role, within: isTimed ? max(0, left) / Double(roles.count - place) : 0)
    }
    for training in pending {
      guard let trial = trials[training.role] else { continue }
      estimate.trainings += 1
      estimate.epochs += training.epochs
      // The state is written beside the one before it.
      let bytes = writtenCheckpoints(of: training) * trial.checkpoint + 2 * trial.state
      let needs = recipe.teachers(of: training.role).map { name in
        trainings.stageName(name, seed: recipe.teacher(named: name) == nil ? training.seed : firstSeed)
      }
      estimate.jobs.append(
        PlannedJob(
          name: trainings.stageName(training.role, seed: training.seed), needs: needs,
          amount: Self.count(training.epochs, "epoch"),
          seconds: Double(training.epochs) * epochSeconds(training.role, trials), bytes: bytes))
    }
    for procedure in recipe.analysis.procedures {
      for layer in recipe.analysis.layers {
        estimate.jobs += try measuringJobs(layer, procedure, isTimed: isTimed, isFresh: isFresh) { estimate.maps += $0 }
      }
    }
    if !estimate.isNothing || isFresh { estimate.jobs += try answeringJobs(trials) }
    let names = Set(estimate.jobs.map(\.name))
    for place in estimate.jobs.indices {
      estimate.jobs[place].needs = estimate.jobs[place].needs.filter(names.contains)
      if !isTimed { estimate.jobs[place].seconds = nil }
    }
    estimate.bytes = estimate.jobs.reduce(0) { $0 + $1.bytes }
    estimate.free = freeBytes
    if isTimed { estimate.seconds = estimate.jobs.reduce(0) { $0 + ($1.seconds ?? 0) } }
    return estimate
  }

  /// The maps of a layer, network by network.
  private func measuringJobs(
    _ layer: String, _ procedure: EntropyProcedure, isTimed: Bool, isFresh: Bool, _ counted: (Int) -> Void
  ) throws -> [PlannedJob] {
    let analysis = recipe.analysis
    let asked = procedure == .published ? analysis.published.candidates : analysis.probeImages
    let probed = min(asked, try data().development.count)
    let open = try pendingJobs(layer, procedure, isFresh: isFresh)
    var each: [Bool: Double] = [:]
    return try measurements.measuredNetworks(at: layer, procedure).compactMap { role, seed in
      let maps = open.filter { $0.role == role && $0.seed == seed }
        .reduce(0) { $0 + ($1.pictures == .probe ? probed : analysis.positionImages) }
      guard maps > 0 else { return nil }
      counted(maps)
      let isTeacher = role == RoleName.teacher
      if isTimed { each[isTeacher] = try each[isTeacher] ?? mapSeconds(layer, procedure, ofTeacher: isTeacher) }
      return PlannedJob(
        name: measurements.measuringName(role, seed: seed, layer: layer, procedure),
        // Of one seed all begin with the same weights, which are measured as the baseline's.
        needs: [trainings.stageName(role, seed: seed)]
          + (isTeacher || role == RoleName.baseline
            ? [] : [measurements.measuringName(RoleName.baseline, seed: seed, layer: layer, procedure)]),
        amount: Self.count(maps, "map"), seconds: Double(maps) * (each[isTeacher] ?? 0),
        bytes: 4 * maps * (analysis.grid * analysis.grid + 6))
    }
  }

  /// What finished networks are asked, and the report of it all.
  private func answeringJobs(_ trials: [String: Trial]) throws -> [PlannedJob] {
    let data = try data()
    // A step's backward pass costs two forward passes.
    func image(_ role: String) -> Double { (trials[role] ?? trials[RoleName.baseline])?.seconds.map { $0 / 3 } ?? 0 }
    let trained = recipe.trainedNetworks.map { trainings.stageName($0.role, seed: $0.seed) }
    let teacher = recipe.asksTeacher ? image(RoleName.teacher) : 0
    let compared = comparedNetworks
    var jobs: [PlannedJob] = []
    let stage = MeasurementStage(context: context, teachers: trainings.teachers)
    for wanted in recipe.analysis.further {
      let images = try stage.images(of: wanted)
      jobs.append(
        PlannedJob(
          name: stage.name(of: wanted), needs: trained,
          amount: Self.count(stage.comparedCheckpoints.count, "checkpoint"),
          seconds: Double(images) * image(RoleName.baseline)))
    }
    jobs.append(
      PlannedJob(
        name: evaluations.testingStage, needs: trained,
        amount: Self.count(compared.count + (recipe.asksTeacher ? 1 : 0), "network"),
        seconds: Double(data.test.count) * (Double(compared.count) * image(RoleName.baseline) + teacher),
        bytes: 4 * data.test.count * data.test.classes.count * (compared.count + (recipe.asksTeacher ? 1 : 0))))
    if !isComparison, recipe.asksTeacher {
      jobs.append(
        PlannedJob(
          name: evaluations.similarityStage, needs: trained, amount: Self.count(compared.count, "network"),
          seconds: Double(min(Evaluations.similarityImages, data.development.count))
            * Double(compared.count + evaluations.similarityEpochs.count * studentRoles.count)
            * image(RoleName.baseline)))
    }
    jobs.append(PlannedJob(name: reportStage, needs: jobs.map(\.name), amount: "1 report", seconds: 3))
    return jobs
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// Has it said what the work comes to as soon as all is checked, and refuses what the disk cannot take.
  ///
  /// - Throws: ``InputError`` if more is written than is free.
  func announceWork() throws {
    let estimate = try estimate(isTimed: !progress.isQuiet, isFresh: false)
    try estimate.requireSpace(at: folders.run.path)
    if !estimate.isNothing { context.advise(estimate.summary) }
    if !isComparison, let forecast = EffectForecast(recipe, below: folders.root) { context.advise(forecast.line) }
  }

  /// The most time that trial steps may take together; a step that takes longer is one step all the same.
  private static let trialSeconds = 8.0

  /// Networks whose training is not at its end, with the epochs that are left.
  private func pendingTrainings(isFresh: Bool) -> [(role: String, seed: Int, done: Int, epochs: Int)] {
    recipe.trainedNetworks.compactMap { network in
      let (role, seed) = (network.role, network.seed)
      if context.leftOut.contains(role, seed: seed) { return nil }
      let done = isFresh ? 0 : (try? history(role, seed: seed))?.epochs.count ?? 0
      let left = recipe.lastEpoch(of: role) - done
      return left > 0 ? (role, seed, done, left) : nil
    }
  }

  /// Checkpoints that a training will add, with the one that stands on disk until the next one is safe.
  private func writtenCheckpoints(of training: (role: String, seed: Int, done: Int, epochs: Int)) -> Int {
    let later = training.done == 0 ? 0...training.epochs : training.done + 1...training.done + training.epochs
    guard let kept = recipe.keptEpochs(of: training.role) else { return later.count }
    return later.count { kept.contains($0) } + 1
  }

  /// Builds a program as it would be trained and, if there is time, tries some steps of it.
  private func trial(_ role: String, within limit: Double) throws -> Trial {
    let data = try data()
    let network = try ModelCatalog.build(
      specification(recipe.model(of: role)), seed: 0, at: recipe.teacher(named: role) == nil ? "student" : role)
    let student = recipe.taught(role)
    let program = try trainings.program(
      for: student, network,
      teacher: student.flatMap { try trainings.freshTeacher(of: $0) ?? trainings.teachers.fresh() }, seed: firstSeed)
    let count = min(recipe.training.batch, data.train.count)
    func step() {
      let batch = trainings.trialBatch(for: program, of: data, count: count)
      // A method's own stage is the shorter part; that of a two-stage student comes first.
      let isLater = (student?.preparationEpochs ?? 0) > 0
      _ = try? program.step(
        batch, TrainingClock(step: isLater ? .max : 0, epochs: 1, stepsPerEpoch: 1), learningRate: 0,
        random: Philox(seed: 0))
    }
    let clock = ContinuousClock()
    var seconds: Double?
    if limit > 0 {
      // The first step makes primitives, which takes longer than to run them.
      let first = clock.measure { step() } / .seconds(1)
      var times = [first]
      // A second one is worth a second: by the first alone all would be told several times as long.
      while times.count < 4, times.reduce(0, +) + (times.last ?? 0) < limit || times.count == 1 && first < limit + 1 {
        times.append(clock.measure { step() } / .seconds(1))
      }
      seconds = (times.dropFirst().min() ?? first) / Double(count)
    }
    func bytes(_ tensors: [Tensor]) -> Int { 4 * tensors.reduce(0) { $0 + $1.count } }
    return Trial(
      checkpoint: bytes(program.participants.flatMap { $0.network.namedParameters.map(\.parameter.tensor) }),
      state: bytes(program.state.map { $0.tensor }), seconds: seconds)
  }

  /// Steps of an epoch and the evaluation behind them, which are forward passes.
  private func epochSeconds(_ role: String, _ trials: [String: Trial]) -> Double {
    guard let data = try? data() else { return 0 }
    // Where there was no time left for a trial, the others' mean has to do.
    let known = trials.values.compactMap(\.seconds)
    let image = trials[role]?.seconds ?? (known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count))
    let own = trials[recipe.teacher(named: role) == nil ? RoleName.baseline : role]?.seconds ?? image
    return image * Double(data.train.count) + own / 3 * Double(data.development.count)
  }

  /// Checkpoints and pictures whose maps of a layer are not there; the first weights of a seed are everyone's.
  private func pendingJobs(_ layer: String, _ procedure: EntropyProcedure, isFresh: Bool) throws -> [MeasuringJob] {
    let all = try measurements.measuredNetworks(at: layer, procedure).flatMap {
      try measurements.jobs($0.role, seed: $0.seed, layer: layer, procedure)
    }
    let isThere = !isFresh && FileManager.default.fileExists(atPath: folders.recipe.path)
    let probe = isThere ? try measurements.probeSet(procedure) : nil
    var (open, known) = ([MeasuringJob](), Set<String>())
    for job in all {
      // Before there are weights nothing can have been measured of them.
      if let probe, isTrained(job), try measurements.storedMaps(of: job, probe) != nil { continue }
      if known.insert("\(job.source) \(job.seed) \(job.file)").inserted { open.append(job) }
    }
    return open
  }

  private func isTrained(_ job: MeasuringJob) -> Bool {
    FileManager.default.fileExists(atPath: measurements.checkpoint(of: job).path)
  }

  /// Seconds of one map, from a short one of weights that have learned nothing.
  private func mapSeconds(_ layer: String, _ procedure: EntropyProcedure, ofTeacher: Bool) throws -> Double {
    let data = try data()
    let model = ofTeacher ? recipe.model(of: RoleName.teacher) : recipe.student
    let network = try ModelCatalog.build(specification(model), seed: 0, at: ofTeacher ? "teacher" : "student")
    network.freeze()
    let layer = ofTeacher ? measurements.measuredLayer(layer, of: network) : layer
    let random = Philox(seed: 1).split(.noise)
    guard procedure == .fixedDistortion else {
      return PublishedProbe(
        network, at: layer, measurements.publishedSettings, set: data.development, normalization: data.normalization,
        random: random
      ).secondsPerMap(timing: 0)
    }
    var short = measurements.entropySettings
    (short.iterations, short.scalingDraws) = (2, 16)
    let few = data.development.subset(Array(0..<min(16, data.development.count)))
    let probe = ConceptProbe(
      network, at: FeaturePoint(layer), short, development: few, normalization: data.normalization, random: random)
    let image = ProbeSet(anyOf: few, count: 1, grid: short.grid)
    _ = probe.maps(of: image) { _ in }
    let taken = ContinuousClock().measure { _ = probe.maps(of: image) { _ in } }
    return taken / .seconds(1) * measurements.entropySettings.passes / short.passes
  }

  /// What is free on the disk of the run; nil where that cannot be asked.
  private var freeBytes: Int? {
    // The kernel's own file systems say 0; a disk that is full is refused where the first file is written.
    Folders.freeBytes(at: folders.run).flatMap { $0 > 0 ? $0 : nil }
  }
}
