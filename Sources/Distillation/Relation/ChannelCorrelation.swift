import NeuralNetworks
import Support
import Tensors

/// Inter-channel correlation (ICKD-C: Liu et al., "Exploring Inter-Channel Correlation for Diversity-Preserved Knowledge
/// Distillation", ICCV 2021, arXiv 2202.03680, eq. 3, as its code has it).
///
/// Per layer 1/(B·C) Σ (G_s − G_t)², G = F Fᵀ over the places with every row at length 1; the paper has 1/C² for each
/// image. In training the student's map first
/// passes a 1×1 convolution to the teacher's width with batch normalisation.
public final class ChannelCorrelation: DistillationMethod, TensorLoss {
  /// `ickd`.
  public static let entry = CatalogEntry(
    "ickd", "how alike the channels of a layer are",
    paper: "Liu, Huang, Lin, Xie, Wang, Wang, Liang, Chang & Liang, Exploring Inter-Channel Correlation, ICCV 2021",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2021"),
      (key: "needs", value: "one map of each network"),
      (key: "formula", value: "1/(B·C) Σ (G_s − G_t)², G = F Fᵀ, rows at length 1"),
      (key: "trainable", value: "a 1×1 convolution with batch normalisation on the student"),
      (key: "recipe", value: "- { method: ickd, weight: 2.5 }"),
    ],
    options: [
      OptionDescription(
        "reduction", .choice(["code", "paper"]), default: .text("code"),
        "divide by B·C as the released code, or by B·C² as the paper")
    ] + MethodSetup.lastLayerOptions)
  /// Features, and the connector where there is one.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B E* V* U*"),
    LossInput("parameters.embed.weight", "E _ 1 1", isOptional: true),
    LossInput("parameters.embed.norm.weight", "E", isOptional: true),
    LossInput("parameters.embed.norm.bias", "E", isOptional: true),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let connector: Connector

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.options = options
    self.layers = layers
    connector = Connector(layers.student[0].output[2], layers.teacher[0].output[2], setup.initialiser)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connector.
  public var modules: [(name: String, module: any Module)] { [("embed", connector)] }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    var pairs = try inputs.pairs()
    if let weight = inputs.optional("parameters.embed.weight") {
      let normalized = batchNormalization(
        convolution(pairs[0].student, weight), scale: try inputs.tensor("parameters.embed.norm.weight"),
        shift: try inputs.tensor("parameters.embed.norm.bias"))
      pairs[0].student = normalized.output
    }
    for (student, teacher) in pairs where student.shape[3] != teacher.shape[3] {
      throw InputError(
        inputs.place, "student and teacher have \(student.shape[3]) and \(teacher.shape[3]) channels",
        remedy: "equal ones are needed, or parameters.embed")
    }
    return single(value(pairs, options))
  }

  /// Squared difference of the channels' similarities.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.value(
      layers.features(step).map { (student: connector($0.student, step.studentPass), teacher: $0.teacher) }, options)
  }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    func table(_ map: Tensor) -> Tensor {
      gramMatrices(map.reshaped([map.shape[0], map.shape[1] * map.shape[2], map.shape[3]])).normalized(alongAxis: 2)
    }
    return pairs.map { student, teacher in
      let difference = table(student) - withoutRecording { table(teacher) }
      let (batch, channels) = (student.shape[0], student.shape[3])
      let count = batch * channels * (options.text("reduction") == "paper" ? channels : 1)
      return difference.squared().sum() / Float(count)
    }.summed
  }
}
