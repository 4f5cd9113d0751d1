import Support
import Training

/// Keys of `training`.
enum TrainingKeys {
  static let entry = CatalogEntry(
    "training", "how every network is trained",
    options: [
      epochs.option, batch.option, optimizer.option, learningRate.option, momentum.option, delta.option,
      nesterov.option, weightDecay.option, warmUp.option, clipNorm.option, gradients.option, checkpoints.option,
      keep.option,
    ])
  static let epochs = OptionKey.integer("epochs", 1...10_000, default: 30, "passes over the data")
  static let batch = OptionKey.integer("batch", 2...65_536, default: 64, "images in one step")
  static let optimizer = OptionKey.choice("optimizer", default: TrainingSettings.Rule.sgd, "rule of the step")
  static let learningRate = OptionKey.number(
    "learning-rate", 1e-8...100, "rate after warm-up; 0.05 for sgd and dot, 0.001 for adam and adamw")
  static let momentum = OptionKey.number("momentum", 0...0.9999, "momentum of sgd and dot; 0.9 unless given")
  static let delta = OptionKey.number(
    "delta", 0...0.9999, "dot's: less momentum for labels, more for terms; 0.075 unless given")
  static let nesterov = OptionKey.flag("nesterov", "Nesterov momentum for sgd; false unless given")
  static let weightDecay = OptionKey.number(
    "weight-decay", 0...1, default: 0.0005, "factor of the weights in the gradient")
  static let warmUp = OptionKey.number(
    "warm-up", 0...10_000, default: 0, "epochs over which the rate rises linearly")
  static let clipNorm = OptionKey.number("clip-norm", 1e-6...1e6, "largest norm of the gradient; none unless given")
  static let gradients = OptionKey.integer(
    "gradients", 0...10_000, default: 0,
    "steps of each epoch in which the terms' gradients are compared with the labels'; changes no weight")
  static let checkpoints = OptionKey.numbers(
    "checkpoints",
    "moments inside of epochs, such as 0.125, at which weights are kept and may be measured, beside the ends of "
      + "epochs; none unless given")
  static let keep = OptionKey.choice(
    "keep", default: TrainingSettings.Keep.all,
    "epochs whose weights stay on disk: all; measured, the first, the last and what analysis needs; or last")

  /// Keys that some rules have and others lack.
  static let ofSomeRules = [momentum.option, nesterov.option, delta.option]

  /// Those of them that a rule has.
  static func own(_ rule: TrainingSettings.Rule) -> [OptionDescription] {
    switch rule {
    case .sgd: [momentum.option, nesterov.option]
    case .dot: [momentum.option, delta.option]
    case .adam, .adamw: []
    }
  }
}

/// Keys of `training.schedule`.
enum ScheduleKeys {
  static let entry = CatalogEntry(
    "schedule", "how the learning rate falls",
    options: [
      kind.option, at.option, factor.option, every.option, power.option, patience.option, threshold.option,
      cooldown.option, minimumRate.option,
    ])
  static let kind = OptionKey.choice("kind", default: Kind.cosine, "shape of the fall")
  static let at = OptionKey.numbers("at", "epochs at whose start the rate falls")
  static let factor = OptionKey.number(
    "factor", 1e-6...1, "what the rate is multiplied by; 0.1 unless given, for exponential 0.95")
  static let every = OptionKey.integer("every", 1...10_000, "epochs between falls of kind step")
  static let power = OptionKey.number(
    "power", 0.01...100, "exponent of a polynomial; 1, a straight line to zero, unless given")
  static let patience = OptionKey.integer(
    "patience", 0...10_000, "epochs without a better loss; 10 unless given")
  static let threshold = OptionKey.number(
    "threshold", 0...0.999, "share by which a loss must be lower to count as better; 0.0001 unless given")
  static let cooldown = OptionKey.integer(
    "cooldown", 0...10_000, "epochs after a fall that do not count; 0 unless given")
  static let minimumRate = OptionKey.number(
    "minimum-rate", 0...100, "the rate does not fall below it; 0 unless given")

  /// The kinds of schedules.
  enum Kind: String, OptionChoice {
    case constant, cosine
    case multiStep = "multi-step"
    case step, exponential, polynomial, plateau

    /// The keys that it has beside `kind`.
    var keys: [OptionDescription] {
      switch self {
      case .constant, .cosine: []
      case .multiStep: [at.option, factor.option]
      case .step: [every.option, factor.option]
      case .exponential: [factor.option]
      case .polynomial: [power.option]
      case .plateau: [factor.option, patience.option, threshold.option, cooldown.option, minimumRate.option]
      }
    }
  }
}
