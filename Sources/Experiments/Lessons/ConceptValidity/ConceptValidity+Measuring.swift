import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// What one way of measuring says of one level.
package struct PartsResult {
  package let level: PartsLevel
  package let setting: PartsSetting
  package let study: DissociationStudy

  package init(level: PartsLevel, setting: PartsSetting, study: DissociationStudy) {
    self.level = level
    self.setting = setting
    self.study = study
  }
}

/// Maps of one image, for the gallery.
package struct PartsPicture {
  package let level: PartsLevel
  /// Index in the development split.
  package let image: Int
  /// Of network a and of network b, trained, without position.
  package let maps: (a: EntropyMap, b: EntropyMap)

  package init(level: PartsLevel, image: Int, maps: (a: EntropyMap, b: EntropyMap)) {
    self.level = level
    self.image = image
    self.maps = maps
  }
}

/// Everything that the report is made from.
package struct ValidityMaterial {
  let trainings: [PartsTraining]
  let results: [PartsResult]
  let pictures: [PartsPicture]
  /// Maps that were measured of parts, and those of them that did not reach their distortion.
  let maps: (all: Int, failed: Int)

  package init(
    trainings: [PartsTraining], results: [PartsResult], pictures: [PartsPicture], maps: (all: Int, failed: Int)
  ) {
    self.trainings = trainings
    self.results = results
    self.pictures = pictures
    self.maps = maps
  }
}

extension ConceptValidity {
  /// Images of each level in the gallery.
  private static let shown = 2

  /// Development images that are measured in a way; the published procedure takes a hundred times as long.
  func imageCount(_ setting: PartsSetting) -> Int {
    min(options[Self.probeImages], setting.procedure == .published ? 4 : .max)
  }

  private func probe(_ level: PartsLevel, _ setting: PartsSetting) throws -> ProbeSet {
    let pictures = try pictures(level)
    let images = pictures.a.development.imagesShowing(
      count: imageCount(setting), pictures.parts.a, pictures.parts.b, grid: Self.grid, fewest: Self.fewestCells)
    return ProbeSet(pictures.a.development, indices: images, grid: setting.grid)
  }

  private func backgrounds(_ level: PartsLevel, grid: Int) throws -> ProbeSet {
    let count = options[Self.positionImages]
    return ProbeSet(anyOf: try pictures(level).a.objectFree(count: count, seed: 1), count: count, grid: grid)
  }

  /// Measures both networks of every level and seed in every way.
  func measure(_ trainings: [PartsTraining]) throws -> ValidityMaterial {
    var (results, shown): ([PartsResult], [PartsPicture]) = ([], [])
    var (all, failed) = (0, 0)
    for level in levels {
      let own = trainings.filter { $0.level == level }
      let (settings, parts) = (settings(at: level), try pictures(level).parts)
      // The images are the same for all seeds.
      let asked = try settings.map { setting in
        let probe = try probe(level, setting)
        let cells = probe.images.indices.map { probe.set.twoParts(of: $0, parts.a, parts.b, grid: setting.grid) }
        return (setting: setting, probe: probe, cells: cells)
      }
      var found = Array(repeating: [Dissociation](), count: settings.count)
      for training in own {
        let name = measuringName(level, seed: training.seed)
        progress.begin(name)
        var isFresh = false
        for (place, (setting, probe, cells)) in asked.enumerated() {
          func maps(_ network: PartsNetwork, after: Double) throws -> [EntropyMap] {
            try self.maps(setting, network, training, probe) { share in
              isFresh = true
              progress.update((Double(place) + after + share / 2) / Double(settings.count)) {
                "\(network.rawValue), \(setting.change.isEmpty ? setting.stage.rawValue : setting.change)"
              }
            }
          }
          let (a, b) = (try maps(.a, after: 0), try maps(.b, after: 0.5))
          all += a.count + b.count
          failed += (a + b).count { !$0.isUsable }
          if let score = Dissociation(seed: training.seed, a: a, b: b, cells: cells) { found[place].append(score) }
          if place == 0, training.seed == seeds[0] {
            shown += probe.images.indices.prefix(Self.shown).enumerated().map {
              PartsPicture(level: level, image: $1, maps: (a[$0], b[$0]))
            }
          }
        }
        if isFresh { progress.milestone("\(name): done") } else { progress.skip() }
      }
      let failure = failure(own)
      results += zip(settings, found).map {
        PartsResult(level: level, setting: $0, study: DissociationStudy($1, failure: failure))
      }
    }
    return ValidityMaterial(trainings: trainings, results: results, pictures: shown, maps: (all, failed))
  }

