import NeuralNetworks
import Support
import Tensors

/// Logit standardisation (Sun, Ren, Li, Wang & Cao, "Logit Standardization in Knowledge Distillation", CVPR 2024,
/// arXiv 2403.01427, eq. 13): `kd` on (z − mean) / std per image, so that the student need not match the teacher's range.
public final class StandardizedLogits: DistillationMethod, TensorLoss {
  /// `logit-std`.
  public static let entry = CatalogEntry(
    "logit-std", "softened logits, standardised per image",
    paper: "Sun, Ren, Li, Wang & Cao, Logit Standardization in Knowledge Distillation, CVPR 2024",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2024"),
      (key: "needs", value: "logits of both networks, equal classes, at least 2"),
      (key: "formula", value: "T² mean_B KL(softmax(ẑ_t/T) ‖ softmax(ẑ_s/T)), ẑ = (z − mean) / (1e-7 + std)"),
      (key: "recipe", value: "- { method: logit-std, temperature: 2, weight: 9 }"),
    ],
    options: [
      OptionDescription("temperature", .number(0.05...1000), default: .number(2), "T; no unit"),
      OptionDescription(
        "std", .choice(["sample", "population"]), default: .text("sample"),
        "divisor C − 1, the code's, or C, the paper's"),
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
    let student = try inputs.tensor("student.logits")
    guard student.shape[1] >= 2 else {
      throw InputError(inputs.place, "there is one class", remedy: "a deviation needs at least 2")
    }
    return single(value(student, try inputs.tensor("teacher.logits"), options))
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.value(step.studentLogits, step.teacherLogits, options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let isPopulation = options.text("std") == "population"
    return softenedDivergence(
      student.standardizedLogits(population: isPopulation),
      from: withoutRecording { teacher.standardizedLogits(population: isPopulation) },
      temperature: Float(options.number("temperature")))
  }
}
