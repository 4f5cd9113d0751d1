import NeuralNetworks
import Support
import Tensors

/// Normalised knowledge distillation (Yang et al., "From Knowledge Distillation to Self-Knowledge Distillation", ICCV
/// 2023, arXiv 2303.13005, eq. 6, as its code has it).
///
/// −mean_B p_t[y] log p_s[y] at temperature 1, less γ T² mean_B Σ_{c≠y} p̂_t log p̂_s with p̂ the softmax of z/T over the
/// classes other than y. Cross-entropies: equal networks do not make it zero.
public enum NKD: LogitsFormula {
  /// `nkd`.
  public static let entry = CatalogEntry(
    "nkd", "cross-entropy with the label's probability and with the normalised distribution over the other classes",
    paper: "Yang, Zeng, Li, Zhang, Yuan & Li, From Knowledge Distillation to Self-Knowledge Distillation, ICCV 2023",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2023"), StepPart.fact(.logits, .labels),
      (key: "needs", value: "logits of both networks, equal classes, labels"),
      (key: "formula", value: "−mean_B p_t[y] log p_s[y] − γ T² mean_B Σ_{c≠y} p̂_t log p̂_s"),
      (key: "recipe", value: "- { method: nkd, gamma: 1.5, weight: 1 }"),
    ],
    options: [gamma.option, temperature.option])
  private static let gamma = OptionKey.number("gamma", 0...1e4, default: 1.5, "γ, weight of the other classes")
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 1, "T of the other classes; no unit")
  /// Yes.
  public static let readsLabels = true

  /// The cross-entropies in nats.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let temperature = Float(options[Self.temperature])
    let label = withoutRecording { teacher.logSoftmax().picked(labels).exp() }
    // One row of all images, so that a label that both have masked counts 0.
    let (row, count): (Shape, Float) = ([1, labels.count], Float(labels.count))
    let own = student.logSoftmax().picked(labels)
    let target = -expectationOfRows(own.reshaped(row), under: label.reshaped(row)).sum() / count
    let others = withoutRecording { teacher.withoutLabels(labels).softmax(temperature: temperature) }
    let rest = -expectationOfRows(
      student.withoutLabels(labels).logSoftmax(temperature: temperature), under: others
    ).mean()
    return target + rest * (Float(options[Self.gamma]) * temperature * temperature)
  }
}
