import NeuralNetworks
import Support

/// How a network is trained.
public struct TrainingSettings: Sendable, Equatable, Codable {
  /// The rules by which weights change.
  public enum Rule: String, OptionChoice, Equatable, Codable {
    case sgd
    case adam
    case adamw
    /// SGD that keeps task and distillation apart (DOT, ICCV 2023).
    case dot
  }

  /// Passes over the training split.
  public var epochs: Int
  /// Images per step; a last smaller batch is kept.
  public var batch: Int
  /// Rule by which weights change.
  public var rule: Rule
  /// Learning rate over time.
  public var schedule: LearningRateSchedule
  /// μ of SGD and DOT.
  public var momentum: Double
  /// Δ of DOT; nil for other rules.
  public var delta: Double?
  /// Whether SGD looks ahead.
  public var isNesterov: Bool
  /// L2 penalty on all parameters, added to the gradient; for AdamW the share that a step of rate 1 takes off.
  public var weightDecay: Double
  /// Limit on the global norm of the gradients; nil for none.
  public var clipNorm: Double?
  /// Steps of each epoch in which the gradients of the terms are compared with that of the labels; changes no weight.
  public var gradientSteps: Int
  /// Moments inside of epochs whose weights are kept, too, ascending; changes no weight.
  public var checkpoints: [Moment]
  /// Epochs whose weights stay on disk; changes no weight.
  public var keep: Keep

  /// The epochs whose weights stay on disk.
  public enum Keep: String, OptionChoice, Equatable, Codable {
    case all
    /// The first, the last, and those that are measured.
    case measured
    /// The last.
    case last
  }

  /// - Parameters: as the properties.
  public init(
    epochs: Int, batch: Int = 64, rule: Rule = .sgd, schedule: LearningRateSchedule, momentum: Double = 0.9,
    delta: Double? = nil, isNesterov: Bool = true, weightDecay: Double = 5e-4, clipNorm: Double? = nil,
    gradientSteps: Int = 0, checkpoints: [Moment] = [], keep: Keep = .all
  ) {
    self.epochs = epochs
    self.batch = batch
    self.rule = rule
    self.schedule = schedule
    self.momentum = momentum
    self.delta = delta
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
    self.gradientSteps = gradientSteps
    self.checkpoints = checkpoints
    self.keep = keep
  }

  /// Steps of an epoch over so many samples; a last smaller batch is one.
  public func stepsPerEpoch(of count: Int) -> Int { (count + batch - 1) / batch }

  /// The optimiser for a list of parameters.
  public func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
    let group = ParameterGroup(parameters, weightDecay: Float(weightDecay))
    return switch rule {
    case .sgd: SGD([group], momentum: Float(momentum), nesterov: isNesterov && momentum > 0)
    case .adam: Adam([group])
    case .adamw: Adam([group], decouplesDecay: true)
    case .dot: DOT([group], momentum: Float(momentum), delta: Float(delta ?? 0.075))
    }
  }
}
