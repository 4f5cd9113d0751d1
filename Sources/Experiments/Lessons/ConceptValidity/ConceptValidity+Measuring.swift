import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Everything that the report is made from.
package struct ValidityMaterial {
  let trainings: [ValidityTraining]
  let study: ValidityStudy
  let checks: [RobustnessCheck]
  /// Number of maps that were measured.
  let maps: Int

  package init(trainings: [ValidityTraining], study: ValidityStudy, checks: [RobustnessCheck], maps: Int) {
    self.trainings = trainings
    self.study = study
    self.checks = checks
    self.maps = maps
  }
}

extension ConceptValidity {
  /// A way of measuring that should make no difference.
  private struct Variant {
    let factor: String
    let change: String
    var grid = ConceptValidity.grid
    /// Factor on the lesson's own distortion.
    var distortion = 1.0
    var stream = 0

    static let all = [
      Variant(factor: "noise draws", change: "another seed", stream: 1),
      Variant(factor: "grid", change: "8×8", grid: 8), Variant(factor: "grid", change: "32×32", grid: 32),
      Variant(factor: "distortion τ", change: "halved", distortion: 0.5),
      Variant(factor: "distortion τ", change: "doubled", distortion: 2),
    ]
  }

  /// Thresholds that concepts at ``mainThreshold`` are compared with, nats.
  private static let otherThresholds = [0.1, 0.4, 0.8]
  /// The threshold of the paper, nats.
  static let mainThreshold = 0.2

  private func entropySettings(_ variant: Variant? = nil) -> EntropySettings {
    EntropySettings(
      distortion: options.number("distortion") * (variant?.distortion ?? 1), grid: variant?.grid ?? ConceptValidity.grid
    )
  }

  /// Images whose maps are measured in other ways too.
  private func robustnessCount(of images: Int) -> Int { max(4, images / 2) }

  /// The images that are measured: those that show enough of the part, of the others and of the background.
  ///
  /// - Throws: ``InputError`` if there is none.
  func probeImages() throws -> [Int] {
    let images = try data().development.imagesShowingParts(
      count: options.integer("probe-images"), informative: part.rawValue, grid: ConceptValidity.grid,
      fewest: ConceptValidity.fewestCells)
    guard !images.isEmpty else {
      throw InputError(
        "lesson \(ConceptValidity.entry.name)", "no image shows \(part.name), other parts and background at once",
        remedy: "give a smaller --set close-up=…")
    }
    return images
  }

  /// Measures every network and layer, then the trained ones at the main layer in other ways.
  func measure(_ trainings: [ValidityTraining]) throws -> ValidityMaterial {
    let development = try data().development
    let images = try probeImages()
    let probe = ProbeSet(development, indices: images, grid: ConceptValidity.grid)
    var runs: [ValidityRun] = []
    for layer in layers {
      for training in trainings {
        progress.begin(measuringName(layer, seed: training.seed))
        var isFresh = false
        for (place, role) in Role.allCases.enumerated() {
          let file = checkpoint(of: role, training)
          let maps = try maps(file, layer: layer, probe, entropySettings(), "\(role)-\(layer)", training.seed) {
            isFresh = true
            progress.update((Double(place) + $0) / Double(Role.allCases.count)) { role.rawValue }
          }
          runs.append(ValidityRun(network: role.rawValue, layer: layer, seed: training.seed, maps: maps))
        }
        if isFresh { progress.milestone("\(measuringName(layer, seed: training.seed)): done") } else { progress.skip() }
      }
    }
    let study = ValidityStudy(
      images: images,
      cells: images.map { development.partCells(of: $0, informative: part.rawValue, grid: ConceptValidity.grid) },
      runs: runs)
    let checks = try robustness(study, trainings)
    let extra = Variant.all.count * trainings.count * robustnessCount(of: images.count)
    return ValidityMaterial(
      trainings: trainings, study: study, checks: checks, maps: runs.count * images.count + extra)
  }

