import NeuralNetworks
import Support
import Tensors

/// Boundary supporting samples (BSS: Heo, Lee, Yun & Choi, "Knowledge Distillation with Adversarial Samples Supporting
/// Decision Boundary", AAAI 2019, arXiv 1805.05532).
///
/// Images of which both networks are right are moved over the teacher's boundary to another class; there the student
/// learns −mean Σ_C softmax(z_t/T) log softmax(z_s/T), without T². The released code adds the same on the images
/// themselves: r(e)·L_kd + r_a(e)·L_bss, r(e) = 3(1 − e/E) + 1, r_a(e) = max(2(1 − 4e/3E), 0). AberHu's
/// re-implementation compares probabilities, takes KL divergences, has no L_kd, and begins after epoch 10 with
/// max(2(1 − 5(e − 1)/4E), 0).
public final class BSS: DistillationMethod, TensorLoss {
  /// `bss`.
  public static let entry = CatalogEntry(
    "bss", "softened logits on images moved across the teacher's decision boundaries",
    paper:
      "Heo, Lee, Yun & Choi, Knowledge Distillation with Adversarial Samples Supporting Decision Boundary, AAAI 2019",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2019"),
      StepPart.fact(.logits, .labels, .indices, .images),
      (
        key: "needs",
        value: "images, logits of both networks, equal classes, at least 2, labels; ten gradients of the teacher a step"
      ),
      (key: "formula", value: "r(e) L_kd + r_a(e) L_bss, L = −mean Σ_C softmax(z_t/T) log softmax(z_s/T)"),
      (key: "recipe", value: "- { method: bss, weight: 1 }"),
    ],
    options: [temperature.option, variant.option, attackSize.option, steps.option, rate.option])
  /// Whose code is followed.
  enum Variant: String, OptionChoice { case code, aberhu }
  private static let temperature = OptionKey.number("temperature", 0.05...1000, default: 3, "T; no unit")
  private static let variant = OptionKey.choice("variant", default: Variant.code, "the released code, or AberHu's")
  private static let attackSize = OptionKey.integer(
    "attack-size", 1...65_536, default: 64, "most images moved in a step")
  private static let steps = OptionKey.integer("steps", 1...1000, default: 10, "most steps of a move")
  private static let rate = OptionKey.number("rate", 1e-6...100, default: 0.3, "η of a move")
  /// Logits of both on the moved images.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("teacher.logits", "B C")]

  private let options: Options
  private let attack: BoundaryAttack
  private let isZoo: Bool

  /// - Throws: ``InputError`` if the class counts differ or there is one class.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    try setup.requireImages(for: Self.entry)
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    guard setup.student.specification.classes >= 2 else {
      throw InputError(setup.place, "there is one class", remedy: "bss moves images to another one: it needs 2")
    }
    isZoo = options[Self.variant] == .aberhu
    attack = BoundaryAttack(
      steps: options[Self.steps], rate: Float(options[Self.rate]), usesProbabilities: isZoo)
  }

  /// The loss of tensors on moved images.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.logits"), try inputs.tensor("teacher.logits"), options))
  }

  /// Both parts with their weights of the epoch.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let weights = weights(at: step.clock)
    let plain =
      weights.plain > 0 ? Self.value(step.studentLogits, step.teacherLogits, options) * weights.plain : .zeros(.scalar)
    guard weights.moved > 0 else { return plain }
    let choice = BoundaryChoice(step, limit: options[Self.attackSize])
    guard !choice.rows.isEmpty else { return plain }
    let images = withoutRecording { step.batch.images.detached().taken(choice.rows, alongAxis: 0) }
    let moved = attack.moved(images, from: choice.base, to: choice.targets, by: step.teacher)
    let logits = step.student(moved, step.furtherStudentPass())
    return plain + Self.value(logits, step.teacher.logits(moved), options) * weights.moved
  }

  /// The weights fall over the whole training.
  public var dependsOnLength: Bool { true }

  /// Weights of the loss on the images and on the moved ones, e counted from 1.
  package func weights(at clock: TrainingClock) -> (plain: Float, moved: Float) {
    let (epoch, epochs) = (Double(clock.epoch + 1), Double(max(1, clock.epochs)))
    guard isZoo else {
      return (Float(max(3 * (1 - epoch / epochs), 0) + 1), Float(max(2 * (1 - 4 / 3 * epoch / epochs), 0)))
    }
    return (0, epoch <= 10 ? 0 : Float(max(2 * (1 - 1.25 * (epoch - 1) / epochs), 0)))
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let temperature = Float(options[Self.temperature])
    let own = student.logSoftmax(temperature: temperature)
    let target = withoutRecording { teacher.logSoftmax(temperature: temperature) }
    if options[Self.variant] == .aberhu { return divergenceOfRows(own, from: target).mean() }
    return -expectationOfRows(own, under: withoutRecording { target.exp() }).mean()
  }
}
