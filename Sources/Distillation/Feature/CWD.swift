import NeuralNetworks
import Support
import Tensors

/// Channel-wise distillation (Shu, Liu, Gao, Yan & Shen, ICCV 2021, arXiv 2011.13256, eq. 3 and 4).
///
/// T²/(B·C) Σ_{b,c} KL(softmax_{HW}(F_t/T) ‖ softmax_{HW}(F_s/T)): each channel is a distribution over the places. In training
/// a 1×1 convolution brings the student to the teacher's channels where they differ.
public final class CWD: DistillationMethod, TensorLoss {
  /// `cwd`.
  public static let entry = CatalogEntry(
    "cwd", "each channel as a distribution over positions",
    paper: "Shu, Liu, Gao, Yan & Shen, Channel-wise Knowledge Distillation for Dense Prediction, ICCV 2021",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2021"), StepPart.fact(.features),
      (key: "needs", value: "one map of each network with equal size"),
      (key: "formula", value: "T²/(B·C) Σ_{b,c} KL(φ_t ‖ φ_s), φ = softmax over the places of F/T"),
      (key: "trainable", value: "a 1×1 projection, only where the channels differ"),
      (key: "recipe", value: "- { method: cwd, weight: 50 }"),
    ],
    options: [temperature.option]
      + MethodSetup.lastLayerOptions)
  private static let temperature = OptionKey.number("temperature", 0.05...1000, default: 4, "T; no unit")
  /// One map of each.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("teacher.features.0", "B C H W"),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let projection: Parameter?

  /// - Throws: ``InputError`` if a layer does not exist or the sizes differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: true, for: Self.entry.name, at: setup.place)
    self.layers = layers
    projection = layers.projection(setup.initialiser)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The projection, where there is one.
  public var parameters: [(name: String, parameter: Parameter)] {
    projection.map { [(name: "projection.weight", parameter: $0)] } ?? []
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.features.0"), try inputs.tensor("teacher.features.0"), options))
  }

  /// The divergence in nats.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.features(step)[0]
    return Self.value(projection.map { convolution(student, $0.tensor) } ?? student, teacher, options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let temperature = Float(options[Self.temperature])
    // [B·C, HW]: one row for each channel.
    func rows(_ map: Tensor) -> Tensor {
      let (batch, channels) = (map.shape[0], map.shape[3])
      return map.permuted([0, 3, 1, 2]).reshaped([batch * channels, map.shape[1] * map.shape[2]])
    }
    return softenedDivergence(rows(student), from: withoutRecording { rows(teacher) }, temperature: temperature)
  }
}
