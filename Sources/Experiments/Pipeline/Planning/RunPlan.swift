import Analysis
import Distillation
import Models
import Support

/// What is to be done of a run, told before and while it is done.
struct RunPlan: RunStage {
  let context: RunContext
  let trainings: Trainings
  let measurements: Measurements
  let evaluations: Evaluations

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
  func show(_ scope: Scope) throws {
    let student = try ModelCatalog.build(specification(recipe.student), seed: 0)
    let teacher = try recipe.teacher.map { try ModelCatalog.build(specification($0.model), seed: 0) }
    let costs = (student: Double(student.multiplications), teacher: Double(teacher?.multiplications ?? 0))
    var stages: [ProgressDisplay.Stage] = []
    if scope != .measurements { stages += try trainingStages(scope, costs) }
    if scope == .everything || scope == .measurements {
      stages += try measuringStages(costs) + [testingStage(costs)]
      let stage = MeasurementStage(context: context, teachers: trainings.teachers)
      for wanted in recipe.analysis.further {
        stages.append(
          ProgressDisplay.Stage(
            stage.name(of: wanted), kind: "testing/\(wanted.name)",
            cost: costs.student * Double(try stage.images(of: wanted))))
      }
      // A comparison does not ask what layers share.
      if !isComparison, recipe.asksTeacher {
        let cost = try evaluations.similarityCost(student: costs.student, teacher: costs.teacher)
        stages.append(ProgressDisplay.Stage(evaluations.similarityStage, kind: "similarity", cost: cost))
      }
      // Figures are drawn and tables written in about so many seconds, whatever was measured.
      stages.append(ProgressDisplay.Stage(reportStage, kind: ProgressDisplay.Stage.seconds, cost: 3))
    }
    progress.plan(stages, typical: Self.typicalPaces)
  }

  private func trainingStages(_ scope: Scope, _ costs: (student: Double, teacher: Double)) throws -> [ProgressDisplay
    .Stage]
  {
    let data = try data()
    let images = Double(data.train.count)
    var stages: [ProgressDisplay.Stage] = []
    var shared = recipe.sharedTrainings
    if case .training(let role) = scope {
      let asked = recipe.teacher(named: role)
      shared = asked.map { [(role, $0.epochs)] } ?? (role == RoleName.baseline ? [] : shared)
    }
    for (role, epochs) in shared where epochs > 0 {
      let network = try ModelCatalog.build(specification(recipe.model(of: role)), seed: 0)
      stages.append(
        ProgressDisplay.Stage(
          trainings.stageName(role, seed: firstSeed), kind: "training/\(role)",
          cost: Double(network.multiplications) * TrainingStage.passes(data, epochs: epochs)))
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
        let asks = recipe.taught(role)?.terms.contains { MethodRegistry.teacherNeed($0.method) != .nothing } ?? false
        let answers = asks ? costs.teacher * images * Double(epochs) : 0
        stages.append(
          ProgressDisplay.Stage(
            trainings.stageName(role, seed: seed), kind: "training/\(role)",
            cost: costs.student * TrainingStage.passes(data, epochs: epochs) + answers + classifier))
      }
    }
    return stages
  }

  private func isTrained(_ role: String, in scope: Scope) -> Bool {
    guard case .training(let asked) = scope else { return false }
    return role == asked || recipe.chain(to: asked).contains(role)
  }

  private func measuringStages(_ costs: (student: Double, teacher: Double)) throws -> [ProgressDisplay.Stage] {
    try recipe.analysis.procedures.flatMap { procedure in
      let isPublished = procedure == .published
      let images = isPublished ? recipe.analysis.published.candidates : recipe.analysis.probeImages
      let passes = isPublished ? measurements.publishedSettings.passes : measurements.entropySettings.passes
      return try recipe.analysis.layers.flatMap { layer in
        try measurements.measuredNetworks(at: layer, procedure).map { network in
          let jobs = try measurements.jobs(network.role, seed: network.seed, layer: layer, procedure)
          // Checkpoints of another network's folder are measured there.
          let maps = jobs.filter { $0.source == network.role }.reduce(0) {
            $0 + ($1.pictures == .probe ? images : recipe.analysis.positionImages)
          }
          let cost = network.role == RoleName.teacher ? costs.teacher : costs.student
          return ProgressDisplay.Stage(
            measurements.measuringName(network.role, seed: network.seed, layer: layer, procedure),
            kind: "\(isPublished ? "published" : "measuring")/\(layer)", cost: 2 * cost * passes * Double(maps))
        }
      }
    }
  }

  private func testingStage(_ costs: (student: Double, teacher: Double)) throws -> ProgressDisplay.Stage {
    let students = Double(recipe.seeds.count * studentRoles.count)
    return ProgressDisplay.Stage(
      evaluations.testingStage, kind: "testing",
      cost: Double(try data().test.count) * ((recipe.asksTeacher ? costs.teacher : 0) + students * costs.student))
  }

  var reportStage: String { "writing the report" }
}
