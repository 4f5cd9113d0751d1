import Foundation
import NeuralNetworks
import Support
import Tensors

/// Correlation congruence (Peng et al., ICCV 2019, arXiv 1904.01802, eq. 5 with the Gaussian kernel as a Taylor series).
///
/// mean_{B×B} (K_s − K_t)², K_ij = e^{−2γ} Σ_{p=0}^{P} (2γ)^p/p! (e_i · e_j)^p with e at length 1. With `embed` a trained
/// linear map, bias included, brings each side to that width first, as in the paper. `bilinear` is the paper's other
/// kernel, K = x xᵀ of vectors as they are. `sampler: class-uniform` draws batches as the paper's first sampler: k classes,
/// m images of each.
///
/// `repdistiller` reproduces that repository's table: with Δ = |u − v| of the mapped vectors, the mean over b of Δ_b · Δ_{b+1}.
/// It compares neighbours in the order of the batch, and is least where both maps have shrunk to 0.
public final class CorrelationCongruence: DistillationMethod, TensorLoss {
  /// `correlation-congruence`.
  public static let entry = CatalogEntry(
    "correlation-congruence", "a Gaussian kernel between the embeddings of a batch",
    paper: "Peng, Jin, Liu, Zhou, Wu, Liu, Li & Zhang, Correlation Congruence for Knowledge Distillation, ICCV 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images"),
      (key: "formula", value: "mean_{B×B} (K_s − K_t)², K = e^{−2γ} Σ_p (2γ)^p/p! (e·e')^p"),
      (key: "trainable", value: "with embed: a linear map on each side"),
      (key: "recipe", value: "- { method: correlation-congruence, weight: 100 }"),
    ],
    options: [gamma.option, order.option, embed.option, variant.option] + BatchOrder.options + EmbeddingPair.options)
  /// Which table is compared.
  enum Variant: String, OptionChoice { case taylor, bilinear, repdistiller }
  private static let gamma = OptionKey.number("gamma", 1e-3...100, default: 0.4, "γ, width of the kernel")
  private static let order = OptionKey.integer("order", 1...12, default: 2, "P, terms of the series")
  private static let embed = OptionKey.integer(
    "embed", 0...4096, "width of the trained maps; 0 for none; unless given 0, and 128 for the variant repdistiller")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.taylor,
    "the paper's two kernels, or RepDistiller's products of neighbours, which are no correlation")
  /// Embeddings, and the maps where there are some.
  public static let inputs =
    LossInput.embeddings + [
      LossInput("parameters.embed.student.weight", "W D", isOptional: true),
      LossInput("parameters.embed.student.bias", "W", isOptional: true),
      LossInput("parameters.embed.teacher.weight", "W E", isOptional: true),
      LossInput("parameters.embed.teacher.bias", "W", isOptional: true),
    ]

  private let options: Options
  private let pair: EmbeddingPair
  private let maps: (student: Linear, teacher: Linear)?
  /// As `sampler` says.
  public let batchOrder: BatchOrder

  /// - Throws: ``InputError`` if a layer does not exist, or a batch is no whole number of classes.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    batchOrder = try BatchOrder(options, setup)
    let pair = try EmbeddingPair(options, setup, Self.entry.name)
    self.pair = pair
    let width = options[Self.embed] ?? (options[Self.variant] == .repdistiller ? 128 : 0)
    guard width > 0 || options[Self.variant] != .repdistiller || pair.studentWidth == pair.teacherWidth else {
      throw InputError(
        setup.place, "the vectors have \(pair.studentWidth) and \(pair.teacherWidth) values",
        remedy: "variant: repdistiller needs embed above 0")
    }
    maps =
      width > 0
      ? (Linear(pair.studentWidth, width, setup.initialiser), Linear(pair.teacherWidth, width, setup.initialiser)) : nil
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// The maps, where there are some.
  public var modules: [(name: String, module: any Module)] {
    maps.map { [("embed.student", $0.student), ("embed.teacher", $0.teacher)] } ?? []
  }

  /// Two.
  public let fewestImages = 2

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func embedded(_ side: String) throws -> Tensor {
      let vector = try inputs.tensor("\(side).embedding")
      guard let weight = inputs.optional("parameters.embed.\(side).weight") else { return vector }
      return linear(vector, weight, bias: inputs.optional("parameters.embed.\(side).bias"))
    }
    let (student, teacher) = (try embedded("student"), try embedded("teacher"))
    guard options[Self.variant] != .repdistiller || student.shape == teacher.shape else {
      throw InputError(
        inputs.place, "the embeddings are \(student.shape) and \(teacher.shape)",
        remedy: "variant: repdistiller needs equal widths: give parameters.embed.student and .teacher")
    }
    return terms(student, teacher, options)
  }

  /// The loss of the variant.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.terms(maps?.student(student) ?? student, maps?.teacher(teacher) ?? teacher, options).total
  }

  private static func terms(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> [LossTerm] {
    let value =
      switch options[Self.variant] {
      case .bilinear: meanSquaredError(bilinear(student), bilinear(teacher))
      case .repdistiller: neighbouringProducts((student - teacher).absolute())
      case .taylor: meanSquaredError(gaussian(student, options), gaussian(teacher, options))
      }
    return single(value).unless(student, isBelow: 2)
  }

  /// x xᵀ.
  private static func bilinear(_ x: Tensor) -> Tensor { matrixProduct(x, x, transposesSecond: true) }

  /// e^{−2γ} Σ_p (2γ)^p/p! (e · e')^p with e at length 1.
  private static func gaussian(_ x: Tensor, _ options: Options) -> Tensor {
    let (gamma, order) = (options[Self.gamma], options[Self.order])
    let cosines = bilinear(x.normalized(alongAxis: 1))
    var factor = exp(-2 * gamma)
    var power: Tensor?
    var sum = cosines * 0 + Float(factor)
    for p in 1...order {
      factor *= 2 * gamma / Double(p)
      let next = power.map { $0 * cosines } ?? cosines
      sum = sum + next * Float(factor)
      power = next
    }
    return sum
  }

  /// Mean over neighbours in the batch of the inner product of their differences.
  private static func neighbouringProducts(_ differences: Tensor) -> Tensor {
    let count = differences.shape[0]
    guard count > 1 else { return differences.nothing }
    let products = differences.slice(0..<count - 1, alongAxis: 0) * differences.slice(1..<count, alongAxis: 0)
    return products.sum() / Float(count - 1)
  }
}
