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

extension Evaluation {
  /// Nats from which on a probability is 0 in single precision, −log 2⁻¹⁴⁹: where the mean loss is larger, the logits lie so
  /// far apart that a softmax says nothing any more.
  static let unspeakable = 149 * 0.693_147_180_559_945_3

  /// Whether the accuracy is what the commonest class gives, but for three standard errors.
  ///
  /// - Parameters:
  ///   - accuracy: in [0, 1].
  ///   - labels: class of each image of the split.
  /// - Returns: false for a network that has learned anything at all.
  static func isAtChance(_ accuracy: Double, _ labels: [Int]) -> Bool {
    let counts = Dictionary(grouping: labels, by: { $0 }).values.map(\.count)
    let (count, largest) = (Double(max(1, labels.count)), Double(counts.max() ?? 0))
    let share = largest / count
    return accuracy <= share + 3 * (share * (1 - share) / count).squareRoot()
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
