import NeuralNetworks
import Support
import Tensors

/// Self-supervised distillation by singular value decomposition (KD-SVD: Lee, Kim & Song, ECCV 2018, arXiv 1807.06819,
/// eq. 1 to 6, as HobbitLong/RepDistiller has it, with the sign of every singular vector fixed).
///
/// Per layer and image V holds the first right singular vectors of the map as places × channels; the student's are those
/// best aligned with the teacher's, both weighted by the teacher's singular values at length 1. Between consecutive layers
/// R = exp(−(V^l_i − V^{l−1}_j)²/8) for all channels i, j; the loss is Σ_l 1/B Σ (R_s − R_t)².
public final class KDSVD: DistillationMethod, TensorLoss {
  /// `kdsvd`.
  public static let entry = CatalogEntry(
    "kdsvd", "how the principal directions of consecutive layers relate to each other",
    paper: "Lee, Kim & Song, Self-supervised Knowledge Distillation Using Singular Value Decomposition, ECCV 2018",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2018"), StepPart.fact(.features),
      (key: "needs", value: "at least two maps of each network with equal channels"),
      (key: "formula", value: "Σ_l 1/B Σ_{b,i,j,q} (R_s − R_t)², R = exp(−(V^l_iq − V^{l−1}_jq)²/8)"),
      (key: "recipe", value: "- { method: kdsvd, weight: 1 }"),
    ],
    options: [rank.option, matrix.option, sign.option, clip.option] + MethodSetup.layerOptions)
  /// Which sign a singular vector has.
  enum Sign: String, OptionChoice { case fixed, raw }
  private static let rank = OptionKey.integer("rank", 1...64, default: 1, "k, the teacher's vectors of each layer")
  private static let matrix = OptionKey.choice(
    "matrix", default: SingularVectors.Arrangement.spatialChannel,
    "what is decomposed; mdistiller: channels and rows × columns, which needs equal widths instead of channels")
  private static let sign = OptionKey.choice(
    "sign", default: Sign.fixed,
    "of a vector: its largest entry is positive, or what LAPACK gives, as the released code has it")
  private static let clip = OptionKey.flag(
    "clip", default: false,
    "limit the gradient of each weight to the labels' times a logistic rise over the epochs, as the authors' code")
  /// Features.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B E* V* U*"),
  ]

  private let options: Options
  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist or channels differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 2...64)
    let isPaper = options[Self.matrix] == .spatialChannel
    try layers.requireMaps(equalChannels: isPaper, equalSizes: !isPaper, for: Self.entry.name, at: setup.place)
    self.layers = layers
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }

  /// A logistic rise where `clip` is on.
  public func gradientLimit(at clock: TrainingClock) -> Float? { options[Self.clip] ? clock.logisticRise : nil }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs()
    guard pairs.count >= 2 else {
      throw InputError(inputs.place, "there is one layer", remedy: "at least 2 are needed")
    }
    let isPaper = options[Self.matrix] == .spatialChannel
    let (axis, name) = isPaper ? (3, "channels") : (2, "columns")
    for (layer, pair) in pairs.enumerated() where pair.student.shape[axis] != pair.teacher.shape[axis] {
      throw InputError(
        inputs.place,
        "layer \(layer) has \(pair.student.shape[axis]) and \(pair.teacher.shape[axis]) \(name)",
        remedy: "equal ones are needed")
    }
    return single(value(pairs, options))
  }

  /// Sum over consecutive layers.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(layers.features(step), options) }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    let rank = options[Self.rank]
    let isRaw = options[Self.sign] == .raw
    let arrangement = options[Self.matrix]
    let weighted = pairs.map { student, teacher -> (student: Tensor, teacher: Tensor) in
      let (target, weights) = withoutRecording {
        let (vectors, values) = SingularVectors.first(
          rank, of: arrangement.matrices(teacher.withHarmlessScale()), isRaw: isRaw)
        return (vectors, values.normalized(alongAxis: 1).reshaped([values.shape[0], 1, values.shape[1]]))
      }
      let own = SingularVectors.first(
        rank + 3, of: arrangement.matrices(student.withHarmlessScale()), isRaw: isRaw
      ).vectors
      return (
        SingularVectors.aligned(own, to: target) * weights, withoutRecording { target * weights }
      )
    }
    return zip(weighted, weighted.dropFirst()).map { lower, upper in
      let difference =
        kernel(upper.student, lower.student) - withoutRecording { kernel(upper.teacher, lower.teacher) }
      return difference.sumOfSquares() / Float(difference.shape[0])
    }.summed
  }

  /// exp(−(a_iq − b_jq)²/8): [B, i, j, q].
  private static func kernel(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (batch, count) = (a.shape[0], a.shape[2])
    let difference = a.reshaped([batch, a.shape[1], 1, count]) - b.reshaped([batch, 1, b.shape[1], count])
    return (difference.squared() * -0.125).exp()
  }
}
