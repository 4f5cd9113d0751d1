import Tensors

/// Parameters that share settings of an optimiser.
public struct ParameterGroup {
  /// The parameters, in a fixed order.
  public let parameters: [Parameter]
  /// Factor on the learning rate.
  public let rateFactor: Float
  /// L2 penalty on the weights, added to the gradient; for AdamW the share that a step of rate 1 takes off.
  public let weightDecay: Float

  /// - Parameters:
  ///   - parameters: in a fixed order.
  ///   - rateFactor: factor on the learning rate.
  ///   - weightDecay: L2 penalty, added to the gradient.
  public init(_ parameters: [Parameter], rateFactor: Float = 1, weightDecay: Float = 0) {
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// Changes parameters in place, from their gradients.
public protocol Optimizer: AnyObject {
  /// All parameters, group after group: the order in which ``step(_:learningRate:)`` takes gradients.
  var parameters: [Parameter] { get }
  /// What a resumed run needs besides the weights, under stable names.
  var state: [(name: String, tensor: Tensor)] { get }
  /// Number of steps taken.
  var steps: Int { get set }
  /// One update.
  func step(_ gradients: [Tensor], learningRate: Float)
}

/// The global L2 norm of a list of gradients.
public func globalNorm(_ gradients: [Tensor]) -> Float {
  let total = gradients.reduce(0.0) { sum, gradient in
    gradient.withFloats { values in values.reduce(sum) { $0 + Double($1) * Double($1) } }
  }
  return Float(total.squareRoot())
}

/// Scales all gradients down together if their global norm is above `limit`.
public func clipped(_ gradients: [Tensor], toGlobalNorm limit: Float) -> [Tensor] {
  let norm = globalNorm(gradients)
  guard norm > limit else { return gradients }
  // PyTorch's form: a tiny number keeps a zero norm harmless.
  return gradients.map { $0 * (limit / (norm + 1e-6)) }
}

/// Cuts every element of every gradient to ±limit.
public func clipped(_ gradients: [Tensor], toValue limit: Float) -> [Tensor] {
  gradients.map { $0.clamped(to: -limit...limit) }
}
