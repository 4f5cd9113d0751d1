import Datasets
import Models
import NeuralNetworks
import Tensors

/// What a network gets right on a split.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Share of images whose largest logit is the label's, in [0, 1].
  public let accuracy: Double
  /// Mean cross-entropy with the labels, in nats.
  public let loss: Double

  /// Runs a network over a split in evaluation mode.
  ///
  /// - Parameters:
  ///   - network: any mode; running statistics are used and not changed.
  ///   - set: the split.
  ///   - normalization: of the network's training.
  ///   - batch: images at a time; the result does not depend on it beyond rounding.
  /// - Returns: what the network answers for the whole split.
  public static func of(_ network: any Network, on set: ImageSet, _ normalization: Normalization, batch: Int = 256)
    -> Evaluation
  {
    let logits = Logits.of(network, on: set, normalization, batch: batch)
    return Evaluation(logits: logits, labels: set.labels.map(Int.init))
  }

  /// From logits that are there already.
  ///
  /// - Parameters:
  ///   - logits: [images, classes].
  ///   - labels: class of each image.
  public init(logits: Tensor, labels: [Int]) {
    let correct = zip(logits.argmaxOfRows(), labels).count { $0 == $1 }
    accuracy = Double(correct) / Double(max(1, labels.count))
    loss = Double(withoutRecording { crossEntropy(logits, labels) }.item)
  }
}

/// Logits of whole splits.
public enum Logits {
  /// Logits in evaluation mode, [images, classes].
  public static func of(_ network: any Network, on set: ImageSet, _ normalization: Normalization, batch: Int = 256)
    -> Tensor
  {
    BatchMaker(set, normalization: normalization, augmentation: nil, seed: 0)
      .answers(batch: batch) { network.logits($0) }
  }
}
