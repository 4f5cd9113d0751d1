import Support
import Tensors

/// Stochastic gradient descent that keeps the task's and the distillation's momentum apart (DOT: Zhao, Cui, Song & Liang,
/// "DOT: A Distillation-Oriented Trainer", ICCV 2023, arXiv 2307.08436, algorithm 1).
///
/// u ← (μ − Δ)u + g_task + λw, v ← (μ + Δ)v + g_distillation, w ← w − η(u + v). A weight that only one of the two losses
/// reaches has the momentum μ; weight decay λ enters the buffer u, and v where the task does not reach the weight.
public final class DOT: Optimizer {
  private let groups: [ParameterGroup]
  private let task: [Tensor]
  private let distillation: [Tensor]
  private let momentum: Float
  private let delta: Float
  /// All parameters, group after group.
  public let parameters: [Parameter]
  /// Number of steps taken.
  public var steps = 0

  /// - Parameters:
  ///   - groups: parameters with their factors on the learning rate and their weight decay.
  ///   - momentum: μ.
  ///   - delta: Δ; μ ± Δ must lie in [0, 1).
  public init(_ groups: [ParameterGroup], momentum: Float = 0.9, delta: Float = 0.075) {
    precondition(
      delta >= 0 && momentum - delta >= 0 && momentum + delta < 1,
      "DOT: momentum \(momentum) ± \(delta)")
    self.groups = groups
    self.momentum = momentum
    self.delta = delta
    parameters = groups.flatMap(\.parameters)
    task = parameters.map { .zeros($0.tensor.shape) }
    distillation = parameters.map { .zeros($0.tensor.shape) }
  }

  /// Both velocities of each parameter.
  public var state: [(name: String, tensor: Tensor)] {
    task.enumerated().map { (name: "task.\($0.offset)", tensor: $0.element) }
      + distillation.enumerated().map { (name: "distillation.\($0.offset)", tensor: $0.element) }
  }

  /// One update by the gradient of one loss alone, such as that of a network without a teacher: SGD with momentum μ.
  public func step(_ gradients: [Tensor], learningRate: Float) {
    step(task: gradients, distillation: gradients.map { _ in nil }, learningRate: learningRate)
  }

  /// One update by the gradients of both losses, weighted.
  ///
  /// - Parameters:
  ///   - first: the task's gradient of each parameter; nil where it does not depend on it.
  ///   - second: the distillation's.
  ///   - learningRate: of this step.
  public func step(task first: [Tensor?], distillation second: [Tensor?], learningRate: Float) {
    precondition(
      first.count == parameters.count && second.count == parameters.count,
      "DOT: \(first.count) and \(second.count) gradients for \(parameters.count) parameters")
    steps += 1
    var index = 0
    for group in groups {
      for parameter in group.parameters {
        update(
          index, parameter.tensor, first[index], second[index], rate: learningRate * group.rateFactor,
          decay: group.weightDecay)
        index += 1
      }
    }
  }

  private func update(
    _ index: Int, _ weight: Tensor, _ first: Tensor?, _ second: Tensor?, rate: Float, decay: Float
  ) {
    let (own, other) = (task[index], distillation[index])
    // A loss that pauses for a step has the gradient 0 there; one that never reached the weight has no part in it.
    let isOwn = first != nil || own.hasValues
    let isOther = second != nil || other.hasValues
    guard isOwn || isOther else { return }
    let spread = isOwn && isOther ? delta : 0
    if isOwn { own.advance(by: momentum - spread, first, decay: decay, weight) }
    if isOther { other.advance(by: momentum + spread, second, decay: isOwn ? 0 : decay, weight) }
    if isOwn { weight.updateTogether(with: own, nil) { w, v, _ in (w - rate * v, nil) } }
    if isOther { weight.updateTogether(with: other, nil) { w, v, _ in (w - rate * v, nil) } }
  }
}

extension Tensor {
  /// Whether anything in it is not zero.
  fileprivate var hasValues: Bool { withFloats { $0.contains { $0 != 0 } } }

  /// self ← momentum·self + gradient + decay·weight, in place.
  fileprivate func advance(by momentum: Float, _ gradient: Tensor?, decay: Float, _ weight: Tensor) {
    updateTogether(with: weight, nil) { v, w, _ in (momentum * v + decay * w, nil) }
    if let gradient { updateTogether(with: gradient, nil) { v, g, _ in (v + g, nil) } }
  }
}
