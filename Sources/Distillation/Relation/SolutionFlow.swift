import NeuralNetworks
import Support
import Tensors

/// Flow of solution procedure (Yim, Joo, Bae & Kim, "A Gift from Knowledge Distillation", CVPR 2017, eq. 1 and 3).
///
/// G = mean over places of F_i F_{i+1}ᵀ for consecutive layers, the larger map pooled to the smaller; the loss is the sum
/// over the layer pairs of mean_{B,C_i,C_{i+1}} (G_s − G_t)². Channels must agree in both networks.
public final class SolutionFlow: DistillationMethod, TensorLoss {
  /// `fsp`.
  public static let entry = CatalogEntry(
    "fsp", "products of the channels of consecutive layers",
    paper: "Yim, Joo, Bae & Kim, A Gift from Knowledge Distillation, CVPR 2017",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2017"),
      (key: "needs", value: "at least two maps of each network with equal channels"),
      (key: "formula", value: "Σ_pairs mean (G_s − G_t)², G = 1/(HW) Σ_{h,w} F_i F_{i+1}ᵀ"),
      (key: "recipe", value: "- { method: fsp, weight: 50 }"),
    ], options: MethodSetup.layerOptions)
  /// Features.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B C* V* U*"),
  ]

  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist or channels differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    layers = try setup.layers(options, 2...64)
    try layers.requireMaps(equalChannels: true, equalSizes: false, for: Self.entry.name, at: setup.place)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs()
    guard pairs.count >= 2 else {
      throw InputError(inputs.place, "there is one layer", remedy: "at least 2 are needed for a flow")
    }
    return single(value(pairs))
  }

  /// Sum over consecutive layers.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(layers.features(step)) }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)]) -> Tensor {
    zip(pairs, pairs.dropFirst()).map { lower, upper in
      meanSquaredError(
        flow(lower.student, upper.student), withoutRecording { flow(lower.teacher, upper.teacher) })
    }.summed
  }

  /// [B, C of the lower, C of the upper].
  private static func flow(_ lower: Tensor, _ upper: Tensor) -> Tensor {
    let (a, b) = matchedSizes(lower, upper)
    let (batch, places) = (a.shape[0], a.shape[1] * a.shape[2])
    return batchedMatrixProduct(
      a.reshaped([batch, places, a.shape[3]]), b.reshaped([batch, places, b.shape[3]]), transposesFirst: true)
      / Float(places)
  }
}
