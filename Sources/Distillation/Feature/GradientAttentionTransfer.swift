import NeuralNetworks
import Support
import Tensors

/// Attention transfer, gradient form (Zagoruyko & Komodakis, "Paying More Attention to Attention", ICLR 2017, arXiv
/// 1612.03928, eq. 3 and 5; from the paper, which has no code for it).
///
/// ½ mean_B ‖J_s − J_t‖², J the gradient of each network's cross-entropy with the label with respect to the image; with
/// `flip` as much of ½ mean_B ‖J_s(x) − flip J_s(flip x)‖². The update needs second derivatives of the student.
public final class GradientAttentionTransfer: DistillationMethod, TensorLoss {
  /// `attention-transfer-gradient`.
  public static let entry = CatalogEntry(
    "attention-transfer-gradient", "which pixels the label's cross-entropy is sensitive to",
    paper: "Zagoruyko & Komodakis, Paying More Attention to Attention, ICLR 2017",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2017"), StepPart.fact(.logits, .labels, .inputGradients),
      (
        key: "needs",
        value: "images, logits of both networks, equal classes, labels; two to three times the time of a step"
      ),
      (key: "formula", value: "½ mean_B ‖J_s − J_t‖², J = ∂CE/∂x of each image"),
      (key: "recipe", value: "- { method: attention-transfer-gradient, weight: 1 }"),
    ],
    options: [flip.option])
  private static let flip = OptionKey.flag(
    "flip", default: false, "whether the student's map of a mirrored image should be its mirrored map")
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

  /// The loss of tensors, without the mirrored part.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(
      distance(try inputs.tensor("student.input_gradients"), try inputs.tensor("teacher.input_gradients").detached()))
  }

  /// The squared distances.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    func entropy(_ logits: Tensor) -> Tensor { -logits.logSoftmax().picked(step.batch.labels).sum() }
    let own = step.studentInputGradients(of: entropy)
    let value = Self.distance(own, step.teacherInputGradients(of: entropy))
    guard options[Self.flip] else { return value }
    let images = withoutRecording { Self.mirrored(step.batch.images) }
    images.setRequiresGradient(true)
    let logits = step.student(images, step.furtherStudentPass(updatesStatistics: false))
    let other = gradients(of: entropy(logits), with: [images], keepsTape: true, recordsAgain: true)[0]
    return value + Self.distance(own, Self.mirrored(other))
  }

  private static func distance(_ a: Tensor, _ b: Tensor) -> Tensor {
    (a - b).flattened.sumOfSquares(alongAxes: [1]).mean() * 0.5
  }

  private static func mirrored(_ images: Tensor) -> Tensor {
    images.taken((0..<images.shape[2]).reversed(), alongAxis: 2)
  }
}
