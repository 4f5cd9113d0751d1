import NeuralNetworks
import Support
import Tensors

/// Neuron selectivity transfer (Huang & Wang, "Like What You Like", 2017, arXiv 1707.01219, eq. 8: maximum mean
/// discrepancy with the squared kernel).
///
/// Per layer k(t,t) + k(s,s) − 2 k(s,t), k(a,b) = mean_{B,i,j} (a_i · b_j)², a_i the map of channel i at length 1. Other kernels:
/// `linear` a_i · b_j, and `gaussian` exp(−‖a_i − b_j‖²/(2σ²)), σ² the mean squared distance of the batch's pairs of a student's
/// and a teacher's channel, a constant.
public enum NST: MapFormula {
  /// `nst`.
  public static let entry = CatalogEntry(
    "nst", "the distribution of the channels' maps",
    paper: "Huang & Wang, Like What You Like: Knowledge Distill via Neuron Selectivity Transfer, 2017",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2017"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks"),
      (key: "formula", value: "Σ_layers k(t,t) + k(s,s) − 2k(s,t), k(a,b) = mean_{B,i,j} (a_i·b_j)²"),
      (key: "recipe", value: "- { method: nst, weight: 50 }"),
    ],
    options: [kernel.option, LayerReduction.key.option])
  /// How similar two channels are.
  enum Kernel: String, OptionChoice { case polynomial, linear, gaussian }
  private static let kernel = OptionKey.choice(
    "kernel", default: Kernel.polynomial,
    "similarity of two channels: its square, itself, or a Gaussian of their distance")

  /// Sum over the layers.
  public static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    pairs.map { student, teacher -> Tensor in
      let (own, other) = matchedSizes(student, teacher)
      let s = own.places.normalized(alongAxis: 1)
      let t = withoutRecording { other.places.normalized(alongAxis: 1) }
      let width = withoutRecording { channelDistances(s, t).mean() }
      func kernel(_ a: Tensor, _ b: Tensor) -> Tensor {
        switch options[Self.kernel] {
        case .linear: batchedMatrixProduct(a, b, transposesFirst: true).mean()
        case .gaussian: width.item > 0 ? (channelDistances(a, b) / (width * -2)).exp().mean() : Tensor(1)
        case .polynomial: batchedMatrixProduct(a, b, transposesFirst: true).meanOfSquares()
        }
      }
      return withoutRecording { kernel(t, t) } + kernel(s, s) - kernel(s, t) * 2
    }.overLayers(options)
  }

  /// Squared distances [B, channels of a, channels of b] of maps [B, places, channels], which have length 1 or 0.
  private static func channelDistances(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (own, other) = (a.sumOfSquares(alongAxes: [1]), b.sumOfSquares(alongAxes: [1]))
    return own.reshaped([own.shape[0], own.shape[1], 1]) + other.reshaped([other.shape[0], 1, other.shape[1]])
      - batchedMatrixProduct(a, b, transposesFirst: true) * 2
  }
}
