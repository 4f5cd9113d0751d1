import NeuralNetworks
import Support
import Tensors

/// Attentive feature distillation (AFDS: Wang, Zhao, Li & Xu, "Pay Attention to Features, Transfer Learn Faster CNNs", ICLR
/// 2020, as AberHu/Knowledge-Distillation-Zoo has it, whose attention differs from the paper's).
///
/// Mean over the layers of mean_B Σ_c ρ_c mean_{H,W} (n(F_s) − n(F_t))², n a channel over its length plus 1e-6, ρ the share
/// of a channel that two learned layers make of the teacher's pooled map (ReLU, sigmoid, divided by the sum). ρ is trained
/// with the student.
public final class AFDS: DistillationMethod, TensorLoss {
  /// `afds`.
  public static let entry = CatalogEntry(
    "afds", "maps normalised to length 1, their channels weighted by learned attention",
    paper: "Wang, Zhao, Li & Xu, Pay Attention to Features, Transfer Learn Faster CNNs, ICLR 2020",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2020"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks with equal channels and sizes"),
      (key: "formula", value: "mean_layers mean_B Σ_c ρ_c mean_{H,W} (n(F_s) − n(F_t))²"),
      (key: "trainable", value: "per layer two linear maps that make ρ of the teacher's pooled map"),
      (key: "recipe", value: "- { method: afds, weight: 500 }"),
    ],
    options: [factor.option] + MethodSetup.layerOptions)
  private static let factor = OptionKey.number(
    "factor", 0.01...16, default: 1, "f, width between the two maps per channel")
  /// Features and the attention's layers, 0 and 1.
  public static let inputs =
    LossInput.equalFeatures + [
      LossInput("parameters.attention.*.0.weight", "M* C*"), LossInput("parameters.attention.*.0.bias", "M*"),
      LossInput("parameters.attention.*.1.weight", "C* M*"), LossInput("parameters.attention.*.1.bias", "C*"),
    ]

  private let layers: LayerPairs
  private let attention: [[Linear]]

  /// - Throws: ``InputError`` if a layer does not exist, or channels or sizes differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let layers = try setup.layers(options)
    try layers.requireMaps(equalChannels: true, equalSizes: true, for: Self.entry.name, at: setup.place)
    self.layers = layers
    attention = layers.teacher.map { point in
      let channels = point.output[2]
      let middle = max(1, Int(Double(channels) * options[Self.factor]))
      return [(channels, middle), (middle, channels)].map { inputs, outputs in
        let weight = setup.initialiser.heNormalOutputs([outputs, inputs, 1, 1])
        return Linear(weight: weight.reshaped([outputs, inputs]), bias: .zeros([outputs]))
      }
    }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The attention's layers.
  public var modules: [(name: String, module: any Module)] {
    attention.enumerated().flatMap { layer, maps in
      maps.enumerated().map { (name: "attention.\(layer).\($0.offset)", module: $0.element) }
    }
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs()
    let attention = try pairs.indices.map { layer in
      try (0..<2).map { place in
        let name = "parameters.attention.\(layer).\(place)"
        return Linear(weight: try inputs.tensor("\(name).weight"), bias: try inputs.tensor("\(name).bias"))
      }
    }
    return single(value(pairs, attention))
  }

  /// Mean over the layers.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(layers.features(step), attention) }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ attention: [[Linear]]) -> Tensor {
    func normalized(_ map: Tensor) -> Tensor { map / (map.norm(alongAxes: [1, 2], keepsAxes: true) + 1e-6) }
    let values = zip(pairs, attention).map { pair, maps in
      let pooled = withoutRecording { globalAveragePooling(pair.teacher) }
      let weights = maps[1](maps[0](pooled).relu()).sigmoid()
      let shares = weights / weights.sum(alongAxes: [1], keepsAxes: true)
      let difference = normalized(pair.student) - withoutRecording { normalized(pair.teacher) }
      return (shares * difference.meanOfSquares(alongAxes: [1, 2])).sum() / Float(pooled.shape[0])
    }
    return values.summed / Float(values.count)
  }
}
