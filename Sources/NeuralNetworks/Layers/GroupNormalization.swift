import Support
import Tensors

/// Normalisation of groups of channels, image by image, with a scale and a shift for each channel (Wu & He, ECCV 2018).
public final class GroupNormalization: Module {
  /// γ, [channels].
  public let scale: Parameter
  /// β, [channels].
  public let shift: Parameter
  /// Number of groups of neighbouring channels.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Float

  /// - Parameters:
  ///   - groups: number of groups; it divides the channels.
  ///   - channels: of the feature map.
  ///   - epsilon: added to the variance.
  public init(_ groups: Int, _ channels: Int, epsilon: Float = 1e-5) {
    precondition(groups > 0 && channels % groups == 0, "GroupNormalization: \(channels) channels in \(groups) groups")
    scale = Parameter(.ones([channels]), .normalizationScale)
    shift = Parameter(.zeros([channels]), .normalizationShift)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// [batch, height, width, channels] → the same shape; training and evaluation do the same.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    groupNormalization(input, groups: groups, scale: scale.tensor, shift: shift.tensor, epsilon: epsilon)
  }

  /// PyTorch's order: weight, bias.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", scale)
    visitor.visit("bias", shift)
  }
}
