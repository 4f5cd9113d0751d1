import NeuralNetworks
import Support
import Tensors

/// A stage of a method's own before the joint training: a paraphraser that learns the teacher's features, hints for the
/// student's first layers.
public struct Preparation {
  /// What the stage trains.
  public enum Trained {
    /// Parts of the method's own; the student does not run.
    case own([Parameter])
    /// The student's layers up to a probe point, and parts of the method's own.
    case student(upTo: String, and: [Parameter])
  }

  /// Name of the stage in logs: `paraphraser`, `hints`.
  public let name: String
  /// Its length.
  public let epochs: Int
  /// What it trains.
  public let trains: Trained
  /// The learning rate at the start; nil for the training's base rate.
  public let learningRate: Double?
  /// Epochs of the stage from which on the rate is a tenth of what it was.
  public let milestones: [Int]
  /// The loss of a step, a scalar. Where the student does not run, its logits are a scalar zero and its pass is empty.
  public let loss: (KnowledgeStep) -> Tensor

  /// - Parameters: as the properties.
  public init(
    _ name: String, epochs: Int, trains: Trained, learningRate: Double? = nil, milestones: [Int] = [],
    loss: @escaping (KnowledgeStep) -> Tensor
  ) {
    precondition(epochs > 0, "Preparation: \(epochs) epochs")
    self.name = name
    self.epochs = epochs
    self.trains = trains
    self.learningRate = learningRate
    self.milestones = milestones
    self.loss = loss
  }
}
