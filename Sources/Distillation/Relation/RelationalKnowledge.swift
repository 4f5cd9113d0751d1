import NeuralNetworks
import Support
import Tensors

/// Relational knowledge distillation (Park, Kim, Lu & Cho, CVPR 2019, arXiv 1904.05068, eq. 5 and 8): distances between
/// images, and the angles that triples of them form.
///
/// Distances: smooth L1 between ‖x_i − x_j‖ / mean of the positive ones, mean over B² with the zero diagonal. Angles:
/// smooth L1 between the cosines at vertex i of (j, k), mean over B³ with the degenerate triples. Gradients flow through
/// the student's mean distance.
public final class RelationalKnowledge: DistillationMethod, TensorLoss {
  /// `rkd`.
  public static let entry = CatalogEntry(
    "rkd", "distances and angles between the embeddings of a batch",
    paper: "Park, Kim, Lu & Cho, Relational Knowledge Distillation, CVPR 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images, 3 for angles"),
      (key: "formula", value: "w_D smoothL1(d_s/μ_s, d_t/μ_t) + w_A smoothL1(cos_s, cos_t)"),
      (key: "recipe", value: "- { method: rkd, distance-weight: 25, angle-weight: 50, weight: 1 }"),
    ],
    options: [
      OptionDescription("distance-weight", .number(0...1e6), default: .number(25), "weight of the distances"),
      OptionDescription("angle-weight", .number(0...1e6), default: .number(50), "weight of the angles"),
    ] + EmbeddingPair.options)
  /// Embeddings.
  public static let inputs = LossInput.embeddings

  private let options: Options
  private let pair: EmbeddingPair

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    pair = try EmbeddingPair(options, setup, Self.entry.name)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }

  /// The loss of tensors, terms `distance` and `angle`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    terms(try inputs.tensor("student.embedding"), try inputs.tensor("teacher.embedding"), options)
  }

  /// Distances and angles, weighted.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.terms(student, teacher, options).total
  }

  private static func terms(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> [LossTerm] {
    [
      LossTerm(
        "distance", smoothL1(relativeDistances(student), withoutRecording { relativeDistances(teacher) }),
        weight: Float(options.number("distance-weight"))),
      LossTerm(
        "angle", smoothL1(angles(student), withoutRecording { angles(teacher) }),
        weight: Float(options.number("angle-weight"))),
    ]
  }

  /// ‖x_i − x_j‖ over the mean of the positive ones, diagonal 0: [B, B]. One image: 0.
  private static func relativeDistances(_ x: Tensor) -> Tensor {
    let count = x.shape[0]
    guard count > 1 else { return x.sum().reshaped([1, 1]) * 0 }
    let table = distances(x, x, floor: 1e-12) * offDiagonal(count)
    return table / (table.sum() / Float(count * (count - 1)))
  }

  /// cos of the angle at i between j and k: [B, B, B], 0 where two of them are the same place.
  private static func angles(_ x: Tensor) -> Tensor {
    let (count, width) = (x.shape[0], x.shape[1])
    let edges = x.reshaped([1, count, width]) - x.reshaped([count, 1, width])
    let directions = edges.normalized(alongAxis: 2)
    return batchedMatrixProduct(directions, directions, transposesSecond: true)
  }
}

/// 1 everywhere but on the diagonal.
func offDiagonal(_ count: Int) -> Tensor {
  Tensor((0..<count * count).map { $0 / count == $0 % count ? 0 : 1 }, shape: [count, count])
}
