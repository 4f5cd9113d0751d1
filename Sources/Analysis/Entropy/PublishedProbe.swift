import Datasets
import Models
import NeuralNetworks
import Tensors

/// Entropy maps of one network at one layer by the published procedure.
public struct PublishedProbe {
  private let descent: PublishedDescent
  private let maker: BatchMaker
  private let random: Philox

  /// - Parameters:
  ///   - network: frozen; it is left as it was.
  ///   - layer: name of a probe point; the feature is taken before its ReLU and a ReLU applied, as the code does even
  ///     to logits.
  ///   - settings: steps, draws, rates.
  ///   - set: the split of the images.
  ///   - normalization: of the network's training.
  ///   - random: stream of the noise.
  public init(
    _ network: any Network, at layer: String, _ settings: PublishedSettings, set: ImageSet,
    normalization: Normalization, random: Philox
  ) {
    let hasRelu = network.probePoints.first { $0.name == layer }?.hasRelu ?? false
    let point = FeaturePoint(layer)
    maker = BatchMaker(set, normalization: normalization, augmentation: nil, seed: 0)
    self.random = random
    descent = PublishedDescent(
      settings, grid: CellGrid(rows: settings.grid, columns: settings.grid, height: set.height, width: set.width),
      deviation: normalization.std
    ) { images in
      // After the layer's own ReLU is relu f already, and a frozen network folds that ReLU into its convolution.
      let feature = network.feature(point, of: images)
      return hasRelu ? feature : feature.relu()
    }
  }

  /// Maps of all probe images, one after another.
  ///
  /// - Parameters:
  ///   - probe: images of the split.
  ///   - advanced: is told the share that is done, and may stop the work by throwing.
  /// - Returns: one map per probe image.
  public func maps(of probe: ProbeSet, _ advanced: (Double) throws -> Void) rethrows -> [EntropyMap] {
    let indices = probe.images.indices
    let maps = try indices.indices.map { place in
      try advanced(Double(place) / Double(indices.count))
      return map(of: indices[place], descent)
    }
    try advanced(1)
    return maps
  }

  /// Seconds that one map takes, from a few steps on one image.
  ///
  /// - Parameters:
  ///   - index: of the image in its split.
  ///   - steps: at least 1; their time stands for all.
  /// - Returns: seconds for all steps, the further ones included.
  public func secondsPerMap(timing index: Int, steps: Int = 2) -> Double {
    var short = descent
    short.settings.steps = steps
    short.settings.extraSteps = 0
    // The first pass makes primitives, which takes longer than to run them.
    _ = map(of: index, short)
    let clock = ContinuousClock()
    let start = clock.now
    _ = map(of: index, short)
    let taken = (clock.now - start) / .seconds(1)
    return taken * descent.settings.passes / short.settings.passes
  }

  private func map(of index: Int, _ descent: PublishedDescent) -> EntropyMap {
    let own = Philox(seed: random.seed, stream: random.stream ^ UInt64(truncatingIfNeeded: index) << 20)
    return descent.map(of: maker.images([index][...]), random: own)
  }
}
