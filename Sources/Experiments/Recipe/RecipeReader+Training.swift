import NeuralNetworks
import Support
import Training

extension RecipeReader {
  /// The `training` section.
  func training(_ section: Section) throws -> TrainingSettings {
    let options = try section.options(for: RecipeKeys.training, besides: ["schedule"])
    let isAdam = options.text("optimizer") == TrainingSettings.Rule.adam.rawValue
    for key in ["momentum", "nesterov"] {
      if isAdam, let node = section[key] {
        throw InputError(node.place, "adam has no \(key)", remedy: "drop it, or take optimizer: sgd")
      }
    }
    let epochs = options.integer("epochs")
    let momentum = isAdam ? 0 : options.numberIfGiven("momentum") ?? 0.9
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
    return TrainingSettings(
      epochs: epochs, batch: options.integer("batch"), rule: isAdam ? .adam : .sgd, schedule: schedule,
      momentum: momentum, isNesterov: options.isOn("nesterov"), weightDecay: options.number("weight-decay"),
      clipNorm: options.numberIfGiven("clip-norm"), gradientSteps: options.integer("gradients"))
  }

  private func shape(_ section: Section, epochs: Int) throws -> LearningRateSchedule.Shape {
    let options = try section.options(for: RecipeKeys.trainingSchedule)
    let kind = options.text("kind")
    guard kind == "multi-step" else {
      for key in ["at", "factor"] {
        if let node = section[key] {
          throw InputError(
            node.place, "a \(kind) schedule has no '\(key)'", remedy: "drop it, or take kind: multi-step")
        }
      }
      return kind == "cosine" ? .cosine : .constant
    }
    let place = section["at"]?.place ?? section.place
    let milestones = options.numbers("at")
    let remedy =
      "it takes rising whole epochs below the \(epochs) of the training, such as [\(epochs / 2), \(epochs * 3 / 4)]"
    guard !milestones.isEmpty else { throw InputError(place, "a multi-step schedule needs 'at'", remedy: remedy) }
    for (index, milestone) in milestones.enumerated() {
      let isRising = index == 0 || milestones[index - 1] < milestone
      guard milestone == milestone.rounded(), milestone >= 1, milestone < Double(epochs), isRising else {
        throw InputError(
          place, "the milestone \(OptionValue.number(milestone)) cannot be reached in order", remedy: remedy)
      }
    }
    return .multiStep(at: milestones.map { Int($0) }, factor: options.numberIfGiven("factor") ?? 0.1)
  }
}
