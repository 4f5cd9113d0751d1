import Glibc
import Support
import Tensors

/// Adam (Kingma & Ba, ICLR 2015), with weight decay added to the gradient as in PyTorch's `Adam`, or taken off the
/// weights beside the gradient as in `AdamW` (Loshchilov & Hutter, ICLR 2019).
public final class Adam: Optimizer {
  private let groups: [ParameterGroup]
  private let first: [Tensor]
  private let second: [Tensor]
  private let betas: (Float, Float)
  private let epsilon: Float
  private let decouplesDecay: Bool
  /// All parameters, group after group.
  public let parameters: [Parameter]
  /// Number of steps taken; decides the bias correction.
  public var steps = 0

  /// - Parameters:
  ///   - groups: parameters with their factors on the learning rate and their weight decay.
  ///   - betas: decay of the first and second moment.
  ///   - epsilon: added to the root of the second moment.
  ///   - decouplesDecay: whether each step shrinks the weights by rate · decay, whatever the moments (AdamW).
  public init(
    _ groups: [ParameterGroup], betas: (Float, Float) = (0.9, 0.999), epsilon: Float = 1e-8,
    decouplesDecay: Bool = false
  ) {
    self.groups = groups
    self.betas = betas
    self.epsilon = epsilon
    self.decouplesDecay = decouplesDecay
    parameters = groups.flatMap(\.parameters)
    first = parameters.map { .zeros($0.tensor.shape) }
    second = parameters.map { .zeros($0.tensor.shape) }
  }

  /// Both moments of each parameter.
  public var state: [(name: String, tensor: Tensor)] {
    first.enumerated().map { (name: "first.\($0.offset)", tensor: $0.element) }
      + second.enumerated().map { (name: "second.\($0.offset)", tensor: $0.element) }
  }

  /// One update of every parameter.
  public func step(_ gradients: [Tensor], learningRate: Float) {
    precondition(
      gradients.count == parameters.count, "Adam: \(gradients.count) gradients for \(parameters.count) parameters")
    steps += 1
    let (beta1, beta2) = betas
    let correction1 = Float(1 - pow(Double(beta1), Double(steps)))
    let correction2 = Float((1 - pow(Double(beta2), Double(steps))).squareRoot())
    let epsilon = epsilon
    var index = 0
    for group in groups {
      let rate = learningRate * group.rateFactor / correction1
      let decay = decouplesDecay ? 0 : group.weightDecay
      let kept = decouplesDecay ? 1 - learningRate * group.rateFactor * group.weightDecay : 1
      for parameter in group.parameters {
        let gradient = decay == 0 ? gradients[index] : gradients[index] + parameter.tensor.detached() * decay
        first[index].updateTogether(with: gradient, nil) { m, g, _ in (beta1 * m + (1 - beta1) * g, nil) }
        second[index].updateTogether(with: gradient, nil) { v, g, _ in (beta2 * v + (1 - beta2) * g * g, nil) }
        let moments = second[index]
        parameter.tensor.updateTogether(with: first[index], moments) { w, m, v in
          (kept * w - rate * m / ((v ?? 0).squareRoot() / correction2 + epsilon), nil)
        }
        index += 1
      }
    }
  }
}
