import Support
import Tensors

/// How a method takes the distances between the images of a batch.
struct PairDistances {
  /// How squared distances are computed.
  enum Form: String, OptionChoice { case exact, expanded }
  /// The option that says how.
  static let key = OptionKey.choice(
    "distances", default: Form.exact, "Σ(x−y)², or ‖x‖² + ‖y‖² − 2x·y as the released code has it, which loses digits")
  private static let floor: Float = 1e-12

  private let isExpanded: Bool

  /// - Parameter options: of a method that has ``key``.
  init(_ options: Options) { isExpanded = options[Self.key] == .expanded }

  /// ‖x_i − x_j‖², at least 1e-12 off the diagonal and 0 on it: [B, B]. Nearer points have the gradient 0.
  func squares(_ x: Tensor) -> Tensor { floored(x) * offDiagonal(x.shape[0]) }

  /// ‖x_i − x_j‖, at least 1e-6 off the diagonal and 0 on it: [B, B]. Nearer points have the gradient 0.
  func lengths(_ x: Tensor) -> Tensor { floored(x).squareRoot() * offDiagonal(x.shape[0]) }

  private func floored(_ x: Tensor) -> Tensor {
    (isExpanded ? expandedSquares(x) : squaredDistances(among: x)).clamped(
      to: Self.floor...Float.greatestFiniteMagnitude)
  }

  private func expandedSquares(_ x: Tensor) -> Tensor {
    let lengths = x.sumOfSquares(alongAxes: [1], keepsAxes: true)
    return lengths + lengths.transposed() - matrixProduct(x, x, transposesSecond: true) * 2
  }
}

/// 1 everywhere but on the diagonal.
func offDiagonal(_ count: Int) -> Tensor {
  Tensor((0..<count * count).map { $0 / count == $0 % count ? 0 : 1 }, shape: [count, count])
}
