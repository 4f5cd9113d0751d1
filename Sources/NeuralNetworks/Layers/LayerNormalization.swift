import Tensors

/// Layer normalisation over the last axis, with a scale and a shift for each feature (Ba et al., arXiv 1607.06450).
public final class LayerNormalization: Module {
  /// γ, [features].
  public let scale: Parameter
  /// β, [features].
  public let shift: Parameter
  /// Added to the variance.
  public let epsilon: Float

  /// - Parameters:
  ///   - features: extent of the last axis.
  ///   - epsilon: added to the variance.
  public init(_ features: Int, epsilon: Float = 1e-5) {
    scale = Parameter(.ones([features]), .normalizationScale)
    shift = Parameter(.zeros([features]), .normalizationShift)
    self.epsilon = epsilon
  }

  /// [..., features] → the same shape; training and evaluation do the same.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    layerNormalization(input, scale: scale.tensor, shift: shift.tensor, epsilon: epsilon)
  }

  /// PyTorch's order: weight, bias.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", scale)
    visitor.visit("bias", shift)
  }
}