  private func robustness(_ study: ValidityStudy, _ trainings: [ValidityTraining]) throws -> [RobustnessCheck] {
    let images = Array(study.images.prefix(robustnessCount(of: study.images.count)))
    let development = try data().development
    let runs = study.runs(of: Role.trained.rawValue, layer: mainLayer)
    var found = Array(repeating: [[Double?]](), count: Variant.all.count)
    for (training, run) in zip(trainings, runs) {
      progress.begin(checkingName(seed: training.seed))
      var isFresh = false
      for (place, variant) in Variant.all.enumerated() {
        let probe = ProbeSet(development, indices: images, grid: variant.grid)
        let maps = try maps(
          checkpoint(of: .trained, training), layer: mainLayer, probe, entropySettings(variant),
          "check-\(place)-\(mainLayer)", training.seed, stream: variant.stream
        ) {
          isFresh = true
          progress.update((Double(place) + $0) / Double(Variant.all.count)) { "\(variant.factor), \(variant.change)" }
        }
        found[place].append(zip(maps, run.maps).map { $0.rankCorrelation(with: $1) })
      }
      if isFresh { progress.milestone("\(checkingName(seed: training.seed)): done") } else { progress.skip() }
    }
    let thresholds = ConceptValidity.otherThresholds.map { other in
      RobustnessCheck(
        "threshold b", "\(other) nats",
        correlations: runs.map { run in
          zip(run.maps, study.cells).prefix(images.count).map {
            $0.conceptCorrelation(at: ConceptValidity.mainThreshold, and: other, $1)
          }
        })
    }
    return zip(Variant.all, found).map { RobustnessCheck($0.factor, $0.change, correlations: $1) } + thresholds
  }

  /// The maps of a checkpoint: those of an earlier process where all that they depend on is the same.
  private func maps(
    _ checkpoint: URL, layer: String, _ probe: ProbeSet, _ settings: EntropySettings, _ name: String, _ seed: Int,
    stream: Int = 0, _ advanced: (Double) throws -> Void
  ) throws -> [EntropyMap] {
    let data = try data()
    let store = MapStore(folder: folders.maps("validity", seed: seed, layer: layer))
    let key = try MapStore.key(
      weights: checkpoint, settings: settings, layer: layer, images: probe.images.indices,
      data: "\(data.summary) \(trainingText)", stream: UInt64(stream))
    if let stored = store.read(name, key: key, of: probe) { return stored }
    let network = try Checkpoint.read(checkpoint).network
    network.freeze()
    let maps = try timed("measuring") {
      try ConceptProbe(
        network, at: FeaturePoint(layer), settings, development: data.development, normalization: data.normalization,
        random: Philox(seed: UInt64(stream + 1)).split(.noise)
      ).maps(of: probe) {
        try Interrupt.check()
        try advanced($0)
      }
    }
    try store.write(maps, as: name, key: key)
    return maps
  }

  private func measuringName(_ layer: String, seed: Int) -> String { "measuring \(layer), seed \(seed)" }
  private func checkingName(seed: Int) -> String { "measuring in other ways, seed \(seed)" }

  /// Tells the progress display what will be done, with costs in multiply–accumulate operations.
  func planProgress() throws {
    let cost = Double(try ModelCatalog.build(specification, seed: 0).multiplications)
    let images = options.number("probe-images")
    let training = cost * TrainingStage.passes(try data(), epochs: settings.epochs)
    // A backward pass to the input alone costs one forward pass.
    let map = 2 * cost * entropySettings().passes
    let trainings = seeds.flatMap { seed in
      [Role.trained.rawValue, ConceptValidity.shuffledFolder].map { role in
        ProgressDisplay.Stage(trainingName(role, seed: seed), kind: "training/\(role)", cost: training)
      }
    }
    let maps = layers.flatMap { layer in
      seeds.map { seed in
        ProgressDisplay.Stage(
          measuringName(layer, seed: seed), kind: "measuring/\(layer)",
          cost: map * images * Double(Role.allCases.count))
      }
    }
    let checks = seeds.map { seed in
      ProgressDisplay.Stage(
        checkingName(seed: seed), kind: "measuring/\(mainLayer)",
        cost: map * Double(robustnessCount(of: Int(images))) * Double(Variant.all.count))
    }
    progress.plan(trainings + maps + checks, typical: Experiment.typicalPaces)
  }
}
