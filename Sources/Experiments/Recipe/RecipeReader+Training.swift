import Distillation
import NeuralNetworks
import Support
import Training

extension RecipeReader {
  /// The `training` section.
  func training(_ section: Section) throws -> TrainingSettings {
    let options = try section.options(for: TrainingKeys.entry, besides: ["schedule"])
    let rule = options[TrainingKeys.optimizer]
    let isAdam = rule == .adam || rule == .adamw
    for key in TrainingKeys.ofSomeRules where !TrainingKeys.own(rule).contains(key) {
      if let node = section[key.name] {
        throw InputError(
          node.place, "\(rule.rawValue) has no \(key.name)",
          remedy: "drop it, or take optimizer: \(key == TrainingKeys.delta.option ? "dot" : "sgd")")
      }
    }
    let epochs = options[TrainingKeys.epochs]
    let momentum = isAdam ? 0 : options[TrainingKeys.momentum] ?? 0.9
    let delta = rule == .dot ? options[TrainingKeys.delta] ?? 0.075 : nil
    if let delta, momentum - delta < 0 || momentum + delta >= 1 {
      throw InputError(
        section[TrainingKeys.delta.option.name]?.place ?? section.place(of: TrainingKeys.momentum),
        "the momenta \(OptionValue.number(momentum)) ± \(OptionValue.number(delta)) do not lie in [0, 1)",
        remedy: "give a smaller delta; momentum 0.9 goes with 0.075")
    }
    if options[TrainingKeys.nesterov], momentum == 0 {
      throw InputError(
        section.place(of: TrainingKeys.nesterov), "nesterov without momentum", remedy: "give a momentum, usually 0.9"
      )
    }
    let warmUp = options[TrainingKeys.warmUp]
    guard warmUp < Double(epochs) else {
      throw InputError(
        section.place(of: TrainingKeys.warmUp), "warm-up takes \(OptionValue.number(warmUp)) of \(epochs) epochs",
        remedy: "it must be shorter than the training")
    }
    let schedule = LearningRateSchedule(
      base: options[TrainingKeys.learningRate] ?? (isAdam ? 0.001 : 0.05),
      shape: try shape(section.section("schedule"), epochs: epochs), warmUp: warmUp)
    if case .plateau(let fall) = schedule.shape, fall.minimumRate >= schedule.base {
      throw InputError(
        try section.section("schedule").place(of: ScheduleKeys.minimumRate),
        "the rate begins at \(OptionValue.number(schedule.base)), not above its minimum",
        remedy: "give a minimum-rate below the learning-rate")
    }
    let moments = options[TrainingKeys.checkpoints].map { Moment($0) }
    guard Set(moments).count == moments.count,
      moments.allSatisfy({ $0 > 0 && $0 < Moment(epoch: epochs) && $0.wholeEpoch == nil })
    else {
      throw InputError(
        section.place(of: TrainingKeys.checkpoints), "checkpoints cannot be used",
        remedy:
          "it takes different numbers between 0 and the training's \(epochs) epochs that are not whole: the ends of "
          + "epochs are kept by keep")
    }
    return TrainingSettings(
      epochs: epochs, batch: options[TrainingKeys.batch], rule: rule, schedule: schedule,
      momentum: momentum, delta: delta, isNesterov: options[TrainingKeys.nesterov],
      weightDecay: options[TrainingKeys.weightDecay],
      clipNorm: options[TrainingKeys.clipNorm], gradientSteps: options[TrainingKeys.gradients],
      checkpoints: moments.sorted(),
      keep: options[TrainingKeys.keep])
  }

  /// Refuses students that do not have both losses that a distillation-oriented optimiser keeps apart.
  func checkOptimizer(_ section: Section, _ training: TrainingSettings, _ students: [StudentRecipe]) throws {
    guard training.rule == .dot else { return }
    for student in students {
      guard student.schedule == .joint, student.labelWeight > 0, student.terms.contains(where: { $0.weight > 0 }) else {
        throw InputError(
          section.place(of: TrainingKeys.optimizer),
          "dot keeps labels and terms apart, but \(student.name) does not learn from both at once",
          remedy: "give labels and a term a weight in a joint schedule, or take optimizer: sgd")
      }
      if let alone = student.terms.first(where: { MethodRegistry.trainsAlone($0.method) }) {
        throw InputError(
          section.place(of: TrainingKeys.optimizer),
          "dot keeps the labels of one network apart, and \(alone.method) of \(student.name) trains two by labels",
          remedy: "take optimizer: sgd")
      }
      if let limited = student.terms.first(where: { $0.options[SharedMethodOptions.clip] }) {
        throw InputError(
          section.place(of: TrainingKeys.optimizer),
          "dot takes all terms together, and \(limited.method) of \(student.name) has its own limit by the labels",
          remedy: "give \(limited.method) clip: false, or take optimizer: sgd")
      }
    }
  }

  private func shape(_ section: Section, epochs: Int) throws -> LearningRateSchedule.Shape {
    let options = try section.options(for: ScheduleKeys.entry)
    let kind = options[ScheduleKeys.kind]
    for other in ScheduleKeys.Kind.allCases {
      for key in other.keys where !kind.keys.contains(key) {
        if let node = section[key.name] {
          throw InputError(
            node.place, "a \(kind.rawValue) schedule has no '\(key.name)'",
            remedy: "drop it, or take kind: \(other.rawValue)")
        }
      }
    }
    switch kind {
    case .constant: return .constant
    case .cosine: return .cosine
    case .multiStep: return try multiStep(section, options, epochs: epochs)
    case .step:
      guard let interval = options[ScheduleKeys.every] else {
        throw InputError(section.place, "a step schedule needs 'every'", remedy: "the epochs between two falls")
      }
      return .step(every: interval, factor: options[ScheduleKeys.factor] ?? 0.1)
    case .exponential: return .exponential(factor: options[ScheduleKeys.factor] ?? 0.95)
    case .polynomial: return .polynomial(power: options[ScheduleKeys.power] ?? 1)
    case .plateau: return .plateau(try plateau(section, options))
    }
  }

  private func plateau(_ section: Section, _ options: Options) throws -> PlateauRule {
    var rule = PlateauRule()
    rule.factor = options[ScheduleKeys.factor] ?? rule.factor
    rule.patience = options[ScheduleKeys.patience] ?? rule.patience
    rule.threshold = options[ScheduleKeys.threshold] ?? rule.threshold
    rule.cooldown = options[ScheduleKeys.cooldown] ?? rule.cooldown
    rule.minimumRate = options[ScheduleKeys.minimumRate] ?? rule.minimumRate
    guard rule.factor < 1 else {
      throw InputError(
        section.place(of: ScheduleKeys.factor), "a plateau with the factor 1 never falls",
        remedy: "take less, such as 0.1"
      )
    }
    return rule
  }

  private func multiStep(_ section: Section, _ options: Options, epochs: Int) throws -> LearningRateSchedule.Shape {
    let place = section.place(of: ScheduleKeys.at)
    let falls = options[ScheduleKeys.at]
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
    return .multiStep(at: falls.map { Int($0) }, factor: options[ScheduleKeys.factor] ?? 0.1)
  }
}
