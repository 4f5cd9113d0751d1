import NeuralNetworks
import Support
import Tensors

/// Neuron selectivity transfer (Huang & Wang, "Like What You Like", 2017, arXiv 1707.01219, eq. 8: maximum mean
/// discrepancy with the squared kernel).
///
/// Per layer k(t,t) + k(s,s) − 2 k(s,t), k(a,b) = mean_{B,i,j} (a_i · b_j)², a_i the map of channel i at length 1.
public final class NeuronSelectivity: DistillationMethod, TensorLoss {
  /// `nst`.
  public static let entry = CatalogEntry(
    "nst", "the distribution of the channels' maps",
    paper: "Huang & Wang, Like What You Like: Knowledge Distill via Neuron Selectivity Transfer, 2017",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2017"), (key: "needs", value: "maps of both networks"),
      (key: "formula", value: "Σ_layers k(t,t) + k(s,s) − 2k(s,t), k(a,b) = mean_{B,i,j} (a_i·b_j)²"),
      (key: "recipe", value: "- { method: nst, weight: 50 }"),
    ], options: MethodSetup.layerOptions)
  /// Features.
  public static let inputs = LossInput.freeFeatures

  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    layers = try setup.layers(options)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.pairs()))
  }

  /// Sum over the layers.
  public func loss(_ step: KnowledgeStep) -> Tensor { Self.value(layers.features(step)) }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)]) -> Tensor {
    pairs.map { student, teacher in
      let (own, other) = matchedSizes(student, teacher)
      let s = own.places.normalized(alongAxis: 1)
      let t = withoutRecording { other.places.normalized(alongAxis: 1) }
      func kernel(_ a: Tensor, _ b: Tensor) -> Tensor {
        batchedMatrixProduct(a, b, transposesFirst: true).squared().mean()
      }
      return withoutRecording { kernel(t, t) } + kernel(s, s) - kernel(s, t) * 2
    }.summed
  }
}
