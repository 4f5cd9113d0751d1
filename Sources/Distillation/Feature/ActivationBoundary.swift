import Foundation
import NeuralNetworks
import Support
import Tensors

/// Activation boundaries (Heo, Lee, Yun & Choi, AAAI 2019, arXiv 1811.03233, eq. 6, as the authors' code does it).
///
/// Before the ReLU of each stage only the sign of the teacher's response counts: ρ = (s + μ)² where s > −μ and t ≤ 0,
/// (s − μ)² where s ≤ μ and t > 0. The sums of the stages have the weights …, ¼, ½, 1, over the batch and times 3/1000. The
/// student and its connectors first train on it alone; then labels alone train everything (the authors' own second stage is
/// `kd` with temperature 3 in place of the labels: another term). The log has the share of equal signs.
public final class ActivationBoundary: DistillationMethod, TensorLoss {
  /// `activation-boundary`.
  public static let entry = CatalogEntry(
    "activation-boundary", "which neurons are active, not how strongly",
    paper: "Heo, Lee, Yun & Choi, Knowledge Transfer via Distillation of Activation Boundaries, AAAI 2019",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks before their ReLUs, of equal size unless connector: regressor"),
      (key: "formula", value: "3/1000 Σ_i 2^{i−n} 1/B Σ ρ, ρ = max(s+μ,0)² where t ≤ 0, else max(μ−s,0)²"),
      (key: "trainable", value: "connectors, where the channels differ"),
      (key: "stages", value: "boundary-first: boundaries alone, then labels; joint: none"),
      (key: "recipe", value: "- { method: activation-boundary }"),
    ],
    options: [stages.option, boundaryEpochs.option, margin.option, connector.option, variant.option, teacherBN.option]
      + MethodSetup.layerOptions)
  /// When the boundaries are learned.
  enum Stages: String, OptionChoice {
    case boundaryFirst = "boundary-first"
    case joint
  }
  /// What brings the student's map to the teacher's shape.
  enum ConnectorForm: String, OptionChoice { case convolution, regressor }
  /// How the stages are summed.
  enum Variant: String, OptionChoice { case official, aberhu }
  /// Statistics of the teacher's batch normalisation.
  enum TeacherBN: String, OptionChoice { case running, batch }
  private static let stages = OptionKey.choice(
    "stages", default: Stages.boundaryFirst, "the boundaries alone first and labels after them, or one sum")
  private static let boundaryEpochs = OptionKey.integer(
    "boundary-epochs", 1...100_000, default: 30, "length of the first of two stages")
  private static let margin = OptionKey.number("margin", 0...1000, "μ; 1 unless given, 2 in variant aberhu")
  private static let connector = OptionKey.choice(
    "connector", default: ConnectorForm.convolution,
    "1×1 with batch normalisation unless all channels agree (official), or FitNets' regressor where shapes differ")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.official, "aberhu: 10 times the mean over stages and elements")
  private static let teacherBN = OptionKey.choice(
    "teacher-bn", default: TeacherBN.running,
    "statistics of the teacher's batch normalisation; the authors' code trains with the batch's")
  /// Maps before their ReLUs.
  public static let inputs = LossInput.equalFeatures

  private let options: Options
  private let layers: LayerPairs
  private let connectors: [(any Module & MapConnecting)?]
  private var hasStages: Bool { options[Self.stages] == .boundaryFirst }

  /// - Throws: ``InputError`` if a layer does not exist or is no map, or the sizes differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, isBeforeRelu: true) { $0.rectifiedStages }
    let isRegressor = options[Self.connector] == .regressor
    try layers.requireMaps(
      equalChannels: false, equalSizes: !isRegressor, for: Self.entry.name, at: setup.place)
    self.layers = layers
    let pairs = Array(zip(layers.student, layers.teacher))
    let areEqual = pairs.allSatisfy { $0.output[2] == $1.output[2] }
    connectors = try pairs.map { own, other -> (any Module & MapConnecting)? in
      if isRegressor {
        return own.output == other.output
          ? nil : try Regressor(from: own, to: other, relu: false, setup.initialiser, at: setup.place)
      }
      return areEqual ? nil : Connector(own.output[2], other.output[2], setup.initialiser, isHeNormal: true)
    }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connectors, where there are some.
  public var modules: [(name: String, module: any Module)] {
    connectors.enumerated().compactMap { place, part in part.map { ("connector.\(place)", $0) } }
  }

  /// The connectors, unless they are dropped behind the first stage.
  public var parameters: [(name: String, parameter: Parameter)] { hasStages ? [] : trainableParts }
  /// As `teacher-bn` says.
  public var teacherStatistics: TeacherStatistics { options[Self.teacherBN] == .batch ? .batch : .running }
  /// `boundary-epochs`.
  public static let studentStage: StudentStage? = StudentStage(boundaryEpochs.option.name)
  /// The boundaries' own stage, where there is one.
  public var preparation: Preparation? {
    guard hasStages else { return nil }
    return Preparation(
      "boundaries", epochs: options[Self.boundaryEpochs],
      trains: .student(upTo: layers.deepestOfStudent, and: trainableParts.map(\.parameter)), loss: loss)
  }
  /// Only where all is one sum.
  public func takesPart(at clock: TrainingClock) -> Bool { !hasStages }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.pairs(), options))
  }

  /// Sum over the layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let pairs = zip(layers.features(step), connectors).map { pair, connector in
      (student: connector?.connected(pair.student, step.studentPass) ?? pair.student, teacher: pair.teacher)
    }
    step.note("share of equal signs") { Self.shareOfEqualSigns(pairs) }
    return Self.value(pairs, options)
  }

  /// Of all responses of the layers the share that is active in both networks, or in neither.
  private static func shareOfEqualSigns(_ pairs: [(student: Tensor, teacher: Tensor)]) -> Double {
    let unequal = pairs.map { student, teacher in
      let difference = meanSquaredError(student.mask { $0 > 0 }, teacher.mask { $0 > 0 }).item
      return Double(difference) * Double(student.count)
    }
    return 1 - unequal.reduce(0, +) / Double(pairs.reduce(0) { $0 + $1.student.count })
  }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    let isOfficial = options[Self.variant] == .official
    let margin = Float(options[Self.margin] ?? (isOfficial ? 1 : 2))
    let sums = pairs.map { student, teacher -> Tensor in
      let isActive = teacher.mask { $0 > 0 }
      return chosen(where: isActive, (margin - student).relu(), (student + margin).relu()).squared()
    }
    guard isOfficial else { return sums.map { $0.mean() }.summed * (10 / Float(sums.count)) }
    return sums.enumerated().map { place, sum in
      sum.sum() * (0.003 / Float(sum.shape[0]) * exp2(Float(place + 1 - sums.count)))
    }.summed
  }
}
