import Analysis
import Models
import Support

extension Experiment {
  /// What is worked on.
  enum Scope: Equatable {
    /// Trainings and measurements.
    case everything
    /// One network, and its teacher where it needs one.
    case training(role: String)
    /// Measurements of what is trained.
    case measurements
  }

  /// Tells the progress display what will be done, with costs in multiply–accumulate operations.
  func planProgress(_ scope: Scope) throws {
    let student = try ModelCatalog.build(specification(recipe.student), seed: 0)
    let teacher = try ModelCatalog.build(specification(recipe.teacher.model), seed: 0)
    let costs = (student: Double(student.multiplications), teacher: Double(teacher.multiplications))
    var stages: [(name: String, cost: Double)] = []
    if scope != .measurements { stages += try trainings(scope, costs) }
    if scope == .everything || scope == .measurements {
      stages += measurements(student: costs.student)
      stages.append((similarityStage, similarityCost(student: costs.student, teacher: costs.teacher)))
    }
    progress.plan(stages)
  }

  private func trainings(_ scope: Scope, _ costs: (student: Double, teacher: Double)) throws -> [(String, Double)] {
    let images = Double(try data().train.count)
    // A backward pass costs two forward passes.
    let teacherCost = 3 * costs.teacher * images * Double(recipe.teacher.epochs)
    var stages: [(String, Double)] = []
    if scope != .training(role: "baseline"), recipe.teacher.checkpoint == nil {
      stages.append((stageName("teacher", seed: firstSeed), teacherCost))
    }
    for seed in recipe.seeds {
      for role in studentRoles where scope == .everything || scope == .training(role: role) {
        let step = 3 * costs.student + (role == "baseline" ? 0 : costs.teacher)
        // The classifier's backward pass is a small part of the network.
        let classifier = costs.student * Double(recipe.classifierEpochs(of: role))
        let epochs = Double(recipe.trainedEpoch(recipe.training.epochs, of: role))
        stages.append((stageName(role, seed: seed), images * (step * epochs + classifier)))
      }
    }
    return stages
  }

  private func measurements(student: Double) -> [(String, Double)] {
    recipe.analysis.procedures.flatMap { procedure in
      let isPublished = procedure == .published
      let images = isPublished ? recipe.analysis.published.candidates : recipe.analysis.probeImages
      let passes = Double(images) * (isPublished ? publishedSettings.passes : entropySettings.passes)
      return recipe.analysis.layers.flatMap { layer in
        recipe.seeds.flatMap { seed in
          recipe.roles(at: layer).map { role in
            let checkpoints = Double(jobs(role, seed: seed, layer: layer, procedure).count)
            return (measuringName(role, seed: seed, layer: layer, procedure), 2 * student * passes * checkpoints)
          }
        }
      }
    }
  }

  func measuringName(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) -> String {
    "measuring \(layer) of \(role), seed \(seed)" + (procedure == .published ? ", as published" : "")
  }
}
