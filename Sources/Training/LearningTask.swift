import Foundation
import NeuralNetworks
import Tensors

/// A number that says how well a network does its task, such as an accuracy.
public struct Metric: Sendable, Equatable, Codable {
  /// Which way a network gets better.
  public enum Better: String, Sendable, Codable { case higher, lower }

  /// What it is: `accuracy`.
  public let name: String
  /// `nats`; nil for shares and counts.
  public let unit: String?
  /// Which way a network gets better.
  public let better: Better
  /// What it is of one network.
  public let value: Double

  /// - Parameters: as the properties.
  public init(_ name: String, unit: String? = nil, _ better: Better, _ value: Double) {
    self.name = name
    self.unit = unit
    self.better = better
    self.value = value
  }

  /// A share of what is right, in [0, 1].
  static func accuracy(_ value: Double) -> Metric { Metric("accuracy", .higher, value) }
  /// A mean cross-entropy, in nats.
  static func loss(_ value: Double) -> Metric { Metric("loss", unit: "nats", .lower, value) }

  /// Name and unit: the end of a column's title.
  public var title: String { unit.map { "\(name) (\($0))" } ?? name }

  /// Whether a network is better than one of another value; by any value than by one that is not a number.
  func isBetter(than other: Double) -> Bool {
    guard !other.isNaN else { return !value.isNaN }
    return better == .higher ? value > other : value < other
  }
}

/// What the labels of samples mean: how good a network's answers to those held out are.
///
/// A label is the number of a class or of a token, one for each row of logits, and is learned by cross-entropy. A task says
/// in which numbers that is judged; log, history, TensorBoard and the choice of the best epoch go by them.
public protocol LearningTask: Sendable {
  /// How good answers are.
  ///
  /// - Parameters:
  ///   - logits: [rows, classes] of all samples that are held out.
  ///   - labels: of each row.
  /// - Returns: each of its numbers under a name of its own, that which decides between epochs first. The mean cross-entropy,
  ///   `loss` in nats, is added where it is missing.
  func judge(_ logits: Tensor, _ labels: [Int]) -> [Metric]
}

/// One class for each sample, judged by the accuracy.
public struct Classification: LearningTask {
  /// The task that images of a data set have.
  public init() {}

  /// Accuracy and loss.
  public func judge(_ logits: Tensor, _ labels: [Int]) -> [Metric] {
    let found = Evaluation(logits: logits, labels: labels)
    return [.accuracy(found.accuracy), .loss(found.loss)]
  }
}

/// The next token at every place of a sequence, judged by the perplexity. Every place counts: sequences are packed, none is
/// padded.
public struct NextToken: LearningTask {
  /// The task of samples whose labels are tokens.
  public init() {}

  /// Perplexity, exp of the mean cross-entropy; the share of tokens that get the largest logit; the loss.
  public func judge(_ logits: Tensor, _ labels: [Int]) -> [Metric] {
    let found = Evaluation(logits: logits, labels: labels)
    return [
      Metric("perplexity", .lower, exp(found.loss)), .accuracy(found.accuracy), .loss(found.loss),
    ]
  }
}
