import Support
import Tensors

/// A named array of a network: a weight that training changes, or a statistic that it gathers.
public final class Parameter {
  /// What the array is, for weight decay, measurements and initialisers.
  public enum Role: Sendable {
    case weight
    case bias
    case normalizationScale
    case normalizationShift
    case runningStatistic

    /// Whether a gradient step may change it.
    public var isTrainable: Bool { self != .runningStatistic }
  }

  /// What the array is.
  public let role: Role
  /// The values; a leaf of the tape unless frozen.
  public private(set) var tensor: Tensor

  /// - Parameters:
  ///   - tensor: the initial values.
  ///   - role: what the array is.
  public init(_ tensor: Tensor, _ role: Role) {
    self.tensor = tensor
    self.role = role
    tensor.setRequiresGradient(role.isTrainable)
  }

  /// Makes this parameter the same as that of another network: they have one tensor from now on, and one gradient.
  public func share(_ other: Parameter) {
    precondition(other.tensor.shape == tensor.shape, "share: shape \(other.tensor.shape) with \(tensor.shape)")
    tensor = other.tensor
  }

  /// Replaces the values.
  public func assign(_ values: Tensor) {
    precondition(values.shape == tensor.shape, "assign: shape \(values.shape) to \(tensor.shape)")
    tensor.mutate { target in
      values.withFloats { source in _ = target.update(fromContentsOf: source) }
    }
  }
}
