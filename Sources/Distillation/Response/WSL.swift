import NeuralNetworks
import Support
import Tensors

/// Weighted soft labels (Zhou et al., "Rethinking Soft Labels for Knowledge Distillation: a Bias–Variance Tradeoff
/// Perspective", ICLR 2021, arXiv 2102.00650, eq. 7 and 8).
///
/// T² mean_B w · (−Σ_C p_t log p_s) with p at temperature T and w = 1 − exp(−ℓ_s / ℓ_t), ℓ the cross-entropies with the
/// label at temperature 1; w is a constant.
public enum WSL: LogitsFormula {
  /// `wsl`.
  public static let entry = CatalogEntry(
    "wsl", "soft labels, weighted per image by how much harder it is for the student than for the teacher",
    paper: "Zhou, Song, Chen, Zhou, Wang, Yuan & Zhang, Rethinking Soft Labels for Knowledge Distillation, ICLR 2021",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2021"), StepPart.fact(.logits, .labels),
      (key: "needs", value: "logits of both networks, equal classes, labels"),
      (key: "formula", value: "T² mean_B (1 − exp(−ℓ_s/ℓ_t)) · (−Σ_C p_t log p_s), ℓ = cross-entropy with the label"),
      (key: "recipe", value: "- { method: wsl, temperature: 4, weight: 2.25 }"),
    ],
    options: [LogitsOptions.temperature.option])
  /// Yes.
  public static let readsLabels = true

  /// The weighted cross-entropy in nats.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let temperature = Float(options[LogitsOptions.temperature])
    let weights = withoutRecording {
      let own = -student.logSoftmax().picked(labels)
      let other = -teacher.logSoftmax().picked(labels)
      return 1 - (-(own / (other + 1e-7))).exp()
    }
    let target = withoutRecording { teacher.softmax(temperature: temperature) }
    let entropy = -expectationOfRows(student.logSoftmax(temperature: temperature), under: target)
    return (weights * entropy).mean() * (temperature * temperature)
  }
}
