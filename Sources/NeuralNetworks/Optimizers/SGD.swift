import Support
import Tensors

/// Stochastic gradient descent with momentum, in PyTorch's form: v ← μv + g, w ← w − η v (or η (g + μv), Nesterov).
public final class SGD: Optimizer {
  private let groups: [ParameterGroup]
  private let velocities: [Tensor]
  private let momentum: Float
  private let isNesterov: Bool
  /// All parameters, group after group.
  public let parameters: [Parameter]
  /// Number of steps taken.
  public var steps = 0

  /// - Parameters:
  ///   - groups: parameters with their factors on the learning rate and their weight decay.
  ///   - momentum: μ in [0, 1).
  ///   - isNesterov: whether the step looks ahead.
  public init(_ groups: [ParameterGroup], momentum: Float = 0, nesterov isNesterov: Bool = false) {
    self.groups = groups
    self.momentum = momentum
    self.isNesterov = isNesterov
    parameters = groups.flatMap(\.parameters)
    velocities = momentum > 0 ? parameters.map { .zeros($0.tensor.shape) } : []
  }

  /// Velocities, one per parameter.
  public var state: [(name: String, tensor: Tensor)] {
    velocities.enumerated().map { (name: "velocity.\($0.offset)", tensor: $0.element) }
  }

  /// One update of every parameter.
  public func step(_ gradients: [Tensor], learningRate: Float) {
    precondition(
      gradients.count == parameters.count, "SGD: \(gradients.count) gradients for \(parameters.count) parameters")
    steps += 1
    var index = 0
    for group in groups {
      for parameter in group.parameters {
        update(
          parameter.tensor, gradients[index], velocity: velocities.isEmpty ? nil : velocities[index],
          rate: learningRate * group.rateFactor, decay: group.weightDecay)
        index += 1
      }
    }
  }

  private func update(_ weight: Tensor, _ gradient: Tensor, velocity: Tensor?, rate: Float, decay: Float) {
    let (momentum, isNesterov) = (momentum, isNesterov)
    weight.updateTogether(with: gradient, velocity) { w, g, v in
      let decayed = g + decay * w
      guard let old = v else { return (w - rate * decayed, nil) }
      let new = momentum * old + decayed
      return (w - rate * (isNesterov ? decayed + momentum * new : new), new)
    }
  }
}

extension Tensor {
  /// Changes this tensor and, beside it, one state tensor, element by element.
  @inline(__always)
  func updateTogether(
    with gradient: Tensor, _ state: Tensor?,
    _ rule: @escaping @Sendable (_ value: Float, _ gradient: Float, _ state: Float?) -> (Float, Float?)
  ) {
    precondition(gradient.shape == shape, "optimiser: gradient \(gradient.shape) for parameter \(shape)")
    gradient.withFloats { gradients in
      mutate { values in
        nonisolated(unsafe) let w = values
        nonisolated(unsafe) let g = gradients
        guard let state else {
          parallelFor(count: values.count, grain: 16_384) { for i in $0 { w[i] = rule(w[i], g[i], nil).0 } }
          return
        }
        state.mutate { states in
          nonisolated(unsafe) let s = states
          parallelFor(count: values.count, grain: 16_384) { range in
            for i in range {
              let (value, next) = rule(w[i], g[i], s[i])
              w[i] = value
              s[i] = next ?? s[i]
            }
          }
        }
      }
    }
  }
}
