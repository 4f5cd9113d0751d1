import Distillation
import NeuralNetworks
import Support
import Training

extension RecipeReader {
  /// The `training` section.
  func training(_ section: Section) throws -> TrainingSettings {
    let options = try section.options(for: RecipeKeys.training, besides: ["schedule"])
    let rule = TrainingSettings.Rule(rawValue: options.text("optimizer")) ?? .sgd
    let isAdam = rule == .adam || rule == .adamw
    let own: [TrainingSettings.Rule: [String]] = [.sgd: ["momentum", "nesterov"], .dot: ["momentum", "delta"]]
    for key in ["momentum", "nesterov", "delta"] where !(own[rule] ?? []).contains(key) {
      if let node = section[key] {
        throw InputError(
          node.place, "\(rule.rawValue) has no \(key)",
          remedy: "drop it, or take optimizer: \(key == "delta" ? "dot" : "sgd")")
      }
    }
    let epochs = options.integer("epochs")
    let momentum = isAdam ? 0 : options.numberIfGiven("momentum") ?? 0.9
    let delta = rule == .dot ? options.numberIfGiven("delta") ?? 0.075 : nil
    if let delta, momentum - delta < 0 || momentum + delta >= 1 {
      throw InputError(
        section["delta"]?.place ?? section["momentum"]?.place ?? section.place,
        "the momenta \(OptionValue.number(momentum)) ± \(OptionValue.number(delta)) do not lie in [0, 1)",
        remedy: "give a smaller delta; momentum 0.9 goes with 0.075")
    }
    if options.isOn("nesterov"), momentum == 0 {
      throw InputError(
        section["nesterov"]?.place ?? section.place, "nesterov without momentum", remedy: "give a momentum, usually 0.9"
      )
    }
    let warmUp = options.number("warm-up")
    guard warmUp < Double(epochs) else {
      throw InputError(
        section["warm-up"]?.place ?? section.place, "warm-up takes \(OptionValue.number(warmUp)) of \(epochs) epochs",
        remedy: "it must be shorter than the training")
    }
    let schedule = LearningRateSchedule(
      base: options.numberIfGiven("learning-rate") ?? (isAdam ? 0.001 : 0.05),
      shape: try shape(section.section("schedule"), epochs: epochs), warmUp: warmUp)
    if case .plateau(let fall) = schedule.shape, fall.minimumRate >= schedule.base {
      throw InputError(
        try section.section("schedule")["minimum-rate"]?.place ?? section.place,
        "the rate begins at \(OptionValue.number(schedule.base)), not above its minimum",
        remedy: "give a minimum-rate below the learning-rate")
    }
    let moments = options.numbers("checkpoints").map { Moment($0) }
    guard Set(moments).count == moments.count,
      moments.allSatisfy({ $0 > 0 && $0 < Moment(epoch: epochs) && $0.wholeEpoch == nil })
    else {
      throw InputError(
        section["checkpoints"]?.place ?? section.place, "checkpoints cannot be used",
        remedy:
          "it takes different numbers between 0 and the training's \(epochs) epochs that are not whole: the ends of "
          + "epochs are kept by keep")
    }
    return TrainingSettings(
      epochs: epochs, batch: options.integer("batch"), rule: rule, schedule: schedule,
      momentum: momentum, delta: delta, isNesterov: options.isOn("nesterov"),
      weightDecay: options.number("weight-decay"),
      clipNorm: options.numberIfGiven("clip-norm"), gradientSteps: options.integer("gradients"),
      checkpoints: moments.sorted(),
      keep: TrainingSettings.Keep(rawValue: options.text("keep")) ?? .all)
  }

