import Analysis
import Checkpoints
import Foundation
import Support

/// Measures the concepts of all networks of a run: each map as far as it is not there yet.
final class Measurements: RunStage {
  let context: RunContext
  let teachers: Teachers
  /// Pictures without an object, made once.
  var loadedPosition: ProbeSet?
  /// The probe of the checkpoint that was measured last.
  var lastProbe: (key: String, probe: ConceptProbe)?

  init(_ context: RunContext, _ teachers: Teachers) {
    self.context = context
    self.teachers = teachers
  }

  var entropySettings: EntropySettings { recipe.analysis.entropySettings }

  var publishedSettings: PublishedSettings { recipe.analysis.publishedSettings(for: recipe.student.name) }

  /// Measures every layer of the recipe, for every network that is measured there, seed, epoch and procedure.
  func run() throws -> [LayerStudy] {
    let correction = try positionCorrection()
    return try recipe.analysis.procedures.flatMap { procedure in
      let probe = try probeSet(procedure)
      if procedure == .published, !context.storedMapsOnly { try announcePublished(probe) }
      return try recipe.analysis.layers.flatMap { layer in
        let series = try measuredNetworks(at: layer, procedure).map { network in
          try measure(network.role, seed: network.seed, layer: layer, procedure, probe)
        }
        return studies(of: layer, procedure, correction, probe.images, series)
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
    of layer: String, _ procedure: EntropyProcedure, _ correction: PositionCorrection, _ images: ProbeImages,
    _ series: [EntropySeries]
  ) -> [LayerStudy] {
    let compared = series.filter { $0.role != RoleName.teacher }
    func adjusted(_ series: [EntropySeries]) -> [EntropySeries] {
      series.map { $0.adjusted(correction, images: images) }
    }
    guard procedure == .published else {
      func study(_ series: [EntropySeries]) -> ConceptStudy {
        ConceptStudy(images: images, series: series, thresholds: recipe.analysis.thresholds)
      }
      let teacher = series.filter { $0.role == RoleName.teacher }
      return [
        LayerStudy(
          layer: layer, position: correction, study: study(compared), adjusted: study(adjusted(compared)),
          teacher: study(teacher), adjustedTeacher: study(adjusted(teacher)))
      ]
    }
    let selection = PublishedSelection(
      compared, images: images, from: recipe.firstValidEpoch, limit: recipe.analysis.probeImages)
    return [nil, selection].map { selection in
      func study(_ series: [EntropySeries]) -> ConceptStudy {
        .published(
          images: images, series: series, firstEpoch: PublishedSettings.firstEpoch(for: recipe.student.name),
          selection: selection)
      }
      return LayerStudy(
        layer: layer, procedure: .published, position: correction, selection: selection, study: study(compared),
        adjusted: study(adjusted(compared)))
    }
  }

  private func measure(
    _ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure, _ probe: ProbeSet
  ) throws -> EntropySeries {
    let correction = try positionCorrection()
    let places = probeJobs(role, seed: seed, layer: layer, procedure)
    let name = measuringName(role, seed: seed, layer: layer, procedure)
    progress.begin(name)
    let all = try jobs(role, seed: seed, layer: layer, procedure)
    // Checkpoints of another network's folder are measured there.
    let own = Double(all.count { $0.source == role })
    var (place, done, isFresh) = (0, 0.0, false)
    func maps(_ job: MeasuringJob) throws -> [EntropyMap] {
      try Interrupt.check()
      place += 1
      defer { if job.source == role { done += 1 } }
      return try context.timed(procedure == .published ? "measuring as published" : "measuring") {
        try self.maps(of: job, probe) {
          try Interrupt.check()
          if !isFresh { progress.resume(after: done / own) }
          isFresh = true
          progress.update((done + $0) / own) { "checkpoint \(place)/\(all.count)" }
        }
      }
    }
    var (probed, objectFree): ([[EntropyMap]], [[EntropyMap]]) = ([], [])
    for job in places {
      probed.append(try maps(job))
      objectFree.append(hasProfile(job, correction) ? try maps(job.showing(.position)) : [])
    }
    if isFresh { progress.milestone("\(name): \(all.count) checkpoints done") } else { progress.skip() }
    let epochs = places.filter { $0.number == 0 }.map(\.epoch)
    let last = epochs.count - 1
    guard role != RoleName.teacher else {
      return EntropySeries(
        role: role, seed: seed, epochs: epochs, maps: probed, distances: [0], objectFree: objectFree, times: [1])
    }
    let folder = folders.training(role, seed: seed)
    let trained = epochs.map { recipe.trainedMoment($0, of: role) }
    let steps = try WeightPath.stepDistances(history(role, seed: seed), folder, epochs: trained, layer: layer)
    let isPublished = procedure == .published
    // The first measurement of the last epoch is one of the repeats: as many as there are epochs of learning.
    return EntropySeries(
      role: role, seed: seed, epochs: epochs, maps: Array(probed[...last]),
      distances: try WeightPath.distances(folder, epochs: trained, layer: layer, history(role, seed: seed)),
      stepDistances: steps?.upTo,
      layerDistances: steps?.layer, repeats: isPublished ? [] : Array(probed[last...]),
      objectFree: Array(objectFree[...last]), objectFreeRepeats: isPublished ? [] : Array(objectFree[last...]),
      times: epochs.map { recipe.time($0, of: role) })
  }

  func measuringName(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) -> String {
    "measuring \(layer) of \(role), seed \(seed)" + (procedure == .published ? ", as published" : "")
  }
}
