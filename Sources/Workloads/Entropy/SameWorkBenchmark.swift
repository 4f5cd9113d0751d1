import Analysis
import Models
import NeuralNetworks
import Tensors

/// Times the arithmetic of the published procedure alone, on an untrained ResNet-20 and random images: the same work
/// as in the PyTorch script, whose speed does not depend on what the network has learned.
public struct SameWorkBenchmark {
  /// Images that are timed, after one that warms up.
  public var images = 2
  /// Noisy copies in each step.
  public var draws = 96
  /// Steps for each image.
  public var steps = 60

  /// The defaults.
  public init() {}

  /// Measures.
  ///
  /// - Returns: seconds for each image.
  public func run() -> Durations {
    let network = ResNet(depth: 20, ModelSpecification("resnet20", classes: 10), Initialiser(seed: 1))
    network.freeze()
    let point = FeaturePoint(network.lastStage.name)
    var descent = PublishedDescent(
      EntropyBenchmark.publishedWork,
      grid: CellGrid(rows: 16, columns: 16, height: 32, width: 32), deviation: [0.25, 0.25, 0.25]
    ) { network.feature(point, of: $0) }
    (descent.settings.draws, descent.batch) = (draws, draws)
    func map(_ image: Int) {
      _ = descent.map(of: .normal([1, 32, 32, 3], Philox(seed: UInt64(image))), random: Philox(seed: 5))
    }
    descent.settings.steps = min(3, steps)
    map(0)
    descent.settings.steps = steps
    var durations = Durations()
    for image in 1...max(1, images) { durations.time { map(image) } }
    return durations
  }
}
