import Models
import NeuralNetworks
import Support
import Tensors

/// Several teachers with equal shares (AVER in You, Xu, Xu & Tao, "Learning from Multiple Teacher Networks", KDD 2017, and
/// the baseline of CA-MKD's code).
///
/// mean_k T² mean_B KL(softmax(z_k / T) ‖ softmax(z_s / T)): the losses are averaged; or the probabilities, which has the
/// same gradient, or the logits.
public final class MultiAverage: DistillationMethod, TensorLoss {
  /// `multi-average`.
  public static let entry = CatalogEntry(
    "multi-average", "softened logits of several teachers, with equal shares",
    paper: "You, Xu, Xu & Tao, Learning from Multiple Teacher Networks, KDD 2017",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2017"), StepPart.fact(.logits),
      (key: "needs", value: "logits of all networks, equal classes"),
      (key: "formula", value: "mean_k T² mean_B KL(softmax(z_k / T) ‖ softmax(z_s / T))"),
      (key: "recipe", value: "- { method: multi-average, further-teachers: [other.safetensors], weight: 1 }"),
    ],
    options: [temperature.option, mode.option, FurtherTeacher.key.option])
  /// What is averaged.
  enum Mode: String, OptionChoice { case loss, probabilities, logits }
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 4, "T, softens all distributions; no unit")
  private static let mode = OptionKey.choice("mode", default: Mode.loss, "what is averaged")
  /// Logits of the student and of each teacher.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("teachers.*.logits", "B C")]

  private let options: Options
  private let further: [any Network]

  /// - Throws: ``InputError`` if class counts differ or a checkpoint cannot be read.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    further = try options[FurtherTeacher.key].map(setup.readNetwork)
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.logits"), try inputs.series("teachers", ".logits"), options))
  }

  /// The mean over all teachers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let teachers = [step.teacherLogits] + further.map { $0.logits(step.batch.images) }
    return Self.value(step.studentLogits, teachers, options)
  }

  private static func value(_ student: Tensor, _ teachers: [Tensor], _ options: Options) -> Tensor {
    let temperature = Float(options[Self.temperature])
    let targets = withoutRecording { () -> [Tensor] in
      let logs = { teachers.map { $0.logSoftmax(temperature: temperature) } }
      switch options[Self.mode] {
      case .logits: return [(teachers.summed / Float(teachers.count)).logSoftmax(temperature: temperature)]
      case .probabilities: return [stacked(logs()).logSumExp(alongAxis: 0) - Tensor(Float(teachers.count)).log()]
      case .loss: return logs()
      }
    }
    let own = student.logSoftmax(temperature: temperature)
    return targets.map { divergenceOfRows(own, from: $0).mean() }.summed
      * (temperature * temperature / Float(targets.count))
  }
}
