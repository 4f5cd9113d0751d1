import NeuralNetworks
import Support
import Tensors

/// DarkRank in its hard form (Chen, Wang & Zhang, "DarkRank: Accelerating Deep Metric Learning via Cross Sample
/// Similarities Transfer", AAAI 2018, arXiv 1707.01220, as the authors of RKD have it).
///
/// The likelihood, under the student's scores S = −α d^β, of the order in which the teacher ranks the n nearest images of
/// each: −mean_i Σ_m (S[i,π_m] − log Σ_{m'≥m} exp S[i,π_m']).
public enum HardDarkRank: EmbeddingFormula {
  /// `hard-dark-rank`.
  public static let entry = CatalogEntry(
    "hard-dark-rank", "the ranking of the nearest images in a batch",
    paper: "Chen, Wang & Zhang, DarkRank: Accelerating Deep Metric Learning via Cross Sample Similarities, AAAI 2018",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2018"), StepPart.fact(.features),
      (key: "needs", value: "a vector of each network, of any width; at least 3 images"),
      (
        key: "formula",
        value: "−mean_i Σ_m log softmax of −α d_s^β over the teacher's neighbours from the m-th on, at the m-th"
      ),
      (key: "recipe", value: "- { method: hard-dark-rank, weight: 1 }"),
    ], options: options)

  static let options = [alpha.option, beta.option, length.option, PairDistances.key.option]
  private static let alpha = OptionKey.number("alpha", 1e-6...1e6, default: 3, "α, factor of the scores")
  private static let beta = OptionKey.number("beta", 1e-3...16, default: 3, "β, power of the distances")
  private static let length = OptionKey.integer("length", 1...1024, default: 4, "n, neighbours that are ranked")

  /// One neighbour has no order.
  public static let fewestImages = 3

  /// One term.
  public static func terms(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> [LossTerm] {
    [LossTerm(entry.name, value(student, teacher, options), weight: 1)]
  }

  /// The negative log-likelihood; 0 for one image.
  static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let count = student.shape[0]
    let length = min(options[Self.length], count - 1)
    guard length > 0 else { return student.nothing }
    let pairs = PairDistances(options)
    // The nearest of all is the image itself.
    let order = withoutRecording { pairs.lengths(teacher) }.top(length + 1, alongAxis: 1, smallest: true).indices
      .slice(1..<length + 1, alongAxis: 1)
    let distances = pairs.lengths(student).gathered(order, alongAxis: 1)
    let scores = distances.power(Float(options[Self.beta])) * Float(-options[Self.alpha])
    let likelihoods = (0..<length).map { place in
      let rest = scores.slice(place..<length, alongAxis: 1)
      return rest.picked(Array(repeating: 0, count: count)) - rest.logSumExp(alongAxis: 1)
    }
    return -likelihoods.summed.mean()
  }
}
