import Foundation
import NeuralNetworks
import Support
import Tensors

/// Correlation congruence (Peng et al., ICCV 2019, arXiv 1904.01802, eq. 5 with the Gaussian kernel as a Taylor series).
///
/// mean_{B×B} (K_s − K_t)², K_ij = e^{−2γ} Σ_{p=0}^{P} (2γ)^p/p! (e_i · e_j)^p with e at length 1. With `embed` a trained
/// linear map, bias included, brings each side to that width first, as in the paper.
public final class CorrelationCongruence: DistillationMethod, TensorLoss {
  /// `correlation-congruence`.
  public static let entry = CatalogEntry(
    "correlation-congruence", "a Gaussian kernel between the embeddings of a batch",
    paper: "Peng, Jin, Liu, Zhou, Wu, Liu, Li & Zhang, Correlation Congruence for Knowledge Distillation, ICCV 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images"),
      (key: "formula", value: "mean_{B×B} (K_s − K_t)², K = e^{−2γ} Σ_p (2γ)^p/p! (e·e')^p"),
      (key: "trainable", value: "with embed: a linear map on each side"),
      (key: "recipe", value: "- { method: correlation-congruence, weight: 100 }"),
    ],
    options: [
      OptionDescription("gamma", .number(1e-3...100), default: .number(0.4), "γ, width of the kernel"),
      OptionDescription("order", .integer(1...12), default: .number(2), "P, terms of the series"),
      OptionDescription("embed", .integer(0...4096), default: .number(0), "width of the trained maps; 0 for none"),
    ] + EmbeddingPair.options)
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

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let pair = try EmbeddingPair(options, setup, Self.entry.name)
    self.pair = pair
    let width = options.integer("embed")
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

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func embedded(_ side: String) throws -> Tensor {
      let vector = try inputs.tensor("\(side).embedding")
      guard let weight = inputs.optional("parameters.embed.\(side).weight") else { return vector }
      return linear(vector, weight, bias: inputs.optional("parameters.embed.\(side).bias"))
    }
    return single(value(try embedded("student"), try embedded("teacher"), options))
  }

  /// Squared difference of the kernels.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.value(maps?.student(student) ?? student, maps?.teacher(teacher) ?? teacher, options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let (gamma, order) = (options.number("gamma"), options.integer("order"))
    func kernel(_ x: Tensor) -> Tensor {
      let unit = x.normalized(alongAxis: 1)
      let cosines = matrixProduct(unit, unit, transposesSecond: true)
      var factor = exp(-2 * gamma)
      var power: Tensor?
      var sum = cosines * 0 + Float(factor)
      for p in 1...order {
        factor *= 2 * gamma / Double(p)
        power = power.map { $0 * cosines } ?? cosines
        if let power { sum = sum + power * Float(factor) }
      }
      return sum
    }
    return meanSquaredError(kernel(student), kernel(teacher))
  }
}
