import Models
import NeuralNetworks
import Support
import Tensors

/// Be your own teacher (BYOT: Zhang, Song, Gao, Chen, Bao & Ma, ICCV 2019, arXiv 1905.08094, eq. 3 to 6).
///
/// Σ_i (1 − α) CE(z_i) + α T² mean_B KL(softmax(z / T) ‖ softmax(z_i / T)) + β mean_B Σ_D (f_i − f)² over exits behind all
/// stages of the student but the last; z and f, the student's own logits and pooled last map, are constants. Places where
/// neither f_i nor f is above zero count for nothing. Exits are parts of the training alone: the student is deployed, and
/// kept in checkpoints, without them.
public final class BYOT: DistillationMethod, TensorLoss {
  /// `byot`.
  public static let entry = CatalogEntry(
    "byot", "the student's own last stage, which teaches exits behind the earlier ones",
    paper: "Zhang, Song, Gao, Chen, Bao & Ma, Be Your Own Teacher, ICCV 2019",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2019"), StepPart.fact(.logits, .features, .labels),
      (key: "needs", value: "nothing of a teacher; a student of at least 2 stages"),
      (
        key: "formula",
        value: "Σ_i (1 − α) CE(z_i) + α T² mean_B KL(softmax(z / T) ‖ softmax(z_i / T)) + β mean_B Σ_D (f_i − f)²"
      ),
      (key: "trainable", value: "an exit behind each stage but the last: three convolutions and a linear layer"),
      (key: "recipe", value: "- { method: byot, weight: 1 }   with labels: { weight: 1 }"),
    ],
    options: [temperature.option, alpha.option, beta.option])
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 3, "T, softens both distributions")
  private static let alpha = OptionKey.number(
    "alpha", 0...1, "share of the divergence against the labels of exits; 0.1 unless given (loss: 0.3)")
  private static let beta = OptionKey.number(
    "beta", 0...1e6,
    "weight of the vectors' distance, whose mean over the batch is taken; 1.28e-4 unless given (loss: 0.03)")
  /// Logits and vectors of the student and of its exits.
  public static let inputs = [
    LossInput("student.logits", "B C"), LossInput("student.embedding", "B D"),
    LossInput("student.branches.*.logits", "B C"), LossInput("student.branches.*.embedding", "B D"),
  ]

  private let options: Options
  private let alpha: Float
  private let exits: [(point: FeaturePoint, exit: BYOTExit)]
  private let last: FeaturePoint

  /// - Throws: ``InputError`` for a student of a single stage.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    alpha = Float(options[Self.alpha] ?? 0.1)
    let stages = setup.student.stages
    guard let end = stages.last, stages.count > 1 else {
      throw InputError(
        setup.place, "\(setup.student.specification.name) has no stage before its last one",
        remedy: "byot needs exits: take a network of at least 2 stages")
    }
    last = FeaturePoint(end.name)
    exits = stages.dropLast().map { stage in
      (
        FeaturePoint(stage.name),
        BYOTExit(stage.output, to: end.output, classes: setup.student.specification.classes, setup.initialiser)
      )
    }
  }

  /// The ends of all stages.
  public var studentFeatures: Set<FeaturePoint> { Set(exits.map(\.point) + [last]) }
  /// The exits.
  public var modules: [(name: String, module: any Module)] { exits.enumerated().map { ("exits.\($0)", $1.exit) } }
  /// Nothing.
  public static let teacherNeed = TeacherNeed.nothing

  /// The loss of tensors without the labels of the exits, terms `logits` and `features`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let logits = try inputs.series("student.branches", ".logits")
    let vectors = try inputs.series("student.branches", ".embedding")
    guard logits.count == vectors.count else {
      throw InputError(
        inputs.place, "there are logits of \(logits.count) branches and embeddings of \(vectors.count)",
        remedy: "as many of both are needed")
    }
    return terms(
      try inputs.tensor("student.logits"), try inputs.tensor("student.embedding"), Array(zip(logits, vectors)),
      alpha: Float(options[Self.alpha] ?? 0.3), beta: Float(options[Self.beta] ?? 0.03), options)
  }

  /// The exits' labels, and what the last stage teaches them.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let answers = exits.map { $0.exit(step.studentPass.feature($0.point), step.studentPass) }
    note(answers.map(\.logits), step)
    let labels = answers.map { step.batch.crossEntropy($0.logits) }.summed
    let vector = withoutRecording { globalAveragePooling(step.studentPass.feature(last)) }
    let taught = Self.terms(
      step.studentLogits, vector, answers, alpha: alpha, beta: Float(options[Self.beta] ?? 1.28e-4), options)
    return labels * (1 - alpha) + taught.total
  }

  private static func terms(
    _ logits: Tensor, _ vector: Tensor, _ exits: [(logits: Tensor, vector: Tensor)], alpha: Float, beta: Float,
    _ options: Options
  ) -> [LossTerm] {
    let temperature = Float(options[Self.temperature])
    let target = withoutRecording { logits.logSoftmax(temperature: temperature) }
    let vector = vector.detached()
    let divergences = exits.map { exit in
      divergenceOfRows(exit.logits.logSoftmax(temperature: temperature), from: target).mean()
    }
    let distances = exits.map { exit in
      let counts = withoutRecording { exceeds(exit.vector.relu() + vector.relu(), Tensor(0)) }
      return ((exit.vector - vector).squared() * counts).sum() / Float(vector.shape[0])
    }
    return [
      LossTerm("logits", divergences.summed * (temperature * temperature), weight: alpha),
      LossTerm("features", distances.summed, weight: beta),
    ]
  }

  private func note(_ logits: [Tensor], _ step: KnowledgeStep) {
    let labels = step.batch.labels
    func share(_ logits: Tensor) -> Double { agreement(logits.argmaxOfRows(), labels) }
    guard logits[0].shape[0] == labels.count else { return }
    for (place, answer) in logits.enumerated() {
      step.note("training accuracy of exit \(place + 1)") { share(answer) }
    }
    step.note("training accuracy of the mean logits") { share((logits + [step.studentLogits]).summed) }
  }
}

