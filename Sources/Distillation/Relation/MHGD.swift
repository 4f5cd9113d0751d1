import NeuralNetworks
import Support
import Tensors

/// Multi-head graph distillation (MHGD: Lee & Song, "Graph-based Knowledge Distillation by Multi-head Attention Network",
/// BMVC 2019, arXiv 1907.02226, as sseung0703/KD_methods_with_TF has it).
///
/// A layer's vector is the first right singular vector of an image's map. Attention between the images of the batch, from
/// one layer to the next, is trained to make the teacher's vectors, before the student's training and beside it. The loss
/// is Σ_pairs Σ_{heads,rows} KL(softmax(tanh G_s) ‖ softmax(tanh G_t)) of the graphs G that this attention makes of both
/// networks' vectors.
public final class MHGD: DistillationMethod, TensorLoss {
  /// `mhgd`.
  public static let entry = CatalogEntry(
    "mhgd", "graphs between images, built by multi-head attention from two layers",
    paper: "Lee & Song, Graph-based Knowledge Distillation by Multi-head Attention Network, BMVC 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "at least two maps of each network with equal channels; labels to clip by"),
      (key: "formula", value: "Σ_pairs Σ_{heads,rows} KL(softmax(tanh G_s) ‖ softmax(tanh G_t))"),
      (key: "trainable", value: "for each pair of layers attention of 8 heads, on the teacher alone"),
      (key: "stages", value: "attention (on the teacher), then student and attention"),
      (key: "recipe", value: "- { method: mhgd, weight: 1 }"),
    ],
    options: [attentionEpochs.option, direction.option, clip.option, reduction.option] + MethodSetup.layerOptions)
  /// From whose side the divergence is taken.
  enum Direction: String, OptionChoice { case code, paper }
  /// How the rows of the graphs are put together.
  enum Reduction: String, OptionChoice {
    case sum
    case batchMean = "batch-mean"
  }
  private static let attentionEpochs = OptionKey.integer(
    "attention-epochs", 0...10_000, default: 40, "length of the first stage")
  private static let direction = OptionKey.choice(
    "direction", default: Direction.code,
    "of the divergence: from the student's side as the released code, or from the teacher's as the paper")
  private static let clip = OptionKey.flag(
    "clip", default: true, "limit the gradient of each weight to the labels' times a logistic rise over the epochs")
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.sum, "over the rows of the graphs, or by image")
  /// Features, heads and which rows of their graphs are kept; all where it is not said.
  public static let inputs =
    [
      LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B C* V* U*"),
      LossInput("kept.*", "8 B", isOptional: true),
    ]
    + [("sender", "P*"), ("receiver", "Q*"), ("values", "R*")].flatMap { part, outputs in
      [
        LossInput("parameters.graph.*.\(part).weight", "\(outputs) _"),
        LossInput("parameters.graph.*.\(part).norm.weight", outputs),
        LossInput("parameters.graph.*.\(part).norm.bias", outputs),
        LossInput("parameters.graph.*.\(part).norm.running_mean", outputs, isOptional: true),
        LossInput("parameters.graph.*.\(part).norm.running_var", outputs, isOptional: true),
      ]
    }
    + [LossInput("parameters.graph.*.output.weight", "O* _"), LossInput("parameters.graph.*.output.bias", "O*")]

  private let options: Options
  private let layers: LayerPairs
  private let heads: [GraphHeads]
  /// The teacher's vectors of the latest pass: two losses of a step read them.
  private var latest: [Tensor] = []
  private weak var latestPass: ForwardPass?

  /// - Throws: ``InputError`` if a layer does not exist or channels differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 2...64)
    try layers.requireMaps(equalChannels: true, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    let widths = layers.teacher.map { $0.output[2] }
    heads = zip(widths, widths.dropFirst()).map { GraphHeads(from: $0, to: $1, setup.initialiser) }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The heads of each pair of layers.
  public var modules: [(name: String, module: any Module)] {
    heads.enumerated().map { (name: "graph.\($0.offset)", module: $0.element) }
  }
  /// A logistic rise where `clip` is on.
  public func gradientLimit(at clock: TrainingClock) -> Float? { options[Self.clip] ? clock.logisticRise : nil }

  /// The attention alone, on the teacher.
  public var preparation: Preparation? {
    let epochs = options[Self.attentionEpochs]
    guard epochs > 0 else { return nil }
    return Preparation("attention", epochs: epochs, trains: .own(parameters.map(\.parameter))) { [unowned self] step in
      attentionLoss(step)
    }
  }
  /// The attention goes on to learn beside the student.
  public var companion: Companion? { Companion("attention") { [unowned self] step in attentionLoss(step) } }

  /// The loss of tensors, terms `transfer` and `attention`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs()
    guard pairs.count >= 2 else {
      throw InputError(inputs.place, "there is one layer", remedy: "at least 2 are needed")
    }
    let teacher = teacherVectors(pairs.map(\.teacher))
    let heads = try zip(teacher, teacher.dropFirst()).enumerated().map { index, pair in
      try GraphHeads(inputs, "parameters.graph.\(index)", from: pair.0.shape[1], to: pair.1.shape[1])
    }
    let batch = teacher[0].shape[0]
    let kept = heads.indices.map { index in
      inputs.optional("kept.\(index)")?.reshaped([GraphHeads.count, batch, 1]) ?? .ones([GraphHeads.count, batch, 1])
    }
    let pass = ForwardPass(.training, updatesStatistics: false)
    return [
      LossTerm("transfer", transfer(pairs.map(\.student), teacher, heads, options), weight: 1),
      LossTerm("attention", attention(teacher, heads, kept, pass), weight: 1),
    ]
  }

  /// Sum over consecutive layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let pairs = layers.features(step)
    return Self.transfer(pairs.map(\.student), vectors(step), heads, options)
  }

  private func attentionLoss(_ step: KnowledgeStep) -> Tensor {
    let teacher = vectors(step)
    var generator = RandomGenerator(step.random)
    let kept = heads.map { _ in
      GraphHeads.kept(batch: teacher[0].shape[0], Philox(seed: step.random.seed, stream: generator.next()))
    }
    return Self.attention(teacher, heads, kept, ForwardPass(.training))
  }

  private func vectors(_ step: KnowledgeStep) -> [Tensor] {
    if latestPass !== step.teacherPass {
      latest = Self.teacherVectors(layers.teacherMaps(step))
      latestPass = step.teacherPass
    }
    return latest
  }

  /// [B, C] of each layer, constants.
  private static func teacherVectors(_ maps: [Tensor]) -> [Tensor] {
    withoutRecording { maps.map { SingularVectors.first(1, of: $0.places).vectors.flattened } }
  }

  private static func attention(_ teacher: [Tensor], _ heads: [GraphHeads], _ kept: [Tensor], _ pass: ForwardPass)
    -> Tensor
  {
    heads.indices.map { heads[$0].error(teacher[$0], teacher[$0 + 1], kept: kept[$0], pass) }.summed
  }

  private static func transfer(
    _ student: [Tensor], _ teacher: [Tensor], _ heads: [GraphHeads], _ options: Options
  ) -> Tensor {
    let own = zip(student, teacher).map { map, target -> Tensor in
      let first = SingularVectors.first(4, of: map.places).vectors
      return SingularVectors.aligned(first, to: target.reshaped([target.shape[0], target.shape[1], 1])).flattened
    }
    let pass = ForwardPass(.evaluation)
    let divergences = heads.indices.map { index -> Tensor in
      let fixed = heads[index].constant
      func logarithms(_ vectors: [Tensor]) -> Tensor {
        fixed.graphs(vectors[index], vectors[index + 1], pass).tanh().logSoftmax(alongAxis: 2)
      }
      let (s, t) = (logarithms(own), withoutRecording { logarithms(teacher) })
      return options[Self.direction] == .code ? (s.exp() * (s - t)).sum() : (t.exp() * (t - s)).sum()
    }
    let sum = divergences.summed
    return options[Self.reduction] == .sum ? sum : sum / Float(teacher[0].shape[0])
  }
}
