import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Statistics
import Support
import Tensors

/// What was measured of one layer.
struct LayerStudy {
  let layer: String
  let study: ConceptStudy
}

extension Experiment {
  var entropySettings: EntropySettings {
    EntropySettings(
      distortion: recipe.analysis.distortion, grid: recipe.analysis.grid, iterations: recipe.analysis.iterations,
      draws: recipe.analysis.draws)
  }

  /// Measures every layer of the recipe, for every network, seed and epoch.
  func measure() throws -> [LayerStudy] {
    let data = try data()
    try requireMasks()
    let probe = ProbeSet(data.development, count: recipe.analysis.probeImages, grid: recipe.analysis.grid)
    return try recipe.analysis.layers.map { layer in
      var series: [EntropySeries] = []
      for seed in recipe.seeds {
        for role in studentRoles { series.append(try measure(role, seed: seed, layer: layer, probe)) }
      }
      return LayerStudy(
        layer: layer,
        study: ConceptStudy(images: probe.images, series: series, thresholds: recipe.analysis.thresholds))
    }
  }

  private func measure(_ role: String, seed: Int, layer: String, _ probe: ProbeSet) throws -> EntropySeries {
    let folder = folders.training(role, seed: seed)
    let epochs = Array(0...recipe.training.epochs)
    let store = MapStore(folder: folders.maps(role, seed: seed, layer: layer))
    progress.begin(measuringName(role, seed: seed, layer: layer))
    // The last epoch again, with other draws each time: what ρ would be if nothing changed.
    let repeats = Array(1..<max(2, epochs.count - 1))
    var measured: [[EntropyMap]] = []
    let total = Double(epochs.count + repeats.count)
    let jobs = epochs.map { (epoch: $0, repeat: 0) } + repeats.map { (epoch: recipe.training.epochs, repeat: $0) }
    var isFresh = false
    for (index, job) in jobs.enumerated() {
      try Interrupt.check()
      let name = "epoch-\(job.epoch)" + (job.repeat > 0 ? "-again-\(job.repeat)" : "")
      let maps = try timed("measuring") {
        try self.maps(of: folder.checkpoint(epoch: job.epoch), layer: layer, probe, store, name, stream: job.repeat) {
          try Interrupt.check()
          isFresh = true
          progress.update((Double(index) + $0) / total) { "checkpoint \(index + 1)/\(Int(total))" }
        }
      }
      measured.append(maps)
    }
    if isFresh {
      progress.milestone("\(measuringName(role, seed: seed, layer: layer)): \(jobs.count) checkpoints done")
    } else {
      progress.skip()
    }
    // The first measurement of the last epoch is one of the repeats: as many as there are epochs of learning.
    let again = [measured[epochs.count - 1]] + measured[epochs.count...]
    return EntropySeries(
      role: role, seed: seed, epochs: epochs, maps: Array(measured[..<epochs.count]),
      distances: try WeightPath.distances(folder, epochs: epochs, layer: layer), repeats: Array(again))
  }

  private func maps(
    of checkpoint: URL, layer: String, _ probe: ProbeSet, _ store: MapStore, _ name: String, stream: Int,
    _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    let data = try data()
    let key = try MapStore.key(
      weights: checkpoint, settings: entropySettings, layer: layer, images: probe.images.indices,
      data: data.summary, stream: stream)
    if let stored = try store.read(name, key: key) { return stored }
    guard !storedMapsOnly else {
      throw InputError(
        folders.run.path, "\(layer) of \(checkpoint.lastPathComponent) is not measured",
        remedy: "measure it with kdscope analyze \(folders.name)")
    }
    let network = try Checkpoint.read(checkpoint).network
    network.freeze()
    let maps = try ConceptProbe(
      network, at: FeaturePoint(layer), entropySettings, development: data.development,
      normalization: data.normalization, random: Philox(seed: UInt64(stream + 1)).split(.noise)
    ).maps(of: probe, advanced)
    try store.write(maps, as: name, key: key)
    return maps
  }
}
