import Models
import NeuralNetworks
import Support
import Tensors

/// Logit distillation (Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531).
///
/// T² · mean over the batch of KL(softmax(z_t / T) ‖ softmax(z_s / T)). Options: several teachers, averaged by their
/// probabilities or (Hinton's geometric mean) by their logits; the k largest targets alone; labels instead of a teacher
/// that is wrong (Meng et al., "Conditional Teacher-Student Learning", ICASSP 2019, arXiv 1904.12399, eq. 6).
public final class KD: DistillationMethod, TensorLoss {
  /// `kd`.
  public static let entry = CatalogEntry(
    "kd", "softened logits of the teacher",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, arXiv 1503.02531",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2015"), StepPart.fact(.logits),
      (key: "needs", value: "logits of both networks, equal classes"),
      (key: "formula", value: "T² · mean_B KL(softmax(z_t / T) ‖ softmax(z_s / T))"),
      (key: "recipe", value: "- { method: kd, temperature: 4, weight: 0.9 }   with labels: { weight: 0.1 }"),
    ],
    options: [
      SoftTargets.temperature.option, form.option, conditional.option, SoftTargets.standardisation.option,
      FurtherTeacher.key.option,
    ] + SoftTargets.options)
  /// Which loss the targets have.
  enum Form: String, OptionChoice { case kl, ce }
  private static let form = OptionKey.choice(
    "form", unlessGiven: Form.kl, "divergence, or cross-entropy with the target's entropy; kl unless given")
  private static let conditional = OptionKey.flag(
    "conditional",
    "whether an image of which the teacher is wrong has the label's cross-entropy instead; false unless given")
  /// Logits of both; labels where `conditional` is on, and those of further teachers where there are some.
  public static let inputs = [
    LossInput("student.logits", "B C"), LossInput("teacher.logits", "B C"),
    LossInput("further-teachers.*.logits", "B C", isOptional: true),
    LossInput("labels", "B", .integers, isOptional: true),
  ]

  private let options: Options
  private let targets: SoftTargets
  private let further: [any Network]

  /// - Throws: ``InputError`` if class counts differ, a checkpoint cannot be read or options do not go together.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    let paths = options[FurtherTeacher.key]
    targets = try SoftTargets(
      options, teachers: 1 + paths.count, classes: setup.student.specification.classes, at: setup.place)
    further = try paths.map(setup.readNetwork)
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let student = try inputs.tensor("student.logits")
    let others =
      inputs.has("further-teachers.0.logits") ? try inputs.series("further-teachers", ".logits") : []
    let teachers = [try inputs.tensor("teacher.logits")] + others
    let classes = student.shape[1]
    let targets = try SoftTargets(options, teachers: teachers.count, classes: classes, at: inputs.place)
    let labels = options[Self.conditional] ? try inputs.labels(classes) : []
    return single(value(student, teachers, labels, targets, options))
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let teachers = [step.teacherLogits] + further.map { $0.logits(step.batch.images) }
    return Self.value(step.studentLogits, teachers, step.batch.labels, targets, options)
  }

  private static func value(
    _ student: Tensor, _ teachers: [Tensor], _ labels: [Int], _ targets: SoftTargets, _ options: Options
  ) -> Tensor {
    let (own, target, classes) = targets.logProbabilities(student, teachers)
    let temperature = Float(options[SoftTargets.temperature])
    let rows =
      options[Self.form] == .ce
      ? -expectationOfRows(own, under: withoutRecording { target.exp() })
      : divergenceOfRows(own, from: target, isWhole: options[SoftTargets.kept] == nil)
    let scaled = rows * (temperature * temperature)
    guard options[Self.conditional] else { return scaled.mean() }
    let isRight = Tensor(zip(classes, labels).map { $0 == $1 ? 1 : 0 }, shape: [labels.count])
    return chosen(where: isRight, scaled, -student.logSoftmax().picked(labels)).mean()
  }
}
