import Models
import NeuralNetworks
import Support
import Tensors

/// What the trainer runs for each batch: a program of forward, backward and update phases, not one loss.
///
/// A program owns its optimisers and whatever it must remember. Most methods are sums of loss terms and run as
/// ``JointProgram``; a method with several phases (adversarial, online, alternating) brings a program of its own.
public protocol TrainingProgram: AnyObject {
  /// The network that is deployed and measured.
  var student: any Network { get }
  /// All networks whose weights the training changes, the student first: each has checkpoints, an evaluation after every
  /// epoch and columns in the log.
  var participants: [Participant] { get }
  /// The network that teaches, or trains beside it; nil for none.
  var teacher: (any Network)? { get }
  /// Names of the terms that each step reports, in order.
  var termNames: [String] { get }
  /// Everything besides the participants' weights that a resumed run needs, under stable names.
  var state: [(name: String, tensor: Tensor)] { get }
  /// Optimiser steps taken, restored on resume.
  var steps: Int { get set }

  /// How its images are shown.
  var view: BatchView { get }
  /// In which order its images are drawn.
  var batchOrder: BatchOrder { get }
  /// Fewest images of a step of which all its terms learn.
  var fewestImages: Int { get }

  /// Name of the stage that a step belongs to; nil for programs without stages.
  func stage(at clock: TrainingClock) -> String?

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - clock: where in the training the step stands.
  ///   - planned: the schedule's.
  /// - Returns: what the step takes.
  func learningRate(at clock: TrainingClock, planned: Double) -> Double

  /// What a user can do about a term that came to a number that is none.
  ///
  /// - Parameters:
  ///   - term: as ``NonFiniteTerm/term`` names it.
  ///   - clock: where in the training the step stands.
  /// - Returns: a clause without a full stop.
  func remedy(for term: String, at clock: TrainingClock) -> String

  /// What the methods told beside their losses since the last call, and forgets it.
  func takeMetrics() -> [TermMetric]
  /// How its terms pulled at the student's weights since the last call, which forgets it: one entry per term besides the
  /// labels and group of weights; empty where that was not asked for.
  func takeTermGradients() -> [TermGradient]

  /// One whole step on one batch.
  ///
  /// - Returns: the value of each term before its weight, in the order of ``termNames``; NaN for one that takes no part
  ///   in the step.
  /// - Throws: ``NonFiniteTerm`` as soon as a term or its gradient is not a number; nothing is updated then.
  func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float]
}

extension TrainingProgram {
  /// The networks that learn beside the student.
  public var others: ArraySlice<Participant> { participants.dropFirst() }
  /// The student alone.
  public var participants: [Participant] { [Participant(.student, student)] }
  /// None.
  public var teacher: (any Network)? { nil }
  /// As they are augmented.
  public var view: BatchView { .ordinary }
  /// At random.
  public var batchOrder: BatchOrder { .shuffled }
  /// One.
  public var fewestImages: Int { 1 }
  /// None.
  public func takeMetrics() -> [TermMetric] { [] }
  /// None.
  public func takeTermGradients() -> [TermGradient] { [] }
  /// The planned one.
  public func learningRate(at clock: TrainingClock, planned: Double) -> Double { planned }
  /// The learning rate, the weight of a term that is not that of the labels, or a limit on the gradient.
  public func remedy(for term: String, at clock: TrainingClock) -> String {
    let others = term.split(separator: " + ").filter { $0 != LossTerm.taskName }
    let weight = others.isEmpty ? "" : "or the weight of \(others.joined(separator: " and ")) "
    return "lower the learning rate \(weight)or set clip-norm"
  }
  /// None.
  public func stage(at clock: TrainingClock) -> String? { nil }
}

/// A loss term that is not a finite number, or whose gradient is not.
public struct NonFiniteTerm: Error {
  /// Name of the term; of all that are broken, and of all terms where the gradient of their sum is.
  public let term: String
  /// The batch that showed it.
  public let batch: Batch
  /// The weight whose gradient broke first on the way back; nil where the term itself is broken.
  public let weight: String?

  /// - Parameters:
  ///   - term: name of the term.
  ///   - batch: the batch that showed it.
  ///   - weight: the weight whose gradient broke first; nil where the term itself is broken.
  public init(term: String, batch: Batch, gradientOf weight: String? = nil) {
    self.term = term
    self.batch = batch
    self.weight = weight
  }
}
