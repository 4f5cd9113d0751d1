import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

extension Measurements {
  /// The maps of a job that an earlier process measured; nil if it did not.
  func storedMaps(of job: MeasuringJob, _ probe: ProbeSet) throws -> [EntropyMap]? {
    try store(of: job).read(job.file, key: key(of: job, probe), of: pictures(of: job, probe))
  }

  private func store(of job: MeasuringJob) -> MapStore {
    let places = folders.mapFolders(job.source, seed: job.seed, layer: job.layer, procedure: job.procedure)
    return MapStore(
      folder: context.isRunWritable ? places[0] : places[places.count - 1], others: places,
      holdsOtherSettings: folders.analysis != nil
    ) { [progress] in progress.notice($0) }
  }

  func checkpoint(of job: MeasuringJob) -> URL {
    guard job.role != RoleName.teacher else { return teachers.file }
    let moment = recipe.trainedMoment(job.epoch, of: job.source)
    return folders.training(job.source, seed: job.seed).checkpoint(at: moment)
  }

  private func key(of job: MeasuringJob, _ probe: ProbeSet) throws -> String {
    let (weights, data) = (checkpoint(of: job), try data())
    let pictures = try pictures(of: job, probe)
    let name = try job.pictures == .probe ? data.summary : "\(data.summary) without object: \(positionCorrection())"
    func key(_ settings: some Encodable) throws -> String {
      try MapStore.key(
        weights: weights, settings: settings, layer: job.layer, images: pictures.images.indices, data: name,
        stream: job.noise)
    }
    if job.procedure == .published { return try key(publishedSettings) }
    // The number of images in a pass does not change a map.
    var settings = entropySettings
    settings.batch = 0
    return try key(settings)
  }

  func maps(
    of job: MeasuringJob, _ probe: ProbeSet, _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    if let stored = try storedMaps(of: job, probe) { return stored }
    guard !context.storedMapsOnly else {
      throw InputError(
        folders.run.path, "\(job.layer) of \(checkpoint(of: job).lastPathComponent) is not measured",
        remedy: "measure it with \(programName) analyze \(folders.name)\(folders.outArgument)")
    }
    let data = try data()
    let pictures = try pictures(of: job, probe)
    let random = Philox(seed: job.noise).split(.noise)
    let maps =
      switch job.procedure {
      case .fixedDistortion: try conceptProbe(job).maps(of: pictures, drawing: random, advanced)
      case .published:
        try PublishedProbe(
          network(of: job), at: job.layer, publishedSettings, set: pictures.set, normalization: data.normalization,
          random: random
        ).maps(of: pictures, advanced)
      }
    try store(of: job).write(maps, as: job.file, key: key(of: job, probe))
    return maps
  }

  private func network(of job: MeasuringJob) throws -> any Network {
    let network = try job.role == RoleName.teacher ? teachers.trained() : RunFolder.network(at: checkpoint(of: job))
    network.freeze()
    return network
  }

  /// The probe of a checkpoint; the same as before where it is the same checkpoint, so that its file is read and its
  /// feature's variance found once for all pictures and repeats.
  private func conceptProbe(_ job: MeasuringJob) throws -> ConceptProbe {
    let key = "\(checkpoint(of: job).path) \(job.layer)"
    if let probe = lastProbe, probe.key == key { return probe.probe }
    let data = try data()
    let network = try network(of: job)
    let layer = job.role == RoleName.teacher ? measuredLayer(job.layer, of: network) : job.layer
    let probe = ConceptProbe(
      network, at: FeaturePoint(layer), entropySettings, development: data.development,
      normalization: data.normalization, random: Philox(seed: job.noise).split(.noise))
    let finite = try probe.finite(layer, of: checkpoint(of: job).path)
    lastProbe = (key, finite)
    return finite
  }

  /// Where a teacher is measured beside a layer of the students: there, or at its own last map if it is of another family.
  func measuredLayer(_ layer: String, of teacher: any Network) -> String {
    teacher.probePoints.contains { $0.name == layer } ? layer : teacher.lastStage.name
  }

  private func pictures(of job: MeasuringJob, _ probe: ProbeSet) throws -> ProbeSet {
    job.pictures == .probe ? probe : try positionProbe() ?? probe
  }

  /// Says before it starts how long the published procedure will take: a few steps are timed at every layer.
  func announcePublished(_ probe: ProbeSet) throws {
    guard let image = probe.images.indices.first else { return }
    let data = try data()
    var (pending, seconds) = (0, 0.0)
    for layer in recipe.analysis.layers {
      let all = try measuredNetworks(at: layer, .published).flatMap {
        try jobs($0.role, seed: $0.seed, layer: layer, .published)
      }
      let open = try all.filter { try storedMaps(of: $0, probe) == nil }
      guard let job = open.last else { continue }
      let each = try PublishedProbe(
        network(of: job), at: layer, publishedSettings, set: data.development, normalization: data.normalization,
        random: Philox(seed: 1).split(.noise)
      ).secondsPerMap(timing: image)
      let maps = try open.reduce(0) { try $0 + pictures(of: $1, probe).images.count }
      pending += maps
      seconds += each * Double(maps)
    }
    guard pending > 0 else { return }
    progress.milestone(
      "published procedure: \(pending) maps, at most \(durationText(seconds)) by the time that a few steps took")
  }
}