/// A bottleneck that brings a stage's map to the size of the last one's, and a classifier on its mean.
final class BYOTExit: Module {
  private let convolutions: [Convolution2D]
  private let norms: [BatchNormalization2D]
  private let classifier: Linear

  /// - Parameters:
  ///   - stage: shape of the stage's map, [height, width, channels].
  ///   - end: shape of the last stage's.
  ///   - classes: how many there are.
  ///   - initialiser: gives the weights.
  init(_ stage: Shape, to end: Shape, classes: Int, _ initialiser: Initialiser) {
    let ratio = max(1, min(stage[0] / max(1, end[0]), stage[1] / max(1, end[1])))
    let middle = max(1, end[2] / 4)
    convolutions = [
      Convolution2D(stage[2], middle, kernel: 1, bias: true, initialiser),
      Convolution2D(middle, middle, kernel: ratio, stride: ratio, bias: true, initialiser),
      Convolution2D(middle, end[2], kernel: 1, bias: true, initialiser),
    ]
    norms = [middle, middle, end[2]].map { BatchNormalization2D($0) }
    classifier = Linear(end[2], classes, initialiser)
  }

  /// [batch, height, width, channels] → logits [batch, classes] and the vector [batch, channels of the last stage].
  func callAsFunction(_ map: Tensor, _ pass: ForwardPass) -> (logits: Tensor, vector: Tensor) {
    var x = map
    for (convolution, norm) in zip(convolutions, norms) { x = norm(convolution(x), pass, relu: true) }
    let vector = globalAveragePooling(x)
    return (classifier(vector), vector)
  }

  func visit(_ visitor: ParameterVisitor) {
    for (place, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      visitor.visit("conv\(place + 1)", convolution)
      visitor.visit("bn\(place + 1)", norm)
    }
    visitor.visit("fc", classifier)
  }
}
