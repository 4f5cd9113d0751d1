import NeuralNetworks
import Support
import Tensors

/// Multi-level logit distillation (MLKD: Jin, Wang & Lin, CVPR 2023): images, classes and batches compared at five
/// temperatures, on a weakly and a strongly augmented view.
///
/// With K the divergence of `kd`, P = softmax(z/u) and both masks from the teacher's weak probabilities at temperature 1:
/// an image counts where its largest probability is at most the median over the batch, a class where its sum is at most
/// the median over the classes. The released code multiplies means by the masks' means, takes the weak logits for the
/// strong ones at temperatures 2 and 6, and leaves the strong Gram matrices out; `variant: paper` does none of the three.
public final class MLKD: DistillationMethod, TensorLoss {
  /// `mlkd`.
  public static let entry = CatalogEntry(
    "mlkd", "logits of two views, compared by image, by class and by batch at five temperatures",
    paper: "Jin, Wang & Lin, Multi-Level Logit Distillation, CVPR 2023",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2023"), StepPart.fact(.logits, .images),
      (
        key: "needs",
        value: "logits of both networks on two views, equal classes; cross-entropy is summed over the views"
      ),
      (
        key: "formula",
        value: "m Σ_u K_weak(u) + Σ_u K_strong(u) + n/C Σ_u ‖P_t'P_t − P_s'P_s‖² + m/B Σ_u ‖P_tP_t' − P_sP_s'‖²"
      ),
      (key: "recipe", value: "- { method: mlkd, weight: 0.9 }   with labels: { weight: 0.1 }"),
    ],
    options: [temperature.option, variant.option, standardisation.option])
  /// What is followed where the released code and the paper differ.
  enum Variant: String, OptionChoice { case code, paper }
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 4, "T0, beside 3, 5, 2 and 6; no unit")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.code,
    "as the released code runs, or with masks per image and class and both views everywhere")
  private static let standardisation = OptionKey.flag(
    "logit-standardisation", default: false, "whether the divergences' logits are standardised per image (CVPR 2024)")
  /// Logits of both views; labels belong to the file and are not read.
  public static let inputs = [
    LossInput("student.weak.logits", "B C"), LossInput("student.strong.logits", "B C"),
    LossInput("teacher.weak.logits", "B C"), LossInput("teacher.strong.logits", "B C"),
    LossInput("labels", "B", .integers, isOptional: true),
  ]

  private let options: Options

  /// - Throws: ``InputError`` if the class counts differ, or there is one class and logits are standardised.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    try Self.requireClasses(setup.student.specification.classes, options, at: setup.place)
  }

  /// Each image a second time, strongly augmented.
  public var view: BatchView { .strong }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func pair(_ view: String) throws -> LogitsPair {
      LogitsPair(try inputs.tensor("student.\(view).logits"), try inputs.tensor("teacher.\(view).logits"))
    }
    let weak = try pair("weak")
    try requireClasses(weak.student.shape[1], options, at: inputs.place)
    return terms(weak, try pair("strong"), options)
  }

  /// The sum of the three levels.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    guard let strong = step.strong else { preconditionFailure("mlkd: the program gave no strong view") }
    return Self.terms(
      LogitsPair(step.studentLogits, step.teacherLogits), LogitsPair(strong.studentLogits, strong.teacherLogits),
      options
    ).total
  }

  private static func terms(_ weak: LogitsPair, _ strong: LogitsPair, _ options: Options) -> [LossTerm] {
    let temperatures = [Float(options[Self.temperature]), 3, 5, 2, 6]
    let isStandardized = options[Self.standardisation]
    let masks = LevelMasks(weak.teacher)
    let parts: [(divergence: Tensor, classes: Tensor, batch: Tensor)] = temperatures.enumerated().map { place, t in
      let scale = t * t
      func divergences(_ view: LogitsPair) -> Tensor { view.divergences(t, standardized: isStandardized) * scale }
      let gaps = weak.gramGaps(t)
      if options[Self.variant] == .paper {
        let others = strong.gramGaps(t)
        return (
          (chosen(where: masks.images, divergences(weak), Tensor(0)) + divergences(strong)).mean(),
          (gaps.classes * masks.classes + others.classes).mean(), (gaps.images * masks.images + others.images).mean()
        )
      }
      let second = place < 3 ? strong : weak
      return (
        divergences(weak).mean() * masks.imageShare + divergences(second).mean(),
        gaps.classes.mean() * masks.classShare, gaps.images.mean() * masks.imageShare
      )
    }
    return [
      LossTerm("kd", parts.map(\.divergence).summed, weight: 1),
      LossTerm("class", parts.map(\.classes).summed, weight: 1),
      LossTerm("batch", parts.map(\.batch).summed, weight: 1),
    ]
  }

  private static func requireClasses(_ classes: Int, _ options: Options, at place: String) throws {
    if classes < 2, options[Self.standardisation] {
      throw InputError(place, "there is one class", remedy: "logit-standardisation needs at least 2")
    }
  }
}
