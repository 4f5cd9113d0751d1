import Tensors

/// Normalisation of every channel of every image by its own mean and variance (Ulyanov et al., arXiv 1607.08022).
///
/// It keeps no running statistics: training and evaluation do the same, as in PyTorch unless asked otherwise.
public final class InstanceNormalization2D: Module {
  /// γ, [channels]; nil where the layer has no parameters.
  public let scale: Parameter?
  /// β, [channels]; nil where the layer has no parameters.
  public let shift: Parameter?
  /// Added to the variance.
  public let epsilon: Float
  private let ones: Tensor
  private let zeros: Tensor

  /// - Parameters:
  ///   - channels: of the feature map.
  ///   - isAffine: whether a scale and a shift of each channel are learnt; PyTorch's default is no.
  ///   - epsilon: added to the variance.
  public init(_ channels: Int, affine isAffine: Bool = false, epsilon: Float = 1e-5) {
    ones = .ones([channels])
    zeros = .zeros([channels])
    scale = isAffine ? Parameter(.ones([channels]), .normalizationScale) : nil
    shift = isAffine ? Parameter(.zeros([channels]), .normalizationShift) : nil
    self.epsilon = epsilon
  }

  /// [batch, height, width, channels] → the same shape.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    groupNormalization(
      input, groups: ones.count, scale: scale?.tensor ?? ones, shift: shift?.tensor ?? zeros, epsilon: epsilon)
  }

  /// PyTorch's order: weight, bias.
  public func visit(_ visitor: ParameterVisitor) {
    if let scale { visitor.visit("weight", scale) }
    if let shift { visitor.visit("bias", shift) }
  }
}
