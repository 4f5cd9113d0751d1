import NeuralNetworks
import Support
import Tensors

/// Hints (Romero et al., "FitNets", ICLR 2015, arXiv 1412.6550, eq. 3; regressor as RepDistiller builds it).
///
/// mean_{B,C,H,W} (r(F_s) − F_t)² at the end of the second stage, r a convolution with batch normalisation and ReLU that is
/// chosen by the sizes. `joint` (RepDistiller) adds it to the labels. `hint-first` (the paper) trains the student up to the hint
/// on it alone, drops r, and then trains everything with labels and λ·KD, λ falling linearly from 4 to 1.
public final class FitNet: DistillationMethod, TensorLoss {
  /// `fitnet`.
  public static let entry = CatalogEntry(
    "fitnet", "a hint: an intermediate map of the teacher, through a regressor",
    paper: "Romero, Ballas, Kahou, Chassang, Gatta & Bengio, FitNets: Hints for Thin Deep Nets, ICLR 2015",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2015"), StepPart.fact(.features),
      (key: "needs", value: "one map of each network"),
      (key: "formula", value: "mean_{B,C,H,W} (r(F_s) − F_t)²; hint-first: λ T² mean_B KL behind it, λ from 4 to 1"),
      (key: "trainable", value: "the regressor r: convolution, batch normalisation, ReLU"),
      (key: "stages", value: "joint: none; hint-first: hint, then labels + λ·KD"),
      (key: "recipe", value: "- { method: fitnet, weight: 100 }"),
    ],
    options: [stages.option, hintEpochs.option, reduction.option, temperature.option] + MethodSetup.lastLayerOptions)
  /// When the hint is learned.
  enum Stages: String, OptionChoice {
    case joint
    case hintFirst = "hint-first"
  }
  /// What becomes of the errors of a map.
  enum Reduction: String, OptionChoice { case mean, sum }
  private static let stages = OptionKey.choice(
    "stages", default: Stages.joint, "one sum with the labels, or the hint alone first and λ·KD after it")
  private static let hintEpochs = OptionKey.integer(
    "hint-epochs", 1...100_000, default: 30, "length of the first of two stages")
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.mean, "mean over all elements, or half the sum over each image's")
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 3, "T of the KD in the second stage")
  /// One map of each, and perhaps a 1×1 regressor.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("teacher.features.0", "B E H W"),
    LossInput("parameters.regressor.weight", "E C 1 1", isOptional: true),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let regressor: Regressor
  private var hasStages: Bool { options[Self.stages] == .hintFirst }

  /// - Throws: ``InputError`` if a layer does not exist, or no regressor connects the sizes.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 1...1) { Array($0.rectifiedStages.prefix(2).suffix(1)) }
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    regressor = try Regressor(from: layers.student[0], to: layers.teacher[0], setup.initialiser, at: setup.place)
    if hasStages { try setup.requireEqualClasses(for: Self.entry) }
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The regressor.
  public var modules: [(name: String, module: any Module)] { [("regressor", regressor)] }

  /// The regressor, unless it is dropped behind the first stage.
  public var parameters: [(name: String, parameter: Parameter)] { hasStages ? [] : trainableParts }
  /// `hint-epochs`.
  public static let studentStage: StudentStage? = StudentStage(hintEpochs.option.name)
  /// The hint's own stage, where there is one.
  public var preparation: Preparation? {
    guard hasStages else { return nil }
    return Preparation(
      "hint", epochs: options[Self.hintEpochs],
      trains: .student(upTo: layers.student[0].name, and: regressor.trainableParameters), loss: hint)
  }

  /// The hint's loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (student, teacher) = (try inputs.tensor("student.features.0"), try inputs.tensor("teacher.features.0"))
    let weight = inputs.optional("parameters.regressor.weight")
    guard weight != nil || student.shape == teacher.shape else {
      throw InputError(
        inputs.place, "the maps have \(student.shape[3]) and \(teacher.shape[3]) channels",
        remedy: "add parameters.regressor.weight, or give maps of equal shape")
    }
    return single(value(weight.map { convolution(student, $0) } ?? student, teacher, options))
  }

  /// λ falls over the whole second stage.
  public var dependsOnLength: Bool { hasStages }

  /// The hint, or, of two stages, the second one's λ·KD.
  public func loss(_ step: KnowledgeStep) -> Tensor { hasStages ? softened(step) : hint(step) }

  private func hint(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.features(step)[0]
    return Self.value(regressor(student, step.studentPass), teacher, options)
  }

  /// λ·KD; λ falls from 4 to 1 over the stage, step by step.
  private func softened(_ step: KnowledgeStep) -> Tensor {
    let share = step.clock.position / Double(max(1, step.clock.epochs))
    return softenedDivergence(
      step.studentLogits, from: step.teacherLogits, temperature: Float(options[Self.temperature]))
      * Float(4 - 3 * share)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    guard options[Self.reduction] == .sum else { return meanSquaredError(student, teacher.detached()) }
    return (student - teacher.detached()).sumOfSquares() * (0.5 / Float(student.shape[0]))
  }
}
