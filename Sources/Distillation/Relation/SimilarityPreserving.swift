import NeuralNetworks
import Support
import Tensors

/// Similarity-preserving distillation (Tung & Mori, ICCV 2019, arXiv 1907.09682, eq. 4).
///
/// Per layer mean_{B×B} (N(X_t X_tᵀ) − N(X_s X_sᵀ))²: the similarities of the images of a batch, X flattened maps, every row
/// of the table at length 1. Sizes and widths may differ.
public final class SimilarityPreserving: DistillationMethod, TensorLoss {
  /// `similarity-preserving`.
  public static let entry = CatalogEntry(
    "similarity-preserving", "how similar a layer finds the images of a batch",
    paper: "Tung & Mori, Similarity-Preserving Knowledge Distillation, ICCV 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "layers of both networks, of any size; at least 2 images"),
      (key: "formula", value: "Σ_layers 1/B² Σ (N(X_t X_tᵀ) − N(X_s X_sᵀ))², N = rows at length 1"),
      (key: "recipe", value: "- { method: similarity-preserving, weight: 3000 }"),
    ],
    options: [reduction.option] + MethodSetup.lastLayerOptions)
  /// How the layers are put together.
  enum Reduction: String, OptionChoice { case sum, mean }
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.sum, "how the layers are put together")
  /// Features.
  public static let inputs = LossInput.freeFeatures

  private let options: Options
  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    layers = try setup.layers(options, lastOnly: true)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }

  /// Two.
  public let fewestImages = 2

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    terms(try inputs.pairs(), options)
  }

  /// Sum over the layers, or their mean.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.terms(layers.features(step), options).total }

  private static func terms(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> [LossTerm] {
    func table(_ feature: Tensor) -> Tensor {
      feature.flattened.scaleFree({ matrixProduct($0, $0, transposesSecond: true) }, perRow: false)
        .normalized(alongAxis: 1)
    }
    let sum = pairs.map { student, teacher in
      meanSquaredError(table(student), withoutRecording { table(teacher) })
    }.summed
    let value = options[Self.reduction] == .mean ? sum / Float(pairs.count) : sum
    return single(value).unless(pairs[0].student, isBelow: 2)
  }
}
