import Models
import NeuralNetworks
import Tensors

/// Times ResNet-20's logits for many images: a frozen network, batch normalisation folded into the convolutions, sums
/// and ReLUs fused.
public struct InferenceBenchmark {
  /// Images of 32×32 pixels and three colours.
  public var images = 10_000
  /// Images at a time.
  public var batch = 100
  /// How often all images are run.
  public var repeats = 5

  /// The defaults.
  public init() {}

  /// Measures.
  ///
  /// - Parameter advanced: is told the share that is done, and may stop the work by throwing.
  /// - Returns: one time for each run over all images.
  /// - Throws: what `advanced` throws.
  public func run(_ advanced: (Double) throws -> Void) rethrows -> Durations {
    let network = ResNet(depth: 20, ModelSpecification("resnet20", classes: 10), Initialiser(seed: 1))
    network.freeze()
    let starts = stride(from: 0, to: images, by: batch)
    // The images are there before the clock starts, as they are on PyTorch's side.
    let batches = starts.map { start in
      Tensor.normal([min(batch, images - start), 32, 32, 3], Philox(seed: 2).split(.noise, start))
    }
    for images in batches.prefix(10) { _ = network.logits(images) }
    var durations = Durations()
    for repeated in 0..<repeats {
      try durations.time {
        for (index, images) in batches.enumerated() {
          _ = network.logits(images)
          if index % 10 == 0 {
            try advanced((Double(repeated) + Double(index) / Double(batches.count)) / Double(repeats))
          }
        }
      }
    }
    return durations
  }
}
