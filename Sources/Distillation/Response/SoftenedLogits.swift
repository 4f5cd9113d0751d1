import NeuralNetworks
import Support
import Tensors

/// Logit distillation (Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531).
///
/// T² · mean over the batch of KL(softmax(z_t / T) ‖ softmax(z_s / T)).
public enum SoftenedLogits: LogitsFormula {
  /// `kd`.
  public static let entry = CatalogEntry(
    "kd", "softened logits of the teacher",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, arXiv 1503.02531",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2015"),
      (key: "needs", value: "logits of both networks, equal classes"),
      (key: "formula", value: "T² · mean_B KL(softmax(z_t / T) ‖ softmax(z_s / T))"),
      (key: "recipe", value: "- { method: kd, temperature: 4, weight: 0.9 }   with labels: { weight: 0.1 }"),
    ],
    options: [
      OptionDescription(
        "temperature", .number(0.05...1000), default: .number(4), "T, softens both distributions; no unit")
    ])

  /// The divergence in nats.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    softenedDivergence(student, from: teacher, temperature: Float(options.number("temperature")))
  }
}
