import Models
import NeuralNetworks
import Support
import Tensors

/// Cross-layer distillation with semantic calibration (SemCKD: Chen, Mei, Zhang, Wang, Wang, Feng & Chen, AAAI 2021, arXiv
/// 2012.03236, eq. 4 to 8).
///
/// 1/(B·S) Σ_{b,i,j} α_bij mean_{C,H,W} (P_ij(F_s,i) − F_t,j)²: every layer of the student learns from every layer of the
/// teacher, as strongly as an attention over the images of the batch says. P_ij are trained projectors; of two sizes the
/// larger map is average-pooled. Batches that are not whole take no part: their size is part of the attention.
public final class SemCKD: DistillationMethod, TensorLoss {
  /// `semckd`.
  public static let entry = CatalogEntry(
    "semckd", "every teacher layer from every student layer, weighted by learned attention",
    paper: "Chen et al., Cross-Layer Distillation with Semantic Calibration, AAAI 2021",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2021"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks, as many as one likes of each; whole batches of at least 4 images"),
      (key: "formula", value: "1/(B·S) Σ_{b,i,j} α_bij mean_{C,H,W} (P_ij(F_s,i) − F_t,j)²"),
      (key: "trainable", value: "a projector for each pair of layers, two linear layers for each query and key"),
      (key: "recipe", value: "- { method: semckd, weight: 400 }"),
    ],
    options: [softness.option]
      + MethodSetup.layerOptions)
  private static let softness = OptionKey.number("softness", 0.01...1000, default: 1, "what attention is divided by")
  /// Attention and projected features, as given.
  public static let inputs = [
    LossInput("student.attention", "B S R"), LossInput("student.projected.*.*", "B C* H* W*"),
    LossInput("teacher.projected.*.*", "B C* H* W*"),
  ]

  private let softness: Float
  private let layers: LayerSets
  private let attention: SemanticAttention
  private let projectors: [[BottleneckProjector]]
  private let batches: EpochBatches
  private let batchSize: Int

  /// - Throws: ``InputError`` if a layer does not exist or is no map, or batches have fewer than 4 images.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    guard setup.batchSize >= 4 else {
      throw InputError(
        setup.place, "semckd needs at least 4 images in a batch; there are \(setup.batchSize)",
        remedy: "raise training.batch")
    }
    softness = Float(options[Self.softness])
    batchSize = setup.batchSize
    batches = EpochBatches(setup)
    let layers = try LayerSets(options, setup, Self.entry.name) { $0.stages }
    self.layers = layers
    attention = SemanticAttention(
      (layers.student.count, layers.teacher.count), batch: setup.batchSize, setup.initialiser)
    projectors = layers.student.map { own in
      layers.teacher.map { other in
        let outputs = other.output[2]
        return BottleneckProjector(
          own.output[2], middle: 2 * outputs, outputs, endsNormalized: false, setup.initialiser)
      }
    }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// Attention and projectors.
  public var modules: [(name: String, module: any Module)] {
    [("attention", attention)]
      + projectors.enumerated().flatMap { i, row in
        row.enumerated().map { (name: "projector.\(i).\($0.offset)", module: $0.element as any Module) }
      }
  }

  /// In whole batches only.
  public func takesPart(at clock: TrainingClock) -> Bool { batches.count(at: clock) == batchSize }

  /// The loss of tensors, attention as given.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let attention = try inputs.tensor("student.attention")
    let pairs = try (0..<attention.shape[1]).map { i in
      try (0..<attention.shape[2]).map { j in
        (
          student: try inputs.tensor("student.projected.\(i).\(j)"),
          teacher: try inputs.tensor("teacher.projected.\(i).\(j)")
        )
      }
    }
    return single(value(attention, pairs))
  }

  /// Zero for a batch of another size than the training's: nothing is known of it.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.maps(step)
    guard step.batch.images.shape[0] == batchSize else { return .zeros(.scalar) }
    let pairs = zip(student, projectors).map { own, row in
      zip(teacher, row).map { other, projector in
        let (a, b) = matchedSizes(own, other)
        return (student: projector(a, step.studentPass), teacher: b)
      }
    }
    return Self.value(attention(student, teacher, softness: softness), pairs)
  }

  private static func value(_ attention: Tensor, _ pairs: [[(student: Tensor, teacher: Tensor)]]) -> Tensor {
    let errors = pairs.map { row in
      stacked(row.map { ($0.student - $0.teacher).meanOfSquares(alongAxes: [1, 2, 3]) }, alongAxis: 1)
    }
    return (attention * stacked(errors, alongAxis: 1)).sum() / Float(attention.shape[0] * attention.shape[1])
  }
}
