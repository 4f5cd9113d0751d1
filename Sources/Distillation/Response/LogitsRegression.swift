import NeuralNetworks
import Support
import Tensors

/// Regression of the logits (Ba & Caruana, "Do Deep Nets Really Need to be Deep?", NeurIPS 2014).
///
/// Mean over batch and classes of (z_s − z_t)². The paper's 1/(2B) Σ_b ‖z_s − z_t‖² is C/2 times that.
public enum LogitsRegression: LogitsFormula {
  /// `logits`.
  public static let entry = CatalogEntry(
    "logits", "mean squared error between the logits",
    paper: "Ba & Caruana, Do Deep Nets Really Need to be Deep?, NeurIPS 2014",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2014"), StepPart.fact(.logits),
      (key: "needs", value: "logits of both networks, equal classes"),
      (key: "formula", value: "mean_{B,C} (z_s − z_t)²; reduction paper: 1/(2B) Σ_b ‖z_s − z_t‖²"),
      (key: "recipe", value: "- { method: logits, weight: 0.1 }"),
    ],
    options: [reduction.option, center.option])
  /// How the squared errors are put together.
  enum Reduction: String, OptionChoice { case mean, paper }
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.mean, "mean over all elements, or the paper's sum")
  private static let center = OptionKey.flag(
    "center", default: false, "whether each image's mean logit, to which softmax is blind, is removed")
  /// The squared error.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let difference = student - teacher.detached()
    // The difference of the centred logits is the centred difference, which large logits do not swallow.
    let isCentered = options[Self.center]
    let error =
      (isCentered ? difference - difference.mean(alongAxes: [1], keepsAxes: true) : difference).meanOfSquares()
    return options[Self.reduction] == .paper ? error * (Float(student.shape[1]) / 2) : error
  }
}
