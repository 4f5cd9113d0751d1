import Models
import Support

extension Experiment {
  /// Tells the progress display what will be done, with costs in multiply–accumulate operations.
  func planProgress() {
    guard let data = try? data(), let student = try? ModelCatalog.build(specification(recipe.student), seed: 0) else {
      return
    }
    let images = Double(data.train.count)
    let small = Double(student.multiplications)
    var large = 0.0
    var stages: [(name: String, cost: Double)] = []
    if let teacher = try? ModelCatalog.build(specification(recipe.teacher.model), seed: 0) {
      large = Double(teacher.multiplications)
      if recipe.teacher.checkpoint == nil {
        stages.append((name: stageName("teacher", seed: firstSeed), cost: 3 * large * images * Double(recipe.teacher.epochs)))
      }
    }
    for seed in recipe.seeds {
      for role in studentRoles {
        let step = 3 * small + (role == "baseline" ? 0 : large)
        stages.append((name: stageName(role, seed: seed), cost: step * images * Double(recipe.training.epochs)))
      }
    }
    for layer in recipe.analysis.layers {
      for seed in recipe.seeds {
        for role in studentRoles {
          // Every epoch, the initialisation, and the last epoch again as often for the noise floor.
          let checkpoints = Double(2 * recipe.training.epochs + 1)
          let passes = checkpoints * Double(recipe.analysis.probeImages) * entropySettings.passes
          stages.append((name: measuringName(role, seed: seed, layer: layer), cost: 2 * small * passes))
        }
      }
    }
    progress.plan(stages)
  }

  func measuringName(_ role: String, seed: Int, layer: String) -> String { "measuring \(layer) of \(role), seed \(seed)" }
}
