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

  /// Seconds per multiply–accumulate operation of each kind of work, on two cores of an AMD EPYC: training as in README,
  /// Speed, the others by their ratio to it in the quick built-in experiment. The machine at hand decides the level once
  /// something was timed on it; until the other kinds were, their ratios are these.
  static let typicalPaces = [
    "training": 0.9e-11, "measuring": 1.1e-11, "published": 1.1e-11, "testing": 0.9e-11, "similarity": 0.4e-11,
  ]

  /// Tells the progress display what will be done, with costs in multiply–accumulate operations.
  func planProgress(_ scope: Scope) throws {
    let student = try ModelCatalog.build(specification(recipe.student), seed: 0)
    let teacher = try ModelCatalog.build(specification(recipe.teacher.model), seed: 0)
    let costs = (student: Double(student.multiplications), teacher: Double(teacher.multiplications))
    var stages: [ProgressDisplay.Stage] = []
    if scope != .measurements { stages += try trainings(scope, costs) }
    if scope == .everything || scope == .measurements {
      stages += try measurements(costs) + [testing(costs)]
      // A comparison does not ask what layers share.
      if !isComparison {
        let cost = try similarityCost(student: costs.student, teacher: costs.teacher)
        stages.append(ProgressDisplay.Stage(similarityStage, kind: "similarity", cost: cost))
      }
      // Figures are drawn and tables written in about so many seconds, whatever was measured.
      stages.append(ProgressDisplay.Stage(reportStage, kind: ProgressDisplay.Stage.seconds, cost: 3))
    }
    progress.plan(stages, typical: Self.typicalPaces)
  }

  private func trainings(_ scope: Scope, _ costs: (student: Double, teacher: Double)) throws -> [ProgressDisplay.Stage]
  {
    let data = try data()
    let images = Double(data.train.count)
    var stages: [ProgressDisplay.Stage] = []
    if scope != .training(role: "baseline"), recipe.teacher.checkpoint == nil {
      stages.append(
        ProgressDisplay.Stage(
          stageName("teacher", seed: firstSeed), kind: "training/teacher",
          cost: costs.teacher * TrainingStage.passes(data, epochs: recipe.teacher.epochs)))
    }
    let assistants = try recipe.assistants.reduce(into: [:]) { costs, assistant in
      costs[assistant.name] = Double(
        try ModelCatalog.build(specification(recipe.model(of: assistant.name)), seed: 0).multiplications)
    }
    func own(_ role: String) -> Double { assistants[role] ?? costs.student }
    for seed in recipe.seeds {
      for role in recipe.trainingOrder where scope == .everything || isTrained(role, in: scope) {
        let costs = (student: own(role), teacher: recipe.taught(role)?.lesson?.by.map(own) ?? costs.teacher)
        let epochs = recipe.trainedEpoch(recipe.training.epochs, of: role)
        // The classifier's backward pass is a small part of the network.
        let classifier = costs.student * Double(recipe.classifierEpochs(of: role)) * images
        let answers = role == "baseline" ? 0 : costs.teacher * images * Double(epochs)
        stages.append(
          ProgressDisplay.Stage(
            stageName(role, seed: seed), kind: "training/\(role)",
            cost: costs.student * TrainingStage.passes(data, epochs: epochs) + answers + classifier))
      }
    }
    return stages
  }

  private func isTrained(_ role: String, in scope: Scope) -> Bool {
    guard case .training(let asked) = scope else { return false }
    return role == asked || recipe.chain(to: asked).contains(role)
  }

  private func measurements(_ costs: (student: Double, teacher: Double)) throws -> [ProgressDisplay.Stage] {
    try recipe.analysis.procedures.flatMap { procedure in
      let isPublished = procedure == .published
      let images = isPublished ? recipe.analysis.published.candidates : recipe.analysis.probeImages
      let passes = isPublished ? publishedSettings.passes : entropySettings.passes
      return try recipe.analysis.layers.flatMap { layer in
        try measuredNetworks(at: layer, procedure).map { network in
          let jobs = try jobs(network.role, seed: network.seed, layer: layer, procedure)
          // Checkpoints of another network's folder are measured there.
          let maps = jobs.filter { $0.source == network.role }.reduce(0) {
            $0 + ($1.pictures == .probe ? images : recipe.analysis.positionImages)
          }
          let cost = network.role == "teacher" ? costs.teacher : costs.student
          return ProgressDisplay.Stage(
            measuringName(network.role, seed: network.seed, layer: layer, procedure),
            kind: "\(isPublished ? "published" : "measuring")/\(layer)", cost: 2 * cost * passes * Double(maps))
        }
      }
    }
  }

  private func testing(_ costs: (student: Double, teacher: Double)) throws -> ProgressDisplay.Stage {
    let students = Double(recipe.seeds.count * studentRoles.count)
    return ProgressDisplay.Stage(
      testingStage, kind: "testing", cost: Double(try data().test.count) * (costs.teacher + students * costs.student))
  }

  func measuringName(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) -> String {
    "measuring \(layer) of \(role), seed \(seed)" + (procedure == .published ? ", as published" : "")
  }

  var testingStage: String { "testing all networks" }

  var reportStage: String { "writing the report" }
}
