import NeuralNetworks
import Support
import Tensors

/// Logit distillation (Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531).
///
/// T² · mean over the batch of KL(softmax(z_t / T) ‖ softmax(z_s / T)).
public final class SoftenedLogits: DistillationMethod, TensorLoss {
  /// `kd`.
  public static let entry = CatalogEntry(
    "kd", "softened logits of the teacher",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, arXiv 1503.02531",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2015"),
      (key: "needs", value: "logits of both networks, equal classes"),
      (key: "formula", value: "T² · mean_B KL(softmax(z_t / T) ‖ softmax(z_s / T))"),
      (key: "recipe", value: "- { method: kd, temperature: 4, weight: 0.9 }"),
    ],
    options: [
      OptionDescription(
        "temperature", .number(0.05...1000), default: .number(4), "T, softens both distributions; no unit")
    ])

  /// Logits of both.
  public static let inputs = LossInput.logits

  private let options: Options

  /// - Throws: ``InputError`` if the class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.logits"), try inputs.tensor("teacher.logits"), options))
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.value(step.studentLogits, step.teacherLogits, options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    softenedDivergence(student, from: teacher, temperature: Float(options.number("temperature")))
  }
}
