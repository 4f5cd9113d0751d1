import Foundation
import NeuralNetworks
import Support
import Tensors

/// Variational information distillation (Ahn, Hu, Damianou, Lawrence & Dai, CVPR 2019, arXiv 1904.05835, eq. 5 and 6).
///
/// Per layer mean_{B,C,H,W} ½((μ(F_s) − F_t)² / v + log v): a Gaussian whose mean three 1×1 convolutions make of the student's
/// map (ReLU after the first two, no bias) and whose variance v = softplus(a) + 1e-5 is learned per teacher channel. May be
/// negative.
public final class VID: DistillationMethod, TensorLoss {
  /// `vid`.
  public static let entry = CatalogEntry(
    "vid", "the teacher's map under a Gaussian predicted by the student",
    paper: "Ahn, Hu, Damianou, Lawrence & Dai, Variational Information Distillation, CVPR 2019",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks"),
      (key: "formula", value: "Σ_layers mean ½((μ(F_s) − F_t)²/v + log v), v = softplus(a) + 1e-5 per channel"),
      (key: "trainable", value: "per layer three 1×1 convolutions and the scales a"),
      (key: "recipe", value: "- { method: vid, weight: 1 }"),
    ],
    options: [variant.option, LayerReduction.key.option] + MethodSetup.layerOptions)
  /// Whose form of the loss.
  enum Variant: String, OptionChoice { case official, aberhu }
  private static let variant = OptionKey.choice(
    "variant", default: Variant.official,
    "aberhu: 1e-6 beside the variance, He-normal weights, the mean over the layers")
  /// One map of each, the regressor and the scales.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("teacher.features.0", "B E V U"),
    LossInput("parameters.regressor.0.weight", "M C 1 1"), LossInput("parameters.regressor.1.weight", "N M 1 1"),
    LossInput("parameters.regressor.2.weight", "E N 1 1"), LossInput("parameters.log_scale", "E"),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let parts: [(convolutions: [Parameter], scale: Parameter)]

  /// - Throws: ``InputError`` if a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let layers = try setup.layers(options)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    (self.options, self.layers) = (options, layers)
    let isHeNormal = options[Self.variant] == .aberhu
    let floor = Self.smallest(options)
    parts = zip(layers.student, layers.teacher).map { own, other in
      let (inputs, outputs) = (own.output[2], other.output[2])
      let convolutions = [inputs, outputs, outputs].map { fan in
        let shape: Shape = [outputs, fan, 1, 1]
        return Parameter(
          isHeNormal ? setup.initialiser.heNormalOutputs(shape) : setup.initialiser.uniform(shape, fanIn: fan), .weight)
      }
      // A variance of 5 to begin with.
      return (convolutions, Parameter(.filled(Float(log(exp(5 - Double(floor)) - 1)), shape: [outputs]), .bias))
    }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// Regressors and scales.
  public var parameters: [(name: String, parameter: Parameter)] {
    parts.enumerated().flatMap { layer, part in
      part.convolutions.enumerated().map { ("\(layer).regressor.\($0.offset).weight", $0.element) }
        + [("\(layer).log_scale", part.scale)]
    }
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(
      value(
        try inputs.tensor("student.features.0"), try inputs.tensor("teacher.features.0"),
        try inputs.series("parameters.regressor", ".weight"), try inputs.tensor("parameters.log_scale"), options))
  }

  /// Sum over the layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let losses = zip(layers.features(step), parts).map { pair, part in
      Self.value(pair.student, pair.teacher, part.convolutions.map(\.tensor), part.scale.tensor, options)
    }
    return options[Self.variant] == .aberhu ? losses.summed / Float(losses.count) : losses.overLayers(options)
  }

  /// The smallest variance.
  private static func smallest(_ options: Options) -> Float { options[Self.variant] == .aberhu ? 1e-6 : 1e-5 }

  private static func value(
    _ student: Tensor, _ teacher: Tensor, _ weights: [Tensor], _ scale: Tensor, _ options: Options
  ) -> Tensor {
    let (own, other) = matchedSizes(student, teacher)
    let mean = weights.enumerated().reduce(own) { map, layer in
      let output = convolution(map, layer.element)
      return layer.offset < weights.count - 1 ? output.relu() : output
    }
    let variance = scale.softplus() + smallest(options)
    return ((mean - other).squared() / variance + variance.log()).mean() * 0.5
  }
}
