import NeuralNetworks
import Support
import Tensors

/// Label smoothing as the reference without a teacher (Szegedy et al., CVPR 2016, arXiv 1512.00567; Yuan et al.,
/// "Revisiting Knowledge Distillation via Label Smoothing Regularization", CVPR 2020, arXiv 1909.11723).
///
/// It shows how much of a method's gain is regularisation. It replaces the cross-entropy: give `labels` the weight 0.
public final class LabelSmoothing: DistillationMethod, TensorLoss {
  /// `label-smoothing`.
  public static let entry = CatalogEntry(
    "label-smoothing", "labels smoothed over all classes, without a teacher: how much is regularisation?",
    paper: "Szegedy, Vanhoucke, Ioffe, Shlens & Wojna, Rethinking the Inception Architecture, CVPR 2016",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2016"), StepPart.fact(.logits, .labels),
      (key: "needs", value: "labels, at least 2 classes"),
      (
        key: "formula",
        value: "−mean_B Σ_C q log p_s, q = (1 − ε) onehot + ε/C; spread others: ε/(C − 1) beside the label"
      ),
      (key: "recipe", value: "- { method: label-smoothing, smoothing: 0.1, weight: 1 }   with labels: { weight: 0 }"),
    ],
    options: [smoothing.option, spread.option])
  /// Which classes have a part of ε.
  enum Spread: String, OptionChoice { case all, others }
  private static let smoothing = OptionKey.number("smoothing", 0...0.99, default: 0.1, "ε, share taken from the label")
  private static let spread = OptionKey.choice("spread", default: Spread.all, "whether the label has part of ε, too")
  /// The student's logits, labels.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("labels", "B", .integers)]

  private let options: Options

  /// - Throws: nothing; the teacher is not asked.
  public init(_ options: Options, _ setup: MethodSetup) throws { self.options = options }

  /// Nothing.
  public static let teacherNeed = TeacherNeed.nothing

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let student = try inputs.tensor("student.logits")
    return single(value(student, try inputs.labels(student.shape[1]), options))
  }

  /// The cross-entropy in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(step.studentLogits, step.batch.labels, options) }

  private static func value(_ logits: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let smoothing = Float(options[Self.smoothing])
    let classes = logits.shape[1]
    // ε/(C − 1) beside the label is ε·C/(C − 1) of the even spread.
    let even =
      options[Self.spread] == .others && classes > 1 ? smoothing * Float(classes) / Float(classes - 1) : smoothing
    return crossEntropy(logits, labels, smoothing: even)
  }
}
