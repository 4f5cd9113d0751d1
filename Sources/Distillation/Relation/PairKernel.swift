import Support
import Tensors

/// How alike the images of a batch are, as Passalis and others measure it: a table of positive numbers.
///
/// Passalis, Tzelepi & Tefas, "Heterogeneous Knowledge Distillation using Information Flow Modeling", CVPR 2020: of the
/// distances d_ij = √(‖x_i − x_j‖² + 1e-6), whose diagonal is 1e-3.
enum PairKernel: String, OptionChoice {
  /// (cos + 1)/2.
  case cosine
  /// 1/(1 + d).
  case student = "student-t"
  /// exp(−d/σ).
  case radial = "rbf"
  /// exp(−d/σ), σ the mean of all d, a constant.
  case adaptiveRadial = "adaptive-rbf"
  /// 1/(1 + d²/σ²).
  case cauchy

  /// The option for σ.
  static let sigma = OptionKey.number("sigma", 1e-6...1e6, default: 1, "σ of the kernels rbf and cauchy")

  /// [B, B], the diagonal included.
  ///
  /// - Parameters:
  ///   - x: [batch, features].
  ///   - sigma: σ of `rbf` and `cauchy`.
  ///   - epsilon: what is added to a length that a vector is divided by, for cosines.
  /// - Returns: positive numbers, but for cosines of −1.
  func table(_ x: Tensor, sigma: Float, epsilon: Float) -> Tensor {
    if self == .cosine {
      let unit = x / (x.norm(alongAxes: [1], keepsAxes: true) + epsilon)
      return (matrixProduct(unit, unit, transposesSecond: true) + 1) * 0.5
    }
    let distances = (squaredDistances(among: x) + 1e-6).squareRoot()
    switch self {
    case .cosine, .student: return 1 / (distances + 1)
    case .radial: return (distances * (-1 / sigma)).exp()
    case .adaptiveRadial: return (distances / -distances.detached().mean()).exp()
    case .cauchy: return 1 / (distances.squared() * (1 / (sigma * sigma)) + 1)
    }
  }

  /// The table with every row divided by its sum: the probability that one image picks another.
  func probabilities(_ x: Tensor, sigma: Float, epsilon: Float) -> Tensor {
    let table = table(x, sigma: sigma, epsilon: epsilon)
    return table / table.sum(alongAxes: [1], keepsAxes: true)
  }
}
