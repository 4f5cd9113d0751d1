import Datasets
import Models
import NeuralNetworks
import Support
import Tensors

/// Entropy maps of one network at one layer.
public struct ConceptProbe {
  /// Images from which δ² comes.
  public static let varianceImages = 1000
  private let solver: EntropySolver
  private let normalization: Normalization
  private let settings: EntropySettings
  /// Whether the network gives finite numbers there; of others nothing can be measured.
  public let hasFiniteFeatures: Bool

  /// Finds δ² and prepares the solver.
  ///
  /// - Parameters:
  ///   - network: frozen; it is left as it was.
  ///   - point: where the feature is taken.
  ///   - settings: τ, grid, cost, bounds.
  ///   - development: the split from which δ² comes, up to 1,000 images.
  ///   - normalization: of the network's training.
  ///   - random: stream of the noise.
  ///   - start: σ of every cell before the solver finds its common scale.
  public init(
    _ network: any Network, at point: FeaturePoint, _ settings: EntropySettings, development: ImageSet,
    normalization: Normalization, random: Philox, start: Double = 0.05
  ) {
    let maker = BatchMaker(development, normalization: normalization, augmentation: nil, seed: 0)
    let all = Array(0..<min(ConceptProbe.varianceImages, development.count))
    let batches = stride(from: 0, to: all.count, by: 200).lazy.map { start in
      maker.images(all[start..<min(all.count, start + 200)])
    }
    let variance = FeatureVariance.of(network, at: point, over: batches)
    hasFiniteFeatures = variance.isFinite
    // A feature that never varies discards everything at any σ; a tiny variance says the same without dividing by zero.
    solver = EntropySolver(
      settings,
      grid: CellGrid(rows: settings.grid, columns: settings.grid, height: development.height, width: development.width),
      deviation: normalization.std, variance: variance.isFinite ? max(variance, 1e-12) : 1, random: random, start: start
    ) { network.feature(point, of: $0) }
    self.normalization = normalization
    self.settings = settings
  }

  /// Maps of all probe images; memory is bounded by the batch size of the settings.
  ///
  /// - Parameters:
  ///   - probe: images, of whatever set.
  ///   - random: stream of the noise; that of the probe where nil.
  ///   - advanced: is told the share that is done, and may stop the work by throwing.
  /// - Returns: one map per probe image.
  public func maps(
    of probe: ProbeSet, drawing random: Philox? = nil, _ advanced: (Double) throws -> Void
  ) rethrows -> [EntropyMap] {
    precondition(hasFiniteFeatures, "ConceptProbe: the features are not finite numbers")
    let indices = probe.images.indices
    let solver = random.map { self.solver.drawing(from: $0) } ?? self.solver
    let maker = maker(of: probe)
    // As many images in a group as share a batch: each iteration is then whole batches.
    let group = max(1, settings.batch / settings.draws)
    var maps: [EntropyMap] = []
    for start in stride(from: 0, to: indices.count, by: group) {
      try advanced(Double(start) / Double(indices.count))
      let part = indices[start..<min(indices.count, start + group)]
      maps += solver.solve(maker.images(part), identifiers: Array(part))
    }
    try advanced(1)
    return maps
  }

  /// D of given maps of the probe images, from fresh draws.
  ///
  /// - Parameters:
  ///   - maps: one per probe image.
  ///   - probe: images of the development split.
  ///   - draws: forward passes of each image.
  /// - Returns: D of each image.
  public func distortions(of maps: [EntropyMap], _ probe: ProbeSet, draws: Int) -> [Double] {
    let indices = probe.images.indices
    let maker = maker(of: probe)
    return indices.indices.map { place in
      let images = maker.images(indices[place...place])
      return solver.distortions(of: [maps[place]], images, identifiers: [indices[place]], draws: draws)[0]
    }
  }

  private func maker(of probe: ProbeSet) -> BatchMaker {
    BatchMaker(probe.set, normalization: normalization, augmentation: nil, seed: 0)
  }
}
