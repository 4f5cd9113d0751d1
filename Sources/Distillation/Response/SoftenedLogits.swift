import NeuralNetworks
import Support
import Tensors

/// Logit distillation (Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531).
///
/// T² · mean over the batch of KL(softmax(z_t / T) ‖ softmax(z_s / T)).
public final class SoftenedLogits: DistillationMethod {
  /// `kd`.
  public static let entry = CatalogEntry(
    "kd", "softened logits of the teacher",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, arXiv 1503.02531",
    facts: [
      (key: "family", value: "response"), (key: "needs", value: "logits of both networks, equal classes"),
      (key: "formula", value: "T² · mean_B KL(softmax(z_t / T) ‖ softmax(z_s / T))"),
      (key: "recipe", value: "- { method: kd, temperature: 4, weight: 0.9 }"),
    ],
    options: [
      OptionDescription(
        "temperature", .number(0.05...1000), default: .number(4), "T, softens both distributions; no unit")
    ])

  private let temperature: Float

  /// - Throws: ``InputError`` if the class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    temperature = Float(options.number("temperature"))
    let (student, teacher) = (setup.student.specification.classes, setup.teacher.specification.classes)
    guard student == teacher else {
      throw InputError(
        setup.place, "kd compares logits, but the teacher has \(teacher) classes and the student \(student)",
        remedy: "train both on the same classes")
    }
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    softenedDivergence(step.studentLogits, from: step.teacherLogits, temperature: temperature)
  }
}
