import Foundation
import NeuralNetworks
import Support
import Tensors

/// Curriculum temperature (CTKD: Li et al., "Curriculum Temperature for Knowledge Distillation", AAAI 2023, arXiv
/// 2211.16231, eq. 3 and 7, as its code has it): `kd` at a temperature that is trained against the student.
///
/// T = start + end · sigmoid(θ), θ one number, trained by the student's optimiser. The gradient flows through T²,
/// both softmaxes and θ, where it is multiplied by λ ≤ 0: θ climbs while the student descends. λ falls along a half
/// cosine over the first epochs. The paper's temperature per image is left out: its code does not have it.
public final class CTKD: DistillationMethod, TensorLoss {
  /// `ctkd`.
  public static let entry = CatalogEntry(
    "ctkd", "softened logits at a learned temperature that makes the task progressively harder",
    paper: "Li, Li, Yang, Zhao, Song, Luo, Li & Yang, Curriculum Temperature for Knowledge Distillation, AAAI 2023",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2023"), StepPart.fact(.logits),
      (key: "needs", value: "logits of both networks, equal classes"),
      (
        key: "formula",
        value: "T² mean_B KL(softmax(z_t/T) ‖ softmax(z_s/T)), T = start + end sigmoid(θ), θ's gradient times λ ≤ 0"
      ),
      (key: "trainable", value: "θ, one number"),
      (key: "recipe", value: "- { method: ctkd, weight: 0.9 }   with labels: { weight: 0.1 }"),
    ],
    options: [
      start.option, end.option, initial.option, maximum.option, minimum.option, loops.option,
      LogitsOptions.standardisation.option,
    ])
  private static let start = OptionKey.number("start", 0.05...1000, default: 1, "lowest temperature; no unit")
  private static let end = OptionKey.number("end", 0...1000, default: 20, "what sigmoid(θ) is multiplied by; no unit")
  private static let initial = OptionKey.number("initial", -20...20, default: 1, "θ at the beginning")
  private static let maximum = OptionKey.number("maximum", -100...0, default: 0, "λ at the beginning")
  private static let minimum = OptionKey.number("minimum", -100...0, default: -1, "λ at the end of its fall")
  private static let loops = OptionKey.integer("loops", 1...10_000, default: 10, "epochs of the fall")
  /// Logits of both, θ. Of tensors the gradient to θ is that before λ.
  public static let inputs = [
    LossInput("student.logits", "B C"), LossInput("teacher.logits", "B C"), LossInput("parameters.theta", "_"),
  ]

  private let options: Options
  private let theta: Parameter

  /// - Throws: ``InputError`` if the class counts differ, or there is one class and logits are standardised.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    try Self.requireClasses(setup.student.specification.classes, options, at: setup.place)
    theta = Parameter(Tensor([Float(options[Self.initial])], shape: [1]), .weight)
  }

  /// θ.
  public var parameters: [(name: String, parameter: Parameter)] { [(name: "theta", parameter: theta)] }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (student, theta) = (try inputs.tensor("student.logits"), try inputs.tensor("parameters.theta"))
    guard theta.count == 1 else {
      throw InputError(inputs.place, "'parameters.theta' has \(theta.count) values", remedy: "it takes one")
    }
    try requireClasses(student.shape[1], options, at: inputs.place)
    return single(value(student, try inputs.tensor("teacher.logits"), theta, options))
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (highest, lowest) = (options[Self.maximum], options[Self.minimum])
    let share = min(1, Double(step.clock.epoch + 1) / Double(options[Self.loops]))
    let factor = (cos(.pi * share) + 1) / 2 * (highest - lowest) + lowest
    return Self.value(
      step.studentLogits, step.teacherLogits, theta.tensor.scalingGradient(by: Float(factor)), options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ theta: Tensor, _ options: Options) -> Tensor {
    let temperature = theta.sigmoid() * Float(options[Self.end]) + Float(options[Self.start])
    let isStandardized = options[LogitsOptions.standardisation]
    func logProbabilities(_ logits: Tensor) -> Tensor {
      let whole = isStandardized ? logits.standardizedLogits() : logits
      // Nothing changes when a row's largest logit is taken off, and large ones keep their digits. What is masked has no
      // part in the temperature's gradient, where 0 · ∞ would not be a number.
      let largest = whole.detached().largest(alongAxis: 1, keepsAxis: true)
      let isMasked = whole.mask { $0 == -.infinity }
      let scaled = chosen(where: isMasked, Tensor(0), whole - largest) / temperature
      return chosen(where: isMasked, Tensor(-.infinity), scaled).logSoftmax()
    }
    let (own, other) = (logProbabilities(student), logProbabilities(teacher.detached()))
    return (divergenceOfRows(own, from: other).mean() * temperature.squared()).sum()
  }

  private static func requireClasses(_ classes: Int, _ options: Options, at place: String) throws {
    if classes < 2, options[LogitsOptions.standardisation] {
      throw InputError(place, "there is one class", remedy: "logit-standardisation needs at least 2")
    }
  }
}
