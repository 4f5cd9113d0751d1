import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// One checkpoint of one network to be measured.
struct MeasuringJob {
  let role: String
  let seed: Int
  let layer: String
  let procedure: EntropyProcedure
  let epoch: Int
  /// 0, or the number of a repeat with other draws.
  let number: Int

  /// The network whose maps these are: of one seed all begin with the same weights.
  var source: String { epoch == 0 ? "baseline" : role }

  /// Name of the file of maps.
  var file: String { "epoch-\(epoch)" + (number > 0 ? "-again-\(number)" : "") }
}

extension Experiment {
  var entropySettings: EntropySettings { recipe.analysis.entropySettings }

  var publishedSettings: PublishedSettings { recipe.analysis.publishedSettings(for: recipe.student.name) }

  /// Measures every layer of the recipe, for every network that is compared there, seed, epoch and procedure.
  func measure() throws -> [LayerStudy] {
    try recipe.analysis.procedures.flatMap { procedure in
      let probe = try probeSet(procedure)
      if procedure == .published, !storedMapsOnly { try announcePublished(probe) }
      return try recipe.analysis.layers.flatMap { layer in
        var series: [EntropySeries] = []
        for seed in recipe.seeds {
          for role in recipe.roles(at: layer) {
            series.append(try measure(role, seed: seed, layer: layer, procedure, probe))
          }
        }
        return studies(of: layer, procedure, probe.images, series)
      }
    }
  }

  /// The probe images of a procedure: the same images for both, foreground cells by each one's own rule.
  func probeSet(_ procedure: EntropyProcedure) throws -> ProbeSet {
    let (set, analysis) = (try data().development, recipe.analysis)
    if procedure == .published {
      return ProbeSet.published(set, count: analysis.published.candidates, grid: analysis.grid)
    }
    return ProbeSet(set, count: analysis.probeImages, grid: analysis.grid)
  }

  /// Studies of one layer: one at fixed distortion; with all images and with the selected ones as published.
  private func studies(
    of layer: String, _ procedure: EntropyProcedure, _ images: ProbeImages, _ series: [EntropySeries]
  ) -> [LayerStudy] {
    guard procedure == .published else {
      return [
        LayerStudy(
          layer: layer, study: ConceptStudy(images: images, series: series, thresholds: recipe.analysis.thresholds))
      ]
    }
    let selection = PublishedSelection(
      series, images: images, from: recipe.firstValidEpoch, limit: recipe.analysis.probeImages)
    return [nil, selection].map { selection in
      LayerStudy(
        layer: layer, procedure: .published, selection: selection,
        study: .published(
          images: images, series: series, firstEpoch: PublishedSettings.firstEpoch(for: recipe.student.name),
          selection: selection))
    }
  }

  /// The checkpoints of one network that are measured: every epoch, then, to know what ρ would be if nothing changed,
  /// the last one again with other draws; the published procedure has no such repeats.
  func jobs(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) -> [MeasuringJob] {
    let repeats = procedure == .published ? [] : Array(1..<max(2, recipe.learningEpochs.count))
    let places =
      recipe.measuredEpochs.map { (epoch: $0, number: 0) }
      + repeats.map { (epoch: recipe.training.epochs, number: $0) }
    return places.map { place in
      MeasuringJob(
        role: role, seed: seed, layer: layer, procedure: procedure, epoch: place.epoch, number: place.number)
    }
  }

  private func measure(
    _ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure, _ probe: ProbeSet
  ) throws -> EntropySeries {
    let folder = folders.training(role, seed: seed)
    let epochs = recipe.measuredEpochs
    let name = measuringName(role, seed: seed, layer: layer, procedure)
    progress.begin(name)
    let jobs = jobs(role, seed: seed, layer: layer, procedure)
    var measured: [[EntropyMap]] = []
    var isFresh = false
    // Checkpoints of another network's folder are measured there.
    let own = Double(jobs.count { $0.source == role })
    var done = 0.0
    for (index, job) in jobs.enumerated() {
      try Interrupt.check()
      let maps = try timed(procedure == .published ? "measuring as published" : "measuring") {
        try self.maps(of: job, probe) {
          try Interrupt.check()
          if !isFresh { progress.resume(after: done / own) }
          isFresh = true
          progress.update((done + $0) / own) { "checkpoint \(index + 1)/\(jobs.count)" }
        }
      }
      if job.source == role { done += 1 }
      measured.append(maps)
    }
    if isFresh { progress.milestone("\(name): \(jobs.count) checkpoints done") } else { progress.skip() }
    let again = measured[epochs.count...]
    let trained = epochs.map { recipe.trainedEpoch($0, of: role) }
    let steps = try WeightPath.stepDistances(history(role, seed: seed), folder, epochs: trained, layer: layer)
    return EntropySeries(
      role: role, seed: seed, epochs: epochs, maps: Array(measured[..<epochs.count]),
      distances: try WeightPath.distances(folder, epochs: trained, layer: layer, history(role, seed: seed)),
      stepDistances: steps?.upTo,
      layerDistances: steps?.layer,
      // The first measurement of the last epoch is one of the repeats: as many as there are epochs of learning.
      repeats: procedure == .published ? [] : [measured[epochs.count - 1]] + again)
  }

