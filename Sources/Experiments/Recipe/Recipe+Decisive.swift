extension Recipe {
  /// What of a recipe decides weights: name and measurements do not, so that another layer or threshold reuses finished
  /// trainings.
  var decisive: Recipe {
    var decisive = self
    decisive.name = ""
    decisive.analysis = .neutral
    decisive.training.gradientSteps = 0
    decisive.training.keep = .all
    decisive.training.checkpoints = []
    decisive.seeds = []
    decisive.teacher?.accuracy = nil
    for index in decisive.students.indices { decisive.students[index].measuredLayers = [] }
    return decisive
  }
}

extension AnalysisRecipe {
  /// Stands for all measurements where these do not count.
  fileprivate static let neutral = AnalysisRecipe(
    layers: [], probeImages: 0, grid: 1, distortion: 1, thresholds: [], draws: 1, iterations: 1,
    procedure: .fixedDistortion, epochs: nil, position: nil, positionImages: 0,
    published: PublishedRecipe(candidates: 0, draws: 0, steps: 0, extraSteps: 0, validFrom: 0))
}
