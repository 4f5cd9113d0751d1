import NeuralNetworks
import Support
import Tensors

/// Probabilistic knowledge transfer (Passalis & Tefas, ECCV 2018, arXiv 1803.10837, eq. 9 with the cosine kernel).
///
/// mean_{B×B} P_t log((P_t + ε) / (P_s + ε)), P_ij = c_ij / Σ_j c_ij, c = (cos + 1)/2 with the diagonal, ε = 1e-7.
/// `supervised` adds the same divergence from the table that says which images have one class.
public enum PKT: EmbeddingFormula {
  /// `pkt`.
  public static let entry = CatalogEntry(
    "pkt", "the probability that one image of a batch picks another, by cosine",
    paper: "Passalis & Tefas, Learning Deep Representations with Probabilistic Knowledge Transfer, ECCV 2018",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2018"), StepPart.fact(.features),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images"),
      (key: "formula", value: "mean_{B×B} P_t log((P_t + 1e-7)/(P_s + 1e-7)), P = (cos + 1)/2 over its row's sum"),
      (key: "recipe", value: "- { method: pkt, weight: 30000 }"),
    ],
    options: [kernel.option, PairKernel.sigma.option, supervised.option])
  private static let kernel = OptionKey.choice("kernel", default: PairKernel.cosine, "how likeness is measured")
  private static let supervised = OptionKey.number(
    "supervised", 0...1e6, default: 0, "w, weight of the table of equal classes; reads labels")

  private static let epsilon: Float = 1e-7

  /// For the table of classes.
  public static let canReadLabels = true

  /// Where the table of classes has a weight.
  public static func readsLabels(_ options: Options) -> Bool { options[Self.supervised] > 0 }

  /// Terms `pkt`, and `supervised` where it has a weight.
  public static func terms(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> [LossTerm] {
    let own = probabilities(student, options)
    let terms = [
      LossTerm("pkt", divergence(own, from: withoutRecording { probabilities(teacher, options) }), weight: 1)
    ]
    guard readsLabels(options) else { return terms }
    let weight = Float(options[Self.supervised])
    return terms + [LossTerm("supervised", divergence(own, from: sameClass(labels)), weight: weight)]
  }

  /// The divergence alone, with the cosine kernel.
  static func value(_ student: Tensor, _ teacher: Tensor) -> Tensor {
    func table(_ x: Tensor) -> Tensor { PairKernel.cosine.probabilities(x, sigma: 1, epsilon: epsilon) }
    return divergence(table(student), from: withoutRecording { table(teacher) })
  }

  private static func probabilities(_ x: Tensor, _ options: Options) -> Tensor {
    options[Self.kernel].probabilities(x, sigma: Float(options[PairKernel.sigma]), epsilon: epsilon)
  }

  private static func divergence(_ own: Tensor, from target: Tensor) -> Tensor {
    let reference = withoutRecording { (target + epsilon).log() }
    return (target * (reference - (own + epsilon).log())).mean()
  }

  /// 1 over the number of images of the row's class where an image has it, 0 elsewhere: [B, B].
  private static func sameClass(_ labels: [Int]) -> Tensor {
    let values = labels.flatMap { label -> [Float] in
      let share = 1 / Float(labels.count { $0 == label })
      return labels.map { $0 == label ? share : 0 }
    }
    return Tensor(values, shape: [labels.count, labels.count])
  }
}
