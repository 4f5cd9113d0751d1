import NeuralNetworks
import Support
import Tensors

/// Logit standardisation (Sun, Ren, Li, Wang & Cao, "Logit Standardization in Knowledge Distillation", CVPR 2024,
/// arXiv 2403.01427, eq. 13): `kd` on (z − mean) / std per image, so that the student need not match the teacher's range.
public enum LogitStandardization: LogitsFormula {
  /// `logit-std`.
  public static let entry = CatalogEntry(
    "logit-std", "softened logits, standardised per image",
    paper: "Sun, Ren, Li, Wang & Cao, Logit Standardization in Knowledge Distillation, CVPR 2024",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2024"), StepPart.fact(.logits),
      (key: "needs", value: "logits of both networks, equal classes, at least 2"),
      (key: "formula", value: "T² mean_B KL(softmax(ẑ_t/T) ‖ softmax(ẑ_s/T)), ẑ = (z − mean) / (1e-7 + std)"),
      (key: "recipe", value: "- { method: logit-std, temperature: 2, weight: 9 }   with labels: { weight: 0.1 }"),
    ],
    options: [temperature.option, deviation.option])
  /// Which deviation logits are divided by.
  enum Deviation: String, OptionChoice { case sample, population }
  private static let temperature = OptionKey.number("temperature", 0.05...1000, default: 2, "T; no unit")
  private static let deviation = OptionKey.choice(
    "std", default: Deviation.sample, "divisor C − 1, the code's, or C, the paper's")
  /// A deviation needs two.
  public static let fewestClasses = 2

  /// The divergence in nats.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let isPopulation = options[Self.deviation] == .population
    return softenedDivergence(
      student.standardizedLogits(population: isPopulation),
      from: withoutRecording { teacher.standardizedLogits(population: isPopulation) },
      temperature: Float(options[Self.temperature]))
  }
}
