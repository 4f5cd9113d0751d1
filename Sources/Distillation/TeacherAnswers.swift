import NeuralNetworks
import Tensors

/// What a frozen teacher says to a batch.
public struct TeacherAnswer {
  /// [batch, classes].
  public let logits: Tensor
  /// The wanted features, images along the first axis.
  public let features: [FeaturePoint: Tensor]

  /// - Parameters:
  ///   - logits: [batch, classes].
  ///   - features: images along the first axis.
  public init(logits: Tensor, features: [FeaturePoint: Tensor]) {
    self.logits = logits
    self.features = features
  }
}

/// Keeps what a teacher says to augmented training images, so that the next student of the same seed need not ask.
public protocol TeacherAnswers: AnyObject {
  /// The answer to a batch, bit for bit what the teacher would say; nil if it is not known.
  func answer(_ batch: Batch, _ features: Set<FeaturePoint>) -> TeacherAnswer?
  /// Remembers an answer.
  func keep(_ answer: TeacherAnswer, to batch: Batch)
}
