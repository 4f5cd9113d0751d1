import NeuralNetworks
import Support
import Tensors

/// Teacher-free distillation with a hand-made teacher (Tf-KD_reg: Yuan et al., "Revisiting Knowledge Distillation via
/// Label Smoothing Regularization", CVPR 2020, arXiv 1909.11723, eq. 9).
///
/// The virtual teacher is right with probability a. In the paper both sides are softened by T. The released code, which
/// gave the published numbers, takes the softmax of the *probabilities* over T, almost flat at T = 20, and leaves the
/// student at temperature 1; no T² in either.
public final class TfKDReg: DistillationMethod, TensorLoss {
  /// `tfkd-reg`.
  public static let entry = CatalogEntry(
    "tfkd-reg", "a virtual teacher that is always almost certain of the label",
    paper: "Yuan, Tay, Li, Wang & Feng, Revisiting Knowledge Distillation via Label Smoothing, CVPR 2020",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2020"), StepPart.fact(.logits, .labels),
      (key: "needs", value: "labels, at least 2 classes"),
      (key: "formula", value: "mean_B KL(softmax(u/T) ‖ softmax(z_s)), u = a at the label, (1 − a)/(C − 1) elsewhere"),
      (key: "recipe", value: "- { method: tfkd-reg, weight: 0.1 }   with labels: { weight: 0.9 }"),
    ],
    options: [temperature.option, probability.option, form.option, multiplier.option])
  /// How both sides are softened.
  enum Form: String, OptionChoice { case code, paper }
  private static let temperature = OptionKey.number("temperature", 0.05...1000, default: 20, "T; no unit")
  private static let probability = OptionKey.number(
    "probability", 0.5...0.9999, default: 0.99, "a, how sure the teacher is")
  private static let form = OptionKey.choice(
    "form", default: Form.code, "the code's, or the paper's: softmax(log u / T) and student at T")
  private static let multiplier = OptionKey.number(
    "multiplier", 0...1e6,
    "what the code multiplies its mean over images and classes by; the classes, so that it is mean_B, unless given")
  /// The student's logits, labels.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("labels", "B", .integers)]

  private let options: Options

  /// - Throws: ``InputError`` if there is one class.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try Self.check(setup.student.specification.classes, options, at: setup.place)
  }

  /// Nothing.
  public static let teacherNeed = TeacherNeed.nothing

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let student = try inputs.tensor("student.logits")
    try check(student.shape[1], options, at: inputs.place)
    return single(value(student, try inputs.labels(student.shape[1]), options))
  }

  private static func check(_ classes: Int, _ options: Options, at place: String) throws {
    guard classes >= 2 else {
      throw InputError(place, "there is one class", remedy: "a virtual teacher needs at least 2")
    }
    if options[Self.form] == .paper, options[Self.multiplier] != nil {
      throw InputError(place, "the paper's form has no multiplier", remedy: "drop it, or take form: code")
    }
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(step.studentLogits, step.batch.labels, options) }

  private static func value(_ logits: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let (temperature, sure) = (Float(options[Self.temperature]), Float(options[Self.probability]))
    let isPaper = options[Self.form] == .paper
    let classes = logits.shape[1]
    let rest = (1 - sure) / Float(classes - 1)
    let teacher = oneHot(labels, classes: classes) * (sure - rest) + rest
    let scores = withoutRecording { (isPaper ? teacher.log() : teacher) / temperature }
    let own = (isPaper ? logits / temperature : logits).logSoftmax()
    let value = divergenceOfRows(own, from: withoutRecording { scores.logSoftmax() }).mean()
    guard let multiplier = options[Self.multiplier] else { return value }
    return value * (Float(multiplier) / Float(classes))
  }
}
