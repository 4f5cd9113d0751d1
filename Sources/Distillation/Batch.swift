import NeuralNetworks
import Support
import Tensors

/// Images of one step.
public struct Batch: Sendable {
  /// [batch, height, width, channels], normalised and augmented; four times as many where they are turned.
  public let images: Tensor
  /// Class of each image; of a mixture that with the larger share. Of sequences the label of each place, sequence after
  /// sequence: as many as there are rows of logits.
  public let labels: [Int]
  /// What else is in mixed images; nil where images are not mixed.
  public let mixture: LabelMixture?
  /// Place of each image in the training split, for methods that remember single images.
  public let indices: [Int]
  /// The images a second time, strongly augmented or by other draws; nil where no method wants them.
  public let secondImages: Tensor?
  /// Epoch of the whole training, from 0, for which the images were augmented.
  public let epoch: Int

  /// - Parameters:
  ///   - images: [batch, height, width, channels], normalised and augmented; a multiple of the labels where each image
  ///     is shown several times, the first time upright.
  ///   - labels: class of each image, or several labels for each sample that has an answer at several places.
  ///   - indices: place of each image in the training split.
  ///   - mixture: what else is in mixed images.
  ///   - secondImages: the images a second time, strongly augmented or by other draws.
  ///   - epoch: for which the images were augmented.
  public init(
    images: Tensor, labels: [Int], indices: [Int], mixture: LabelMixture? = nil, secondImages: Tensor? = nil,
    epoch: Int = 0
  ) {
    let (samples, targets) = (images.shape[0], labels.count)
    precondition(
      samples % max(1, targets) == 0 || targets % max(1, samples) == 0,
      "Batch: \(targets) labels for images \(images.shape)")
    self.images = images
    self.secondImages = secondImages
    self.epoch = epoch
    self.labels = labels
    self.mixture = mixture
    self.indices = indices
  }
}

extension Batch {
  /// The mean cross-entropy with the labels, those of mixed images in their shares, of turned ones the upright ones.
  ///
  /// - Parameter logits: of ``images``, [batch, classes].
  /// - Returns: a scalar, in nats.
  public func crossEntropy(_ logits: Tensor) -> Tensor {
    let views = logits.shape[0] / max(1, labels.count)
    let logits = views > 1 ? logits.rows(labels.indices.map { $0 * views }) : logits
    guard let mixture else { return NeuralNetworks.crossEntropy(logits, labels) }
    return NeuralNetworks.crossEntropy(logits, labels, mixedWith: mixture.labels, shares: mixture.shares)
  }
}

/// The second images of mixtures (Zhang et al., "mixup", ICLR 2018).
public struct LabelMixture: Sendable, Equatable {
  /// Class of each second image.
  public let labels: [Int]
  /// Share λ of each first image, in [½, 1]; the second has 1 − λ.
  public let shares: [Float]

  /// - Parameters:
  ///   - labels: class of each second image.
  ///   - shares: share of each first image.
  public init(labels: [Int], shares: [Float]) {
    precondition(labels.count == shares.count, "LabelMixture: \(labels.count) labels, \(shares.count) shares")
    self.labels = labels
    self.shares = shares
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
  /// How long its gradient to each weight may be, in lengths of that of the first term; nil for no limit.
  public let labelLengths: Float?

  /// - Parameters:
  ///   - name: name for logs.
  ///   - value: a scalar on the tape.
  ///   - weight: its weight in the sum.
  ///   - labelLengths: how long its gradient to each weight may be, in lengths of that of the first term.
  public init(_ name: String, _ value: Tensor, weight: Float, labelLengths: Float? = nil) {
    self.name = name
    self.value = value
    self.weight = weight
    self.labelLengths = labelLengths
  }
}
