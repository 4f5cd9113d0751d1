import Models
import NeuralNetworks
import Support
import Tensors

/// Self-supervision (SSKD: Xu, Liu, Li & Loy, "Knowledge Distillation Meets Self-Supervision", ECCV 2020,
/// arXiv 2006.07114, eq. 2 to 9, as its code has it).
///
/// Each image comes upright and turned by 90°, 180° and 270°. A head behind each network's vector (linear, ReLU, linear)
/// says by cosine which upright image a turned one is of; the teacher's is trained first, by cross-entropy, with the teacher
/// frozen. The student then learns the teacher's logits of upright and turned images, T² KL, and its cosines, τ² KL with the
/// softmax over the upright images. Of the turned ones that the teacher gets wrong only the least wrong teach. Left to the
/// caller: the label term, which the paper weighs with 0.1.
public final class SSKD: DistillationMethod, TensorLoss {
  /// `sskd`.
  public static let entry = CatalogEntry(
    "sskd", "logits of rotated images, and which image a rotated one comes from",
    paper: "Xu, Liu, Li & Loy, Knowledge Distillation Meets Self-Supervision, ECCV 2020",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2020"),
      StepPart.fact(.logits, .features, .images),
      (key: "needs", value: "a vector and logits of each network; square images; four times the work"),
      (
        key: "formula",
        value: "0.9 T²KL(z_t ‖ z_s) + 2.7 T²KL of turned images + 10 τ²KL(softmax(A_t/τ) ‖ softmax(A_s/τ)), A = cosines"
      ),
      (key: "trainable", value: "a head of two linear layers on each network"),
      (key: "stages", value: "the teacher's head first, then the student with its own"),
      (key: "recipe", value: "- { method: sskd, weight: 1 }   # with labels: { weight: 0.1 }"),
    ],
    options: SSKDTerms.options + [headEpochs.option, headRate.option] + EmbeddingPair.options)
  private static let headEpochs = OptionKey.integer(
    "head-epochs", 1...100_000, default: 60, "epochs of the teacher's head")
  private static let headRate = OptionKey.number(
    "head-rate", 1e-9...100, default: 0.05, "its learning rate, a tenth from half-way on, again after ¾")
  /// Four rows for each image: logits, and what the heads give.
  public static let inputs = [
    LossInput("student.logits", "R C"), LossInput("teacher.logits", "R C"), LossInput("student.projection", "R D"),
    LossInput("teacher.projection", "R E"), LossInput("labels", "B", .integers),
  ]

  private let options: Options
  private let pair: EmbeddingPair
  private let heads: (student: ProjectionHead, teacher: ProjectionHead)

  /// - Throws: ``InputError`` if a layer does not exist or the class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    pair = try EmbeddingPair(options, setup, Self.entry.name)
    heads = (
      ProjectionHead(pair.studentWidth, setup.initialiser), ProjectionHead(pair.teacherWidth, setup.initialiser)
    )
  }

  /// Four rotations of each image.
  public var view: BatchView { .rotations }
  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// Two: a turned image of one can only be of that one.
  public let fewestImages = 2
  /// Both heads.
  public var modules: [(name: String, module: any Module)] {
    [("head.student", heads.student), ("head.teacher", heads.teacher)]
  }
  /// The student's head; the teacher's is ready by then.
  public var parameters: [(name: String, parameter: Parameter)] { heads.student.named("head.student") }
  /// The teacher's head learns which image a turned one is of.
  public var preparation: Preparation? {
    let epochs = options[Self.headEpochs]
    return Preparation(
      "teacher-head", epochs: epochs, trains: .own(heads.teacher.trainableParameters),
      learningRate: options[Self.headRate], milestones: [epochs / 2, epochs * 3 / 4]
    ) { [pair, heads] step in
      SSKDTerms.contrastLoss(heads.teacher(pair.teacherVector(step)))
    }
  }

  /// The loss of tensors, terms `logits`, `rotated` and `contrast`, and `labels` where it has a weight.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (own, other) = (try inputs.tensor("student.logits"), try inputs.tensor("teacher.logits"))
    let labels = try inputs.labels(own.shape[1])
    guard own.shape[0] == 4 * labels.count else {
      throw InputError(
        inputs.place, "there are \(own.shape[0]) rows of logits for \(labels.count) labels",
        remedy: "four rotations of each image are needed")
    }
    return SSKDTerms(
      student: (own, try inputs.tensor("student.projection")),
      teacher: (other, try inputs.tensor("teacher.projection")), labels: labels
    ).terms(options)
  }

  /// Logits and cosines, weighted.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return SSKDTerms(
      student: (step.studentLogits, heads.student(student)),
      teacher: (step.teacherLogits, withoutRecording { heads.teacher(teacher) }), labels: step.batch.labels
    ).terms(options).total
  }
}

/// Linear, ReLU, linear, all of one width.
private final class ProjectionHead: Module {
  private let first: Linear
  private let second: Linear

  init(_ width: Int, _ initialiser: Initialiser) {
    first = Linear(width, width, initialiser)
    second = Linear(width, width, initialiser)
  }

  /// [batch, width] → [batch, width].
  func callAsFunction(_ x: Tensor) -> Tensor { second(first(x).relu()) }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("first", first)
    visitor.visit("second", second)
  }

  func named(_ prefix: String) -> [(name: String, parameter: Parameter)] {
    namedParameters.map { (name: "\(prefix).\($0.name)", parameter: $0.parameter) }
  }
}
