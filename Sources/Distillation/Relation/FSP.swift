import NeuralNetworks
import Support
import Tensors

/// Flow of solution procedure (Yim, Joo, Bae & Kim, "A Gift from Knowledge Distillation", CVPR 2017, eq. 1 and 3).
///
/// G = mean over places of F_i F_{i+1}ᵀ for consecutive layers, the larger map pooled to the smaller; the loss is the sum
/// over the layer pairs of mean_{B,C_i,C_{i+1}} (G_s − G_t)². Channels must agree in both networks, or a connector makes them.
/// The student without its classifier first trains on it alone, then everything on the labels.
public final class FSP: DistillationMethod, TensorLoss {
  /// `fsp`.
  public static let entry = CatalogEntry(
    "fsp", "inner products between the channels of consecutive layers",
    paper: "Yim, Joo, Bae & Kim, A Gift from Knowledge Distillation, CVPR 2017",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2017"), StepPart.fact(.features),
      (key: "needs", value: "at least two maps of each network with equal channels"),
      (key: "formula", value: "Σ_pairs mean (G_s − G_t)², G = 1/(HW) Σ_{h,w} F_i F_{i+1}ᵀ"),
      (key: "trainable", value: "connectors, where asked for"),
      (key: "stages", value: "flow-first: flows alone, then labels; joint: none"),
      (key: "recipe", value: "- { method: fsp, stages: joint, weight: 50 }"),
    ],
    options: [stages.option, flowEpochs.option, connector.option, pooling.option, LayerReduction.key.option]
      + MethodSetup.layerOptions)
  /// Whether the flows have a stage of their own.
  enum Stages: String, OptionChoice {
    case flowFirst = "flow-first"
    case joint
  }
  /// What brings the student's maps to the teacher's channels.
  enum ConnectorKind: String, OptionChoice { case none, convolution }
  /// How the larger map of a pair becomes as small as the other.
  enum PoolingKind: String, OptionChoice { case average, max }
  private static let stages = OptionKey.choice(
    "stages", default: Stages.flowFirst, "the flows alone first and labels after them, or one sum")
  private static let flowEpochs = OptionKey.integer(
    "flow-epochs", 1...100_000, default: 30, "length of the first of two stages")
  private static let connector = OptionKey.choice(
    "connector", default: ConnectorKind.none,
    "what brings the student's maps to the teacher's channels: nothing, or 1×1 with batch normalisation")
  private static let pooling = OptionKey.choice(
    "pooling", default: PoolingKind.average,
    "how the larger map of a pair becomes as small as the other: average (RepDistiller) or max (paper)")
  /// Features.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B C* V* U*"),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let connectors: [Connector]
  private var hasStages: Bool { options[Self.stages] == .flowFirst }

  /// - Throws: ``InputError`` if a layer does not exist or channels differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let haveStems = [setup.student, setup.teacher].allSatisfy { $0.stem != nil }
    let layers = try setup.layers(options, 2...64) { network in
      (haveStems ? network.stem.map { [$0] } ?? [] : []) + network.stages
    }
    let hasConnectors = options[Self.connector] == .convolution
    try layers.requireMaps(equalChannels: !hasConnectors, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    connectors =
      hasConnectors
      ? zip(layers.student, layers.teacher).map {
        Connector($0.output[2], $1.output[2], setup.initialiser, isHeNormal: true)
      } : []
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connectors, where there are some.
  public var modules: [(name: String, module: any Module)] {
    connectors.enumerated().map { ("connector.\($0)", $1) }
  }
  /// The connectors, unless they are dropped behind the first stage.
  public var parameters: [(name: String, parameter: Parameter)] { hasStages ? [] : trainableParts }
  /// `flow-epochs`.
  public static let studentStage: StudentStage? = StudentStage(flowEpochs.option.name)
  /// The flows' own stage, where there is one.
  public var preparation: Preparation? {
    guard hasStages else { return nil }
    return Preparation(
      "flows", epochs: options[Self.flowEpochs],
      trains: .student(upTo: layers.deepestOfStudent, and: trainableParts.map(\.parameter)), loss: loss)
  }
  /// Only where all is one sum.
  public func takesPart(at clock: TrainingClock) -> Bool { !hasStages }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs()
    guard pairs.count >= 2 else {
      throw InputError(inputs.place, "there is one layer", remedy: "at least 2 are needed for a flow")
    }
    return single(value(pairs, options))
  }

  /// Sum over consecutive layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let pairs = layers.features(step).enumerated().map { place, pair in
      (
        student: connectors.isEmpty ? pair.student : connectors[place](pair.student, step.studentPass),
        teacher: pair.teacher
      )
    }
    return Self.value(pairs, options)
  }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    zip(pairs, pairs.dropFirst()).map { lower, upper in
      meanSquaredError(
        flow(lower.student, upper.student, options),
        withoutRecording { flow(lower.teacher, upper.teacher, options) })
    }.overLayers(options)
  }

  /// [B, C of the lower, C of the upper].
  private static func flow(_ lower: Tensor, _ upper: Tensor, _ options: Options) -> Tensor {
    let (a, b) = matchedSizes(
      lower, upper, by: options[Self.pooling] == .max ? adaptiveMaxPooling : adaptiveAveragePooling)
    let (batch, places) = (a.shape[0], a.shape[1] * a.shape[2])
    return batchedMatrixProduct(
      a.reshaped([batch, places, a.shape[3]]), b.reshaped([batch, places, b.shape[3]]), transposesFirst: true)
      / Float(places)
  }
}
