import NeuralNetworks
import Support
import Tensors

/// Sobolev training by matching Jacobians (Czarnecki et al., "Sobolev Training for Neural Networks", NeurIPS 2017, arXiv
/// 1706.04859; Srinivas & Fleuret, "Knowledge Transfer with Jacobian Matching", ICML 2018, arXiv 1803.00443, eq. 7).
///
/// How one logit of each network answers to the pixels: mean_{B,D} (g_s/‖g_s‖ − g_t/‖g_t‖)², g the gradient of the
/// label's logit (or the teacher's likeliest class') with respect to the image. With projections: of ⟨v, z⟩ for random
/// unit vectors v of each image, the same for both networks. The update needs second derivatives of the student.
public final class SobolevTraining: DistillationMethod, TensorLoss {
  /// `sobolev`.
  public static let entry = CatalogEntry(
    "sobolev", "how a logit responds to the pixels: directions of input gradients",
    paper: "Czarnecki et al., Sobolev Training for Neural Networks, NeurIPS 2017",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2017"),
      StepPart.fact(.logits, .labels, .inputGradients),
      (
        key: "needs",
        value: "images, logits of both networks, equal classes, labels; two to three times the time of a step"
      ),
      (key: "formula", value: "mean_{B,D} (g_s/‖g_s‖ − g_t/‖g_t‖)², g = ∂z_y/∂x"),
      (key: "recipe", value: "- { method: sobolev, weight: 20 }"),
    ],
    options: [asked.option, reduction.option, projections.option])
  /// How the pixels of an image are put together.
  enum Reduction: String, OptionChoice { case mean, sum }
  private static let asked = AskedClass.key("Srinivas & Fleuret")
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.mean, "over an image's pixels; over images the mean")
  private static let projections = OptionKey.integer(
    "projections", 1...1000, "random projections of the logits instead of one logit; none unless given")
  /// Gradients of both networks with respect to the images.
  public static let inputs = LossInput.inputGradients

  private let options: Options

  /// - Throws: ``InputError`` if the class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    try setup.requireImages(for: Self.entry)
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
  }

  /// Yes.
  public var needsImageGradients: Bool { true }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(
      value(
        try inputs.tensor("student.input_gradients"), try inputs.tensor("teacher.input_gradients"), options))
  }

  /// The mean over the projections, or of the one class.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let scores = scores(step)
    return scores.map { score in
      Self.value(step.studentInputGradients(of: score), step.teacherInputGradients(of: score), options)
    }.summed / Float(scores.count)
  }

  private func scores(_ step: KnowledgeStep) -> [(Tensor) -> Tensor] {
    guard let count = options[Self.projections] else {
      let classes = step.classes(options[Self.asked])
      return [{ $0.picked(classes).sum() }]
    }
    let shape = step.teacherLogits.shape
    let vectors = withoutRecording {
      Tensor.normal([count * shape[0], shape[1]], step.random).normalized(alongAxis: 1)
    }
    return (0..<count).map { place in
      let own = vectors.slice(place * shape[0]..<(place + 1) * shape[0], alongAxis: 0)
      return { ($0 * own).sum() }
    }
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    guard options[Self.reduction] == .mean else { return directionDistance(student, teacher) }
    let (own, other) = directions(student, teacher)
    return meanSquaredError(own, other)
  }
}
