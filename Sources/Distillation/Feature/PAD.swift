import Foundation
import NeuralNetworks
import Support
import Tensors

/// Prime-aware adaptive distillation (Zhang, Lan, Dai, Zeng, Bai, Chang & Wei, ECCV 2020, as torchdistill has it).
///
/// mean_{B,D} ((t − s)² / (1e-6 + exp(v)) + v): a head on the student's embedding says for each value how uncertain it is, so
/// that what can be learned weighs more. In the first part of the training v is 0, the plain squared error; the learning rate
/// of the fine-tuning behind it (0.002 on ImageNet, a tenth after 30 epochs) is that of the recipe's schedule. Of one image
/// alone, batch normalisation leaves the head its shift.
public final class PAD: DistillationMethod, TensorLoss {
  /// `pad`.
  public static let entry = CatalogEntry(
    "pad", "embeddings, each value weighted by how learnable the student finds it",
    paper: "Zhang, Lan, Dai, Zeng, Bai, Chang & Wei, Prime-Aware Adaptive Distillation, ECCV 2020",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2020"), StepPart.fact(.features),
      (key: "needs", value: "the vector before the logits of each network"),
      (key: "formula", value: "mean_{B,D} ((t − s)²/(1e-6 + exp(v)) + v), v from the student's vector, 0 at first"),
      (key: "trainable", value: "variance head; a linear map where the widths differ"),
      (key: "stages", value: "plain epochs with v = 0, then the head"),
      (key: "recipe", value: "- { method: pad, weight: 1 }"),
    ],
    options: [plainEpochs.option] + EmbeddingPair.options)
  private static let plainEpochs = OptionKey.integer(
    "plain-epochs", 0...100_000, "epochs with v = 0; two thirds of the training unless given")
  /// Embeddings and the logarithm of the variance.
  public static let inputs = ["student.embedding", "teacher.embedding", "student.log_variance"].map {
    LossInput($0, "B D")
  }

  private let options: Options
  private let pair: EmbeddingPair
  private let projection: Linear?
  private let head: VarianceHead

  /// - Throws: ``InputError`` for a layer that does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let pair = try EmbeddingPair(options, setup, Self.entry.name)
    self.pair = pair
    projection =
      pair.studentWidth == pair.teacherWidth ? nil : Linear(pair.studentWidth, pair.teacherWidth, setup.initialiser)
    head = VarianceHead(pair.teacherWidth, setup.initialiser)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// The head, and the linear map where there is one.
  public var modules: [(name: String, module: any Module)] {
    (projection.map { [("projection", $0)] } ?? []) + [("head", head)]
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(
      value(
        try inputs.tensor("student.embedding"), try inputs.tensor("teacher.embedding"),
        try inputs.tensor("student.log_variance")))
  }

  /// Unless given the plain epochs are a share of all.
  public var dependsOnLength: Bool { options[Self.plainEpochs] == nil }

  /// The loss with the head's v, or with v = 0 in the plain epochs.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    let own = projection.map { $0(student) } ?? student
    let clock = step.clock
    let plain = options[Self.plainEpochs] ?? clock.epochs * 2 / 3
    guard clock.epoch >= plain else { return Self.value(own, teacher, .zeros([1])) }
    // Weight decay has acted on the head while it took no part.
    if plain > 0, clock.step == plain * clock.stepsPerEpoch { head.reset() }
    return Self.value(own, teacher, head(own, step.studentPass))
  }

  /// What stands beside the variance.
  private static let epsilon: Float = 1e-6

  private static func value(_ student: Tensor, _ teacher: Tensor, _ logVariance: Tensor) -> Tensor {
    // 1 / (ε + eᵛ) by its logarithm: neither it nor its gradient overflows or loses digits, however large or small v is.
    let precision = (-(logVariance - log(epsilon)).softplus()).exp() / epsilon
    return ((teacher.detached() - student).squared() * precision + logVariance).mean()
  }
}

/// A linear map with batch normalisation: how uncertain each value of a vector is.
private final class VarianceHead: Module {
  private let map: Linear
  private let normalization: BatchNormalization2D
  private let initial: [Tensor]

  init(_ width: Int, _ initialiser: Initialiser) {
    map = Linear(width, width, initialiser)
    normalization = BatchNormalization2D(width)
    let parameters = map.namedParameters + normalization.namedParameters
    initial = parameters.map { Tensor($0.parameter.tensor.floats, shape: $0.parameter.tensor.shape) }
  }

  /// Puts everything back to what it was at first.
  func reset() {
    for (entry, values) in zip(namedParameters, initial) { entry.parameter.assign(values) }
  }

  /// [batch, width] → the logarithm of a variance for each.
  func callAsFunction(_ vector: Tensor, _ pass: ForwardPass) -> Tensor {
    let (batch, width) = (vector.shape[0], vector.shape[1])
    return normalization(map(vector).reshaped([batch, 1, 1, width]), pass).reshaped([batch, width])
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("map", map)
    visitor.visit("norm", normalization)
  }
}
