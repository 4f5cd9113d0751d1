import NeuralNetworks
import Support
import Tensors

/// Contrastive representation distillation (CRD: Tian, Krishnan & Isola, ICLR 2020, arXiv 1910.10699, eq. 18, as
/// HobbitLong/RepDistiller has it), with its two memory banks.
///
/// Each side's embedding v, a trained linear map to 128 at length 1, is held against rows of the *other* side's memory: the
/// image's own (positive) and K of other classes (negatives). With a_k = exp(⟨v, m_k⟩/τ)/Z, c = K/N and ε = 1e-7 the loss of a
/// side is −mean_B [log(a_0/(a_0 + c + ε)) + Σ_k log(c/(a_k + c + ε))]. Z is set once, at the first batch of the training. The
/// rows of the batch's images are then blended with the new embeddings and brought back to length 1.
public final class CRD: DistillationMethod, TensorLoss {
  /// `crd`.
  public static let entry = CatalogEntry(
    "crd", "telling an image's teacher embedding from those of other classes, with memory banks",
    paper: "Tian, Krishnan & Isola, Contrastive Representation Distillation, ICLR 2020",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2020"), StepPart.fact(.features, .labels, .indices),
      (key: "needs", value: "a vector of each network, labels, indices of the images; at least 2 classes"),
      (key: "formula", value: "−mean_B [log(a_0/(a_0+c+ε)) + Σ_k log(c/(a_k+c+ε))] on both sides, c = K/N"),
      (key: "trainable", value: "a linear map to `width` on each side; memories of one row per training image"),
      (key: "recipe", value: "- { method: crd, weight: 0.8 }"),
    ],
    options: [temperature.option, negatives.option, width.option, momentum.option, mode.option] + EmbeddingPair.options)
  /// What is positive.
  enum Mode: String, OptionChoice { case exact, relax }
  private static let temperature = OptionKey.number("temperature", 0.005...10, default: 0.07, "τ; no unit")
  private static let negatives = OptionKey.integer(
    "negatives", 1...1_000_000, default: 16_384, "K, rows of other classes")
  private static let width = OptionKey.integer("width", 2...4096, default: 128, "width of the embeddings")
  private static let momentum = OptionKey.number("momentum", 0...1, default: 0.5, "share of the old row in the new one")
  private static let mode = OptionKey.choice(
    "mode", default: Mode.exact, "what is positive: the image itself, or any of its class")
  /// Embeddings, memories, the maps and which rows are asked for.
  public static let inputs =
    LossInput.embeddings + [
      LossInput("memory.student", "N W"), LossInput("memory.teacher", "N W"), LossInput("indices", "B", .integers),
      LossInput("contrast.indices", "B K", .integers), LossInput("parameters.embed.student.weight", "W D"),
      LossInput("parameters.embed.student.bias", "W"), LossInput("parameters.embed.teacher.weight", "W E"),
      LossInput("parameters.embed.teacher.bias", "W"),
    ]

  private let options: Options
  private let pair: EmbeddingPair
  private let maps: (student: Linear, teacher: Linear)
  private let bank: ContrastBank
  /// Memory, and whether negatives come twice.
  public let advice: String?

  /// - Throws: ``InputError`` if a layer does not exist or all images have one class.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let pair = try EmbeddingPair(options, setup, Self.entry.name)
    self.pair = pair
    let width = options[Self.width]
    maps = (
      Linear(pair.studentWidth, width, setup.initialiser), Linear(pair.teacherWidth, width, setup.initialiser)
    )
    let bank = try ContrastBank(
      setup, width: width, negatives: options[Self.negatives], isRelaxed: options[Self.mode] == .relax)
    self.bank = bank
    advice = bank.advice(batch: setup.batchSize)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// The two maps.
  public var modules: [(name: String, module: any Module)] {
    [("embed.student", maps.student), ("embed.teacher", maps.teacher)]
  }
  /// Memories and normalisers.
  public var state: [(name: String, tensor: Tensor)] { bank.state }

  /// The loss of tensors, terms `student` and `teacher`, with normalisers from this very batch.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let rows = try inputs.tensor("memory.student").shape[0]
    let contrast = try inputs.integers("contrast.indices")
    if let wrong = contrast.values.first(where: { !(0..<rows).contains($0) }) {
      throw InputError(
        inputs.place, "contrast.indices holds \(wrong)", remedy: "the memories have rows 0 to \(rows - 1)")
    }
    guard contrast.shape[1] >= 2 else {
      throw InputError(inputs.place, "contrast.indices has one column", remedy: "a positive and negatives are needed")
    }
    return try [("student", "teacher"), ("teacher", "student")].map { side, other in
      let map = (
        weight: try inputs.tensor("parameters.embed.\(side).weight"),
        bias: try inputs.tensor("parameters.embed.\(side).bias")
      )
      let embedding = linear(try inputs.tensor("\(side).embedding"), map.weight, bias: map.bias).normalized(
        alongAxis: 1)
      let (memory, temperature) = (try inputs.tensor("memory.\(other)"), options[Self.temperature])
      let normalizer = ContrastBank.normalizer(embedding, memory, contrast.values, temperature)
      return LossTerm(
        side, ContrastBank.loss(embedding, memory, contrast.values, temperature, normalizer: normalizer), weight: 1)
    }
  }

  /// Both sides; the memories are brought up to date afterwards.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    let own = maps.student(student).normalized(alongAxis: 1)
    let other = maps.teacher(teacher).normalized(alongAxis: 1)
    let loss = bank.loss(
      own, other, step.batch, step: step.clock.step, temperature: options[Self.temperature])
    bank.update(own, other, step.batch.indices, momentum: Float(options[Self.momentum]))
    return loss
  }
}