  /// The maps of one network, without position where the setting says so.
  private func maps(
    _ setting: PartsSetting, _ network: PartsNetwork, _ training: PartsTraining, _ probe: ProbeSet,
    _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    let file = checkpoint(setting.stage, network, training)
    let place = (training, network, file)
    guard setting.isAdjusted else { return try stored(setting, place, probe, "", advanced) }
    let maps = try stored(setting, place, probe, "") { try advanced($0 / 2) }
    let backgrounds = try backgrounds(training.level, grid: setting.grid)
    let profile = PositionProfile(
      objectFree: try stored(setting, place, backgrounds, "-position") { try advanced(0.5 + $0 / 2) })
    return maps.map { $0.adjusted(by: profile) }
  }

  /// Those of an earlier process where all that they depend on is the same.
  private func stored(
    _ setting: PartsSetting, _ place: (training: PartsTraining, network: PartsNetwork, checkpoint: URL),
    _ probe: ProbeSet, _ suffix: String, _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    let level = place.training.level
    let data = try pictures(level).a
    let entropy = EntropySettings(distortion: setting.distortion, grid: setting.grid)
    let published = PublishedSettings(
      grid: setting.grid, weight: PublishedSettings.weight(for: options[Self.model].rawValue))
    let store = MapStore(
      folder: folders.maps(
        "\(level.rawValue)-\(place.network.rawValue)", seed: place.training.seed, layer: setting.layer))
    let description = "\(data.summary) \(trainingText(level)) \(setting.isBeforeReLU)\(suffix)"
    func key(_ settings: some Encodable) throws -> String {
      try MapStore.key(
        weights: place.checkpoint, settings: settings, layer: setting.layer, images: probe.images.indices,
        data: description, stream: 0)
    }
    let isPublished = setting.procedure == .published
    let found = try isPublished ? key(published) : key(entropy)
    if let maps = store.read(setting.file + suffix, key: found, of: probe) { return maps }
    let network = try Checkpoint.read(place.checkpoint).network
    network.freeze()
    let random = Philox(seed: suffix.isEmpty ? 1 : 2).split(.noise)
    func told(_ share: Double) throws {
      try Interrupt.check()
      try advanced(share)
    }
    let maps = try timed("measuring") {
      guard !isPublished else {
        return try PublishedProbe(
          network, at: setting.layer, published, set: probe.set, normalization: data.normalization, random: random
        ).maps(of: probe, told)
      }
      return try ConceptProbe(
        network, at: FeaturePoint(setting.layer, preActivation: setting.isBeforeReLU), entropy,
        development: data.development, normalization: data.normalization, random: random
      ).finite(setting.layer, of: place.checkpoint.path).maps(of: probe, drawing: random, told)
    }
    try store.write(maps, as: setting.file + suffix, key: found)
    return maps
  }

  private func measuringName(_ level: PartsLevel, seed: Int) -> String { "measuring \(level.rawValue), seed \(seed)" }

  /// Tells the progress display what will be done, with costs in multiply–accumulate operations.
  func planProgress() throws {
    var stages: [ProgressDisplay.Stage] = []
    let costs = try levels.map { level in
      Double(try ModelCatalog.build(specification(size: pictures(level).a.train.height), seed: 0).multiplications)
    }
    for (level, cost) in zip(levels, costs) {
      let data = try pictures(level).a
      for seed in seeds {
        stages += PartsNetwork.allCases.map { network in
          ProgressDisplay.Stage(
            trainingName(level, network, seed: seed), kind: "training/\(level.rawValue)",
            cost: cost * TrainingStage.passes(data, epochs: training(at: level).epochs))
        }
      }
    }
    for (level, cost) in zip(levels, costs) {
      let passes = settings(at: level).reduce(0.0) { sum, setting in
        let images = Double(imageCount(setting)) + (setting.isAdjusted ? Double(options[Self.positionImages]) : 0)
        // A backward pass to the input alone costs one forward pass.
        return sum + 2 * images
          * (setting.procedure == .published ? PublishedSettings().passes : EntropySettings(grid: setting.grid).passes)
      }
      // Both networks.
      stages += seeds.map { seed in
        ProgressDisplay.Stage(measuringName(level, seed: seed), kind: "measuring/\(mainLayer)", cost: 2 * cost * passes)
      }
    }
    progress.plan(stages, typical: RunPlan.typicalPaces)
  }
}