  /// The maps of a job that an earlier process measured; nil if it did not.
  func storedMaps(of job: MeasuringJob, _ probe: ProbeSet) throws -> [EntropyMap]? {
    try store(of: job).read(job.file, key: key(of: job, probe), of: probe)
  }

  private func store(of job: MeasuringJob) -> MapStore {
    let places = folders.mapFolders(job.source, seed: job.seed, layer: job.layer, procedure: job.procedure)
    return MapStore(
      folder: isRunWritable ? places[0] : places[places.count - 1], others: places,
      holdsOtherSettings: folders.analysis != nil
    ) { [progress] in progress.notice($0) }
  }

  private func checkpoint(of job: MeasuringJob) -> URL {
    folders.training(job.source, seed: job.seed).checkpoint(epoch: recipe.trainedEpoch(job.epoch, of: job.source))
  }

  private func key(of job: MeasuringJob, _ probe: ProbeSet) throws -> String {
    let (weights, data) = (checkpoint(of: job), try data())
    func key(_ settings: some Encodable) throws -> String {
      try MapStore.key(
        weights: weights, settings: settings, layer: job.layer, images: probe.images.indices, data: data.summary,
        stream: job.number)
    }
    if job.procedure == .published { return try key(publishedSettings) }
    // The number of images in a pass does not change a map.
    var settings = entropySettings
    settings.batch = 0
    return try key(settings)
  }

  private func maps(
    of job: MeasuringJob, _ probe: ProbeSet, _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    if let stored = try storedMaps(of: job, probe) { return stored }
    guard !storedMapsOnly else {
      throw InputError(
        folders.run.path, "\(job.layer) of \(checkpoint(of: job).lastPathComponent) is not measured",
        remedy: "measure it with kdscope analyze \(folders.name)")
    }
    let data = try data()
    let network = try Checkpoint.read(checkpoint(of: job)).network
    network.freeze()
    let random = Philox(seed: UInt64(job.number + 1)).split(.noise)
    let maps =
      switch job.procedure {
      case .fixedDistortion:
        try ConceptProbe(
          network, at: FeaturePoint(job.layer), entropySettings, development: data.development,
          normalization: data.normalization, random: random
        ).finite(job.layer, of: checkpoint(of: job).path).maps(of: probe, advanced)
      case .published:
        try PublishedProbe(
          network, at: job.layer, publishedSettings, set: data.development, normalization: data.normalization,
          random: random
        ).maps(of: probe, advanced)
      }
    try store(of: job).write(maps, as: job.file, key: key(of: job, probe))
    return maps
  }

  /// Says before it starts how long the published procedure will take: a few steps are timed at every layer.
  private func announcePublished(_ probe: ProbeSet) throws {
    guard let image = probe.images.indices.first else { return }
    let data = try data()
    var (pending, seconds) = (0, 0.0)
    for layer in recipe.analysis.layers {
      let all = recipe.seeds.flatMap { seed in
        recipe.roles(at: layer).flatMap { jobs($0, seed: seed, layer: layer, .published) }
      }
      let open = try all.filter { try storedMaps(of: $0, probe) == nil }
      guard let job = open.last else { continue }
      let network = try Checkpoint.read(checkpoint(of: job)).network
      network.freeze()
      let each = PublishedProbe(
        network, at: layer, publishedSettings, set: data.development, normalization: data.normalization,
        random: Philox(seed: 1).split(.noise)
      ).secondsPerMap(timing: image)
      pending += open.count * probe.images.count
      seconds += each * Double(open.count * probe.images.count)
    }
    guard pending > 0 else { return }
    progress.milestone(
      "published procedure: \(pending) maps, at most \(durationText(seconds)) by the time that a few steps took")
  }
}
