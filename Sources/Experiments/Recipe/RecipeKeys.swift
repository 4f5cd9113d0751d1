import Support
import Training

/// What the sections of a recipe take, described like the options of models and methods.
enum RecipeKeys {
  /// Keys of the whole recipe.
  static let root = [
    "name", "data", "teacher", "student", "labels", "distillation", "schedule", "classifier-epochs", "students",
    "training", "analysis",
    "seeds", "threads", "quick",
  ]

  static let weight = OptionDescription("weight", .number(0...1e6), default: .number(1), "factor in the sum")
  static let labels = CatalogEntry("labels", "cross-entropy with the labels", options: [weight])
  static let schedule = OptionDescription(
    "schedule", .choice(StudentRecipe.Schedule.allCases.map(\.rawValue)), default: .text("joint"), "order of the terms")
  static let classifierEpochs = OptionDescription(
    "classifier-epochs", .integer(1...10_000),
    "epochs of a two-stage student's second stage; two thirds of training.epochs unless given")
  static let measure = OptionDescription(
    "measure", .texts, "layers at which the student is measured; all of analysis.layers unless given")
  static let epochs = OptionDescription("epochs", .integer(1...10_000), default: .number(30), "passes over the data")

  static let training = CatalogEntry(
    "training", "how every network is trained",
    options: [
      epochs,
      OptionDescription("batch", .integer(2...65_536), default: .number(64), "images in one step"),
      OptionDescription(
        "optimizer", .choice(TrainingSettings.Rule.allCases.map(\.rawValue)), default: .text("sgd"),
        "rule of the step"),
      OptionDescription("learning-rate", .number(1e-8...100), "rate after warm-up; 0.05 for sgd, 0.001 for adam"),
      OptionDescription("momentum", .number(0...0.9999), "sgd's momentum; 0.9 unless given"),
      OptionDescription("nesterov", .flag, "whether sgd looks ahead; false unless given"),
      OptionDescription(
        "weight-decay", .number(0...1), default: .number(0.0005), "factor of the weights in the gradient"),
      OptionDescription("warm-up", .number(0...10_000), default: .number(0), "epochs of linear rise"),
      OptionDescription("clip-norm", .number(1e-6...1e6), "largest norm of the gradient; none unless given"),
    ])

  static let trainingSchedule = CatalogEntry(
    "schedule", "how the learning rate falls",
    options: [
      OptionDescription(
        "kind", .choice(["constant", "cosine", "multi-step"]), default: .text("cosine"), "shape of the fall"),
      OptionDescription("at", .numbers, "epochs at whose start the rate falls"),
      OptionDescription("factor", .number(1e-6...1), "what the rate is multiplied by; 0.1 unless given"),
    ])

  static let analysis = CatalogEntry(
    "analysis", "what is measured afterwards",
    options: [
      OptionDescription("layers", .texts, "layers whose features are measured; the last map unless given"),
      OptionDescription("probe-images", .integer(1...100_000), default: .number(64), "development images"),
      OptionDescription("grid", .integer(1...256), default: .number(16), "cells along each side"),
      OptionDescription("distortion", .number(1e-4...10), default: .number(0.1), "share of the feature's variance"),
      OptionDescription(
        "thresholds", .numbers, default: .list([0.1, 0.2, 0.4, 0.8].map(OptionValue.number)), "concept thresholds, nats"
      ),
      OptionDescription("draws", .integer(2...4_096), default: .number(16), "noise draws in an iteration"),
      OptionDescription("iterations", .integer(4...10_000), default: .number(32), "iterations of the solver"),
      OptionDescription(
        "procedure", .choice(AnalysisRecipe.Procedure.allCases.map(\.rawValue)), default: .text("fixed-distortion"),
        "how the entropy is measured"),
      OptionDescription("epochs", .numbers, "epochs that are measured, the last among them; all unless given"),
    ])

  static let published = CatalogEntry(
    "published", "settings of the published procedure",
    options: [
      OptionDescription("candidates", .integer(1...100_000), "images asked for validity; probe-images unless given"),
      OptionDescription("draws", .integer(2...4_096), default: .number(96), "noise draws in a step"),
      OptionDescription("steps", .integer(1...160), default: .number(60), "steps on every image"),
      OptionDescription("extra-steps", .integer(0...80), default: .number(20), "steps where the target is not reached"),
      OptionDescription(
        "valid-from", .number(0...1), default: .number(0.2667), "share of the epochs before validity is asked"),
    ])

  /// Folder names that a run needs for itself.
  static let reservedNames = ["teacher", "baseline", "state"]
}

extension Options {
  /// A number that may be absent.
  func numberIfGiven(_ name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  /// A text that may be absent.
  func textIfGiven(_ name: String) -> String? {
    if case .text(let value)? = values[name] { value } else { nil }
  }

  /// A switch that is off unless given.
  func isOn(_ name: String) -> Bool { values[name] == .flag(true) }

  /// A list of numbers; empty where the option is absent.
  func numbers(_ name: String) -> [Double] {
    guard case .list(let list)? = values[name] else { return [] }
    return list.compactMap { if case .number(let number) = $0 { number } else { nil } }
  }
}