  /// Refuses students that do not have both losses that a distillation-oriented optimiser keeps apart.
  func checkOptimizer(_ section: Section, _ training: TrainingSettings, _ students: [StudentRecipe]) throws {
    guard training.rule == .dot else { return }
    for student in students {
      guard student.schedule == .joint, student.labelWeight > 0, student.terms.contains(where: { $0.weight > 0 }) else {
        throw InputError(
          section["optimizer"]?.place ?? section.place,
          "dot keeps labels and terms apart, but \(student.name) does not learn from both at once",
          remedy: "give labels and a term a weight in a joint schedule, or take optimizer: sgd")
      }
      if let alone = student.terms.first(where: { MethodRegistry.trainsAlone($0.method) }) {
        throw InputError(
          section["optimizer"]?.place ?? section.place,
          "dot keeps the labels of one network apart, and \(alone.method) of \(student.name) trains two by labels",
          remedy: "take optimizer: sgd")
      }
      if let limited = student.terms.first(where: { $0.options.values["clip"] == .flag(true) }) {
        throw InputError(
          section["optimizer"]?.place ?? section.place,
          "dot takes all terms together, and \(limited.method) of \(student.name) has its own limit by the labels",
          remedy: "give \(limited.method) clip: false, or take optimizer: sgd")
      }
    }
  }

  private func shape(_ section: Section, epochs: Int) throws -> LearningRateSchedule.Shape {
    let options = try section.options(for: RecipeKeys.trainingSchedule)
    let kind = options.text("kind")
    let own = RecipeKeys.schedules.first { $0.kind == kind }?.keys ?? []
    for (other, keys) in RecipeKeys.schedules {
      for key in keys where !own.contains(key) {
        if let node = section[key] {
          throw InputError(
            node.place, "a \(kind) schedule has no '\(key)'", remedy: "drop it, or take kind: \(other)")
        }
      }
    }
    switch kind {
    case "constant": return .constant
    case "multi-step": return try multiStep(section, options, epochs: epochs)
    case "step":
      guard let interval = options.integerIfGiven("every") else {
        throw InputError(section.place, "a step schedule needs 'every'", remedy: "the epochs between two falls")
      }
      return .step(every: interval, factor: options.numberIfGiven("factor") ?? 0.1)
    case "exponential": return .exponential(factor: options.numberIfGiven("factor") ?? 0.95)
    case "polynomial": return .polynomial(power: options.numberIfGiven("power") ?? 1)
    case "plateau": return .plateau(try plateau(section, options))
    default: return .cosine
    }
  }

  private func plateau(_ section: Section, _ options: Options) throws -> PlateauRule {
    var rule = PlateauRule()
    rule.factor = options.numberIfGiven("factor") ?? rule.factor
    rule.patience = options.integerIfGiven("patience") ?? rule.patience
    rule.threshold = options.numberIfGiven("threshold") ?? rule.threshold
    rule.cooldown = options.integerIfGiven("cooldown") ?? rule.cooldown
    rule.minimumRate = options.numberIfGiven("minimum-rate") ?? rule.minimumRate
    guard rule.factor < 1 else {
      throw InputError(
        section["factor"]?.place ?? section.place, "a plateau with the factor 1 never falls",
        remedy: "take less, such as 0.1"
      )
    }
    return rule
  }

  private func multiStep(_ section: Section, _ options: Options, epochs: Int) throws -> LearningRateSchedule.Shape {
    let place = section["at"]?.place ?? section.place
    let falls = options.numbers("at")
    let example = epochs < 4 ? "[1]" : "[\(epochs / 2), \(epochs * 3 / 4)]"
    let remedy = "it takes rising whole epochs below the \(epochs) of the training, such as \(example)"
    guard !falls.isEmpty else { throw InputError(place, "a multi-step schedule needs 'at'", remedy: remedy) }
    for (index, epoch) in falls.enumerated() {
      let isRising = index == 0 || falls[index - 1] < epoch
      guard epoch == epoch.rounded(), epoch >= 1, epoch < Double(epochs), isRising else {
        throw InputError(
          place, "at epoch \(OptionValue.number(epoch)) the rate cannot fall in order", remedy: remedy)
      }
    }
    return .multiStep(at: falls.map { Int($0) }, factor: options.numberIfGiven("factor") ?? 0.1)
  }
}
