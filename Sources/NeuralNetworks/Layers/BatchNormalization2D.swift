import Tensors

/// Batch normalisation with running statistics (Ioffe & Szegedy, ICML 2015).
public final class BatchNormalization2D: Module {
  /// γ, [channels].
  public let scale: Parameter
  /// β, [channels].
  public let shift: Parameter
  /// Running mean, [channels].
  public let mean: Parameter
  /// Running variance, unbiased, [channels].
  public let variance: Parameter
  /// Share of a new batch in the running statistics.
  public let momentum: Float
  /// Added to the variance.
  public let epsilon: Float

  /// - Parameters:
  ///   - channels: of the feature map.
  ///   - momentum: share of a new batch in the running statistics.
  ///   - epsilon: added to the variance.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    scale = Parameter(.ones([channels]), .normalizationScale)
    shift = Parameter(.zeros([channels]), .normalizationShift)
    mean = Parameter(.zeros([channels]), .runningStatistic)
    variance = Parameter(.ones([channels]), .runningStatistic)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// A normalisation with given values, each [channels].
  ///
  /// - Parameters:
  ///   - scale: γ.
  ///   - shift: β.
  ///   - mean: the running mean; 0 where nil.
  ///   - variance: the running variance; 1 where nil.
  public init(scale: Tensor, shift: Tensor, mean: Tensor? = nil, variance: Tensor? = nil) {
    self.scale = Parameter(scale, .normalizationScale)
    self.shift = Parameter(shift, .normalizationShift)
    self.mean = Parameter(mean ?? .zeros(scale.shape), .runningStatistic)
    self.variance = Parameter(variance ?? .ones(scale.shape), .runningStatistic)
    (momentum, epsilon) = (0.1, 1e-5)
  }

  /// Normalises [batch, height, width, channels], with the batch's statistics in training and the running ones else.
  ///
  /// - Parameters:
  ///   - input: [batch, height, width, channels].
  ///   - pass: its mode decides.
  ///   - relu: whether a ReLU follows.
  /// - Returns: the normalised feature map, of the input's shape.
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, relu: Bool = false) -> Tensor {
    guard pass.mode == .training else {
      let factor = scale.tensor / (variance.tensor.detached() + epsilon).squareRoot()
      let output = input * factor + (shift.tensor - mean.tensor.detached() * factor)
      return relu ? output.relu() : output
    }
    let (output, statistics) = batchNormalization(
      input, scale: scale.tensor, shift: shift.tensor, epsilon: epsilon, relu: relu)
    if pass.updatesStatistics { update(statistics, samples: input.count / input.shape[3]) }
    return output
  }

  /// Normalises, then applies a ReLU, offered as a feature before and after it.
  ///
  /// - Parameters:
  ///   - input: [batch, height, width, channels].
  ///   - pass: mode and wanted features.
  ///   - layers: names under which the output is offered.
  /// - Returns: of the input's shape.
  public func activated(_ input: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    if pass.wantsPreActivation(of: layers) { return pass.activated(self(input, pass), as: layers) }
    let output = self(input, pass, relu: true)
    pass.offer(output, as: layers)
    return output
  }

  private func update(_ statistics: BatchStatistics, samples: Int) {
    let unbiased = samples > 1 ? Float(samples) / Float(samples - 1) : 1
    mean.tensor.blend(statistics.mean, share: momentum)
    variance.tensor.blend(statistics.variance, share: momentum, factor: unbiased)
  }

  /// PyTorch's order: weight, bias, running_mean, running_var.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", scale)
    visitor.visit("bias", shift)
    visitor.visit("running_mean", mean)
    visitor.visit("running_var", variance)
  }
}

extension Tensor {
  /// self ← (1 − share)·self + share·factor·other, in place.
  func blend(_ other: Tensor, share: Float, factor: Float = 1) {
    mutate { target in
      other.withFloats { source in
        for index in target.indices { target[index] += share * (factor * source[index] - target[index]) }
      }
    }
  }
}
