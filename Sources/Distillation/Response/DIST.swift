import NeuralNetworks
import Support
import Tensors

/// DIST (Huang, You, Wang, Qian & Xu, "Knowledge Distillation from A Stronger Teacher", NeurIPS 2022, arXiv 2205.10536,
/// eq. 9): correlations instead of divergences.
///
/// T² (β (1 − mean_b ρ(P_b·, Q_b·)) + γ (1 − mean_c ρ(P_·c, Q_·c))), ρ Pearson's correlation of the rows (one image's
/// classes) and columns (one class over the batch) of the softened probabilities.
public enum DIST: LogitsFormula {
  /// `dist`.
  public static let entry = CatalogEntry(
    "dist", "Pearson correlations of probabilities, within images and within classes",
    paper: "Huang, You, Wang, Qian & Xu, Knowledge Distillation from A Stronger Teacher, NeurIPS 2022",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2022"), StepPart.fact(.logits),
      (key: "needs", value: "logits of both networks, equal classes; several images for the part within classes"),
      (key: "formula", value: "T² (β (1 − mean_b ρ(P_b, Q_b)) + γ (1 − mean_c ρ(P_c, Q_c)))"),
      (key: "recipe", value: "- { method: dist, weight: 2 }"),
    ],
    options: [beta.option, gamma.option, LogitsOptions.temperature.option])
  private static let beta = OptionKey.number("beta", 0...1e4, default: 1, "weight of the correlation within images")
  private static let gamma = OptionKey.number("gamma", 0...1e4, default: 1, "weight of the correlation within classes")
  /// One less the correlations.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let temperature = Float(options[LogitsOptions.temperature])
    let own = student.softmax(temperature: temperature)
    let other = withoutRecording { teacher.softmax(temperature: temperature) }
    let images = 1 - correlation(own, other, alongAxis: 1).mean()
    let classes = 1 - correlation(own, other, alongAxis: 0).mean()
    let scale = temperature * temperature
    return images * (Float(options[Self.beta]) * scale) + classes * (Float(options[Self.gamma]) * scale)
  }

  /// Pearson's correlation along an axis, with the code's 1e-8 beside the product of the norms; 0 with gradient 0 where
  /// one side does not vary.
  private static func correlation(_ a: Tensor, _ b: Tensor, alongAxis axis: Int) -> Tensor {
    let (x, y) = (a - a.mean(alongAxes: [axis], keepsAxes: true), b - b.mean(alongAxes: [axis], keepsAxes: true))
    return (x * y).sum(alongAxes: [axis]) / (x.norm(alongAxes: [axis]) * y.norm(alongAxes: [axis]) + 1e-8)
  }
}
