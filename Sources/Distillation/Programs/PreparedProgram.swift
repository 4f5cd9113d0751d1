import Models
import NeuralNetworks
import Support
import Tensors

/// A joint training with stages of single methods before it, one after the other: the hints of FitNets, the paraphraser
/// of factor transfer. Each stage has an optimiser of its own; the joint training's clock starts behind them.
public final class PreparedProgram: TrainingProgram {
  /// What the training behind the stages is called in logs.
  public static let jointStageName = "distillation"

  private struct Stage {
    let name: String
    let preparation: Preparation
    let term: JointProgram.Term
    let optimizer: any Optimizer
    let steps: Range<Int>
  }

  private let joint: JointProgram
  private let stages: [Stage]

  /// - Parameters:
  ///   - joint: the training behind the stages; at least one of its methods has a preparation.
  ///   - stepsPerEpoch: steps in each epoch.
  ///   - makeOptimizer: is called for each stage with the parameters that it trains.
  public init(_ joint: JointProgram, stepsPerEpoch: Int, makeOptimizer: ([Parameter]) -> any Optimizer) {
    self.joint = joint
    var start = 0
    var stages: [Stage] = []
    for term in joint.terms {
      guard let preparation = term.method.preparation else { continue }
      let end = start + preparation.epochs * stepsPerEpoch
      stages.append(
        Stage(
          name: "\(term.name) \(preparation.name)", preparation: preparation, term: term,
          optimizer: makeOptimizer(preparation.trained(of: joint.student)), steps: start..<end))
      start = end
    }
    precondition(!stages.isEmpty, "PreparedProgram: no method has a preparation")
    self.stages = stages
  }

  /// The network that learns.
  public var student: any Network { joint.student }
  /// The network that teaches.
  public var teacher: (any Network)? { joint.teacher }
  /// Those of the joint training, then one for each stage.
  public var termNames: [String] { joint.termNames + stages.map(\.name) }
  /// As the methods want it.
  public var view: BatchView { joint.view }
  /// As the methods ask for it, in all stages.
  public var batchOrder: BatchOrder { joint.batchOrder }
  /// Of the methods.
  public var fewestImages: Int { joint.fewestImages }

  /// All optimisers, the methods' parts and state.
  public var state: [(name: String, tensor: Tensor)] {
    joint.state
      + stages.enumerated().flatMap { index, stage in
        stage.optimizer.state.map { (name: "preparation.\(index).\($0.name)", tensor: $0.tensor) }
      }
  }

  /// Steps taken in all stages.
  public var steps: Int {
    get { joint.steps + stages.reduce(0) { $0 + $1.optimizer.steps } }
    set {
      for stage in stages { stage.optimizer.steps = min(max(0, newValue - stage.steps.lowerBound), stage.steps.count) }
      joint.steps = max(0, newValue - preparationSteps)
    }
  }

  private var preparationSteps: Int { stages.last?.steps.upperBound ?? 0 }

  private func stage(of clock: TrainingClock) -> Stage? { stages.first { $0.steps.contains(clock.step) } }

  /// The stage of a method, or `distillation`.
  public func stage(at clock: TrainingClock) -> String? { stage(of: clock)?.name ?? PreparedProgram.jointStageName }

  /// A stage's own rate where it has one, as its milestones have it.
  public func learningRate(at clock: TrainingClock, planned: Double) -> Double {
    guard let stage = stage(of: clock) else { return planned }
    let epoch = (clock.step - stage.steps.lowerBound) / max(1, clock.stepsPerEpoch)
    let falls = stage.preparation.milestones.count { epoch >= $0 }
    return (0..<falls).reduce(stage.preparation.learningRate ?? planned) { rate, _ in rate * 0.1 }
  }

  /// In a stage a term has no weight beside others, and the rate may be the method's own.
  public func remedy(for term: String, at clock: TrainingClock) -> String {
    guard let stage = stage(of: clock) else { return joint.remedy(for: term, at: clock) }
    let rate =
      stage.preparation.learningRate == nil
      ? "training.learning-rate" : "the stage's learning rate, an option of \(stage.term.name),"
    return "lower \(rate) or set clip-norm"
  }

  /// One step of the stage that the clock says.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    guard let index = stages.firstIndex(where: { $0.steps.contains(clock.step) }) else {
      let time = clock.shifted(by: preparationSteps)
      return try joint.step(batch, time, learningRate: learningRate, random: random) + stages.map { _ in .nan }
    }
    let stage = stages[index]
    let value = try prepare(stage, batch, clock, learningRate, random)
    return joint.termNames.map { _ in .nan } + stages.indices.map { $0 == index ? value : .nan }
  }

  private func prepare(
    _ stage: Stage, _ batch: Batch, _ clock: TrainingClock, _ learningRate: Float, _ random: Philox
  ) throws -> Float {
    var passes = StepPasses(student: joint.student, teacher: joint.teacher, terms: [stage.term], metrics: joint.metrics)
    if case .own = stage.preparation.trains { passes.runsStudent = false } else { passes.stopsWhenFound = true }
    let time = TrainingClock(
      step: clock.step - stage.steps.lowerBound, epochs: stage.preparation.epochs, stepsPerEpoch: clock.stepsPerEpoch)
    let seen = try passes.run(batch, time, random: random)
    let loss = LossTerm(stage.name, stage.preparation.loss(seen.steps[0]), weight: 1)
    return try [loss].descend(batch, stage.optimizer, learningRate: learningRate, clipNorm: joint.clipNorm) {
      [joint] in
      joint.student.namedParameters + joint.terms.namedParameters
    }[0]
  }

  /// How the terms pulled at the student's weights in the joint training since the last call.
  public func takeTermGradients() -> [TermGradient] { joint.takeTermGradients() }

  /// What the methods told beside their losses since the last call, in all stages.
  public func takeMetrics() -> [TermMetric] { joint.takeMetrics() }
}

extension Preparation {
  /// The parameters that the stage trains.
  func trained(of student: any Network) -> [Parameter] {
    switch trains {
    case .own(let parameters): parameters
    case .student(upTo: let layer, and: let parameters):
      student.parameters(dividedAt: layer).before.filter(\.role.isTrainable) + parameters
    }
  }
}

extension TrainingClock {
  /// The clock of a stage that starts after some steps.
  func shifted(by steps: Int) -> TrainingClock {
    TrainingClock(
      step: step - steps, epochs: max(1, epochs - steps / max(1, stepsPerEpoch)), stepsPerEpoch: stepsPerEpoch)
  }
}
