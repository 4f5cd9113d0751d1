import NeuralNetworks
import Support
import Tensors

/// Probabilistic knowledge transfer (Passalis & Tefas, ECCV 2018, arXiv 1803.10837, eq. 9 with the cosine kernel).
///
/// mean_{B×B} P_t log((P_t + ε) / (P_s + ε)), P_ij = c_ij / Σ_j c_ij, c = (cos + 1)/2 with the diagonal, ε = 1e-7.
public final class ProbabilisticTransfer: DistillationMethod, TensorLoss {
  /// `pkt`.
  public static let entry = CatalogEntry(
    "pkt", "the probability that one image of a batch picks another, by cosine",
    paper: "Passalis & Tefas, Learning Deep Representations with Probabilistic Knowledge Transfer, ECCV 2018",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2018"),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images"),
      (key: "formula", value: "mean_{B×B} P_t log((P_t + 1e-7)/(P_s + 1e-7)), P = (cos + 1)/2 over its row's sum"),
      (key: "recipe", value: "- { method: pkt, weight: 30000 }"),
    ], options: EmbeddingPair.options)
  /// Embeddings.
  public static let inputs = LossInput.embeddings

  private let pair: EmbeddingPair

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    pair = try EmbeddingPair(options, setup, Self.entry.name)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.embedding"), try inputs.tensor("teacher.embedding")))
  }

  /// The divergence of the pick probabilities.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.value(student, teacher)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor) -> Tensor {
    func probabilities(_ x: Tensor) -> Tensor {
      let unit = x / (x.norm(alongAxes: [1], keepsAxes: true) + 1e-7)
      let kernel = (matrixProduct(unit, unit, transposesSecond: true) + 1) * 0.5
      return kernel / kernel.sum(alongAxes: [1], keepsAxes: true)
    }
    let target = withoutRecording { probabilities(teacher) }
    let reference = withoutRecording { (target + 1e-7).log() }
    return (target * (reference - (probabilities(student) + 1e-7).log())).mean()
  }
}
