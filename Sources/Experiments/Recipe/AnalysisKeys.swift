import Analysis
import Support

/// Keys of `analysis`.
enum AnalysisKeys {
  static let entry = CatalogEntry(
    "analysis", "what is measured afterwards",
    options: [
      layers.option, probeImages.option, grid.option, distortion.option, thresholds.option, draws.option,
      iterations.option, procedure.option, epochs.option, position.option, positionImages.option,
    ])
  static let layers = OptionKey.texts("layers", "layers whose features are measured; the last map unless given")
  static let probeImages = OptionKey.integer("probe-images", 1...100_000, default: 64, "development images")
  static let grid = OptionKey.integer("grid", 1...256, default: 16, "cells along each side")
  static let distortion = OptionKey.number(
    "distortion", 1e-4...10, default: 0.1, "share of the feature's variance")
  static let thresholds = OptionKey.numbers(
    "thresholds", default: [0.1, 0.2, 0.4, 0.8], "concept thresholds, nats")
  static let draws = OptionKey.integer("draws", 2...4_096, default: 16, "noise draws in an iteration")
  static let iterations = OptionKey.integer("iterations", 4...10_000, default: 32, "iterations of the solver")
  // Not all procedures have a word here: nothing is measured by `analysis: none`.
  static let procedure = OptionKey<AnalysisRecipe.Procedure>(
    OptionDescription(
      "procedure", .choice(AnalysisRecipe.Procedure.choices.map(\.rawValue)),
      default: .text(AnalysisRecipe.Procedure.fixedDistortion.rawValue), "how the entropy is measured")
  ) { $0?.text.flatMap { AnalysisRecipe.Procedure(rawValue: $0) } ?? .fixedDistortion }
  static let epochs = OptionKey.numbers(
    "epochs",
    "epochs that are measured, the last among them; up to six, dense at the beginning, and training.checkpoints, "
      + "unless given")
  static let position = OptionKey.choice(
    "position", of: PositionCorrection.self,
    "how maps lose what a cell's place decides; background where the data set draws one, else scrambled")
  static let positionImages = OptionKey.integer(
    "position-images", 2...100_000, default: 24, "pictures without an object for that")
}

/// Keys of `analysis.published`.
enum PublishedKeys {
  static let entry = CatalogEntry(
    "published", "settings of the published procedure",
    options: [candidates.option, draws.option, steps.option, extraSteps.option, validFrom.option])
  static let candidates = OptionKey.integer(
    "candidates", 1...100_000, "images asked for validity; probe-images unless given")
  static let draws = OptionKey.integer("draws", 2...4_096, default: 96, "noise draws in a step")
  static let steps = OptionKey.integer("steps", 1...160, default: 60, "steps on every image")
  static let extraSteps = OptionKey.integer(
    "extra-steps", 0...80, default: 20, "steps where the target is not reached")
  static let validFrom = OptionKey.number(
    "valid-from", 0...1, default: 0.2667, "share of the epochs before validity is asked")
}
