import NeuralNetworks
import Tensors

/// Images of one step.
public struct Batch: Sendable {
  /// [batch, height, width, channels], normalised and augmented.
  public let images: Tensor
  /// Class of each image.
  public let labels: [Int]
  /// Place of each image in the training split, for methods that remember single images.
  public let indices: [Int]

  /// - Parameters:
  ///   - images: [batch, height, width, channels], normalised and augmented.
  ///   - labels: class of each image.
  ///   - indices: place of each image in the training split.
  public init(images: Tensor, labels: [Int], indices: [Int]) {
    self.images = images
    self.labels = labels
    self.indices = indices
  }
}

/// Where in the training a step stands; any weight or rate may depend on it.
public struct TrainingClock: Sendable, Equatable {
  /// Steps done before this one, over the whole training.
  public let step: Int
  /// Epochs done, counted from 0.
  public let epoch: Int
  /// Length of the training in epochs.
  public let epochs: Int
  /// Steps in each epoch.
  public let stepsPerEpoch: Int

  /// - Parameters:
  ///   - step: steps done before this one.
  ///   - epochs: length of the training.
  ///   - stepsPerEpoch: steps in each epoch.
  public init(step: Int, epochs: Int, stepsPerEpoch: Int) {
    self.step = step
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    epoch = step / max(1, stepsPerEpoch)
  }

  /// Epochs done, with the fraction of the running one.
  public var position: Double { Double(step) / Double(max(1, stepsPerEpoch)) }
}

/// One summand of a loss, as it is logged.
public struct LossTerm: Sendable {
  /// Name for logs: `labels`, `kd`, `feature-l2`.
  public let name: String
  /// The term itself, a scalar on the tape.
  public let value: Tensor
  /// Its weight in the sum.
  public let weight: Float

  /// - Parameters:
  ///   - name: name for logs.
  ///   - value: a scalar on the tape.
  ///   - weight: its weight in the sum.
  public init(_ name: String, _ value: Tensor, weight: Float) {
    self.name = name
    self.value = value
    self.weight = weight
  }
}
