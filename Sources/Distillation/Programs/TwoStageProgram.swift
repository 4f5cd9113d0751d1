import Models
import NeuralNetworks
import Support
import Tensors

/// Features first, then the classifier behind them (Cheng et al., "Explaining Knowledge Distillation by Quantifying the
/// Knowledge", CVPR 2020, section 4.1, as the authors' code does it).
///
/// Stage one trains the layers up to the distilled one by the terms alone: labels play no part, and the layers behind
/// do not run. Stage two trains the layers behind it with labels; all before is frozen, its batch normalisation
/// statistics too, and dropout acts in the trained part only. Left to the caller: how long each stage is, and the rates.
public final class TwoStageProgram: TrainingProgram {
  /// What the two stages are called in logs and figures.
  public static let stageNames = (features: "features", classifier: "classifier")

  /// The network that learns.
  public let student: any Network
  private let guide: any Network
  private let layer: String
  private let terms: [JointProgram.Term]
  private let featureSteps: Int
  private let clipNorm: Float?
  private let metrics = MetricSheet()
  private let frozen: [Parameter]
  private let features: any Optimizer
  /// nil where nothing lies behind the distilled layer.
  private let classifier: (any Optimizer)?

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: frozen here.
  ///   - terms: methods with weights; each learns from features, none from logits.
  ///   - featureSteps: steps of stage one; all later ones belong to stage two.
  ///   - clipNorm: limit on the global norm of the gradients.
  ///   - place: where the student stands in the recipe, for error lines.
  ///   - makeOptimizer: is called for each stage with the parameters that it trains.
  /// - Throws: ``InputError`` if a method learns from logits.
  public init(
    student: any Network, teacher: any Network, terms: [JointProgram.Term], featureSteps: Int, clipNorm: Float? = nil,
    at place: String, makeOptimizer: ([Parameter]) -> any Optimizer
  ) throws {
    self.student = student
    guide = teacher
    self.terms = terms
    self.featureSteps = featureSteps
    self.clipNorm = clipNorm
    layer = try TwoStageProgram.distilledLayer(of: student, terms.map(\.method), at: place)
    teacher.freeze()
    let parts = student.parameters(dividedAt: layer)
    frozen = parts.before
    features = makeOptimizer(parts.before.filter(\.role.isTrainable) + terms.parameters)
    let rest = parts.after.filter(\.role.isTrainable)
    classifier = rest.isEmpty ? nil : makeOptimizer(rest)
  }

  /// The layer at which the stages meet: the deepest one that a method looks at.
  ///
  /// - Parameters:
  ///   - student: the network that learns.
  ///   - methods: at least one.
  ///   - place: where the student stands in the recipe.
  /// - Returns: name of a probe point.
  /// - Throws: ``InputError`` if a method learns from logits.
  public static func distilledLayer(
    of student: any Network, _ methods: [any DistillationMethod], at place: String
  ) throws -> String {
    for method in methods where method.deployed != nil || method.companion != nil {
      let name = type(of: method).entry.name
      throw InputError(place, "\(name) does not go with a student of two stages", remedy: "use schedule: joint")
    }
    func needsLogits(_ method: any DistillationMethod) -> Bool {
      method.studentFeatures.isEmpty || StepPart.read(by: type(of: method).entry).contains(.logits)
    }
    for method in methods where needsLogits(method) {
      throw InputError(
        place, "\(type(of: method).entry.name) learns from logits, and a two-stage student learns features first",
        remedy: "use feature-l2, or schedule: joint")
    }
    let wanted = Set(methods.flatMap { $0.studentFeatures.map(\.layer) })
    guard let point = student.probePoints.last(where: { wanted.contains($0.name) }) else {
      throw InputError(place, "no term names a layer of the student", remedy: "add feature-l2 with layers: [NAME]")
    }
    return point.name
  }

  /// Whether anything is left to train behind a layer.
  ///
  /// - Parameters:
  ///   - layer: name of a probe point.
  ///   - student: the network.
  /// - Returns: false for the logits.
  public static func hasClassifier(behind layer: String, of student: any Network) -> Bool {
    student.parameters(dividedAt: layer).after.contains(where: \.role.isTrainable)
  }

  /// The network that teaches.
  public var teacher: (any Network)? { guide }

  /// `labels`, then the terms; what takes no part in a stage is not a number there.
  public var termNames: [String] { ["labels"] + terms.map(\.name) }

  /// As the methods ask for it, in both stages.
  public var batchOrder: BatchOrder { terms.batchOrder }

  /// Of the methods.
  public var fewestImages: Int { terms.fewestImages }

  /// Steps taken in both stages.
  public var steps: Int {
    get { features.steps + (classifier?.steps ?? 0) }
    set {
      features.steps = min(newValue, featureSteps)
      classifier?.steps = max(0, newValue - featureSteps)
    }
  }

  /// Both optimisers, projections and method state.
  public var state: [(name: String, tensor: Tensor)] {
    features.state.map { (name: "features.optimizer.\($0.name)", tensor: $0.tensor) }
      + (classifier?.state ?? []).map { (name: "classifier.optimizer.\($0.name)", tensor: $0.tensor) } + terms.state
  }

  /// What the methods told beside their losses since the last call.
  public func takeMetrics() -> [TermMetric] { metrics.take() }

  /// `features` or `classifier`.
  public func stage(at clock: TrainingClock) -> String? {
    clock.step < featureSteps ? TwoStageProgram.stageNames.features : TwoStageProgram.stageNames.classifier
  }

  /// One step of the stage that the clock says.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    clock.step < featureSteps
      ? [.nan] + (try learnFeatures(batch, clock, learningRate, random))
      : try learnClassifier(batch, learningRate, random) + terms.map { _ in .nan }
  }

  private func learnFeatures(_ batch: Batch, _ clock: TrainingClock, _ rate: Float, _ random: Philox) throws -> [Float]
  {
    let epochs = featureSteps / max(1, clock.stepsPerEpoch)
    let time = TrainingClock(step: clock.step, epochs: max(1, epochs), stepsPerEpoch: clock.stepsPerEpoch)
    let active = terms.filter { $0.method.takesPart(at: time) }
    guard !active.isEmpty else { return terms.map { _ in .nan } }
    let seen = try StepPasses(student: student, teacher: guide, terms: active, stopsWhenFound: true, metrics: metrics)
      .run(batch, time, random: random)
    let list = active.losses(seen.steps)
    let values = try list.descend(batch, features, learningRate: rate, clipNorm: clipNorm) { [student, terms] in
      student.namedParameters + terms.namedParameters
    }
    let known = Dictionary(uniqueKeysWithValues: zip(list.map(\.name), values))
    return terms.map { known[$0.name] ?? .nan }
  }

  private func learnClassifier(_ batch: Batch, _ rate: Float, _ random: Philox) throws -> [Float] {
    guard let classifier else { preconditionFailure("TwoStageProgram: nothing is left to train behind \(layer)") }
    for parameter in frozen where parameter.tensor.requiresGradient { parameter.tensor.setRequiresGradient(false) }
    let pass = ForwardPass(.training, frozenUpTo: layer, random: random)
    let logits = student(batch.images, pass)
    return try [LossTerm("labels", batch.crossEntropy(logits), weight: 1)]
      .descend(batch, classifier, learningRate: rate, clipNorm: clipNorm) { [student] in student.namedParameters }
  }
}
