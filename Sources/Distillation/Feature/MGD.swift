import NeuralNetworks
import Support
import Tensors

/// Masked generative distillation (MGD: Yang, Li, Shao, Shi, Yuan & Yuan, ECCV 2022, arXiv 2205.01529, eq. 3 to 5, as
/// yzd-v/cls_KD has it for classification).
///
/// 1/B Σ_{B,C,H,W} (G(m ⊙ a(F_s)) − F_t)²: from a map that is partly masked, a generator of two 3×3 convolutions with a ReLU
/// between must make the teacher's whole map. Masks are new in each step: whole channels, or places for dense tasks. a is
/// a 1×1 convolution where the channels differ.
public final class MGD: DistillationMethod, TensorLoss {
  /// `mgd`.
  public static let entry = CatalogEntry(
    "mgd", "generating the teacher's map from a masked map of the student",
    paper: "Yang, Li, Shao, Shi, Yuan & Yuan, Masked Generative Distillation, ECCV 2022",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2022"), StepPart.fact(.features),
      (key: "needs", value: "one map of each network with equal size"),
      (key: "formula", value: "1/B Σ_{B,C,H,W} (G(m ⊙ a(F_s)) − F_t)²"),
      (key: "trainable", value: "the generator G, and a 1×1 convolution a where the channels differ"),
      (key: "recipe", value: "- { method: mgd, weight: 0.0012 }"),
    ],
    options: [maskRatio.option, mask.option] + MethodSetup.lastLayerOptions)
  /// What is masked at once.
  enum Masking: String, OptionChoice { case channels, places }
  private static let maskRatio = OptionKey.number(
    "mask-ratio", 0...0.99, default: 0.15, "λ, the share that is masked; 0.5 to 0.65 for places")
  private static let mask = OptionKey.choice(
    "mask", default: Masking.channels, "whole channels of an image, or all channels of a place")
  /// Maps, the convolutions, and the mask, which is all ones where it is not given.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("teacher.features.0", "B E H W"),
    LossInput("mask", "B _ _ _", isOptional: true), LossInput("parameters.align.weight", "E C 1 1", isOptional: true),
    LossInput("parameters.align.bias", "E", isOptional: true), LossInput("parameters.generation.0.weight", "E E 3 3"),
    LossInput("parameters.generation.0.bias", "E"), LossInput("parameters.generation.1.weight", "E E 3 3"),
    LossInput("parameters.generation.1.bias", "E"),
  ]

  private typealias Layer = (weight: Tensor, bias: Tensor)
  private let options: Options
  private let layers: LayerPairs
  private let align: (weight: Parameter, bias: Parameter)?
  private let generation: [(weight: Parameter, bias: Parameter)]

  /// - Throws: ``InputError`` if a layer does not exist or the sizes differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: true, for: Self.entry.name, at: setup.place)
    self.layers = layers
    let (inputs, outputs) = (layers.student[0].output[2], layers.teacher[0].output[2])
    func layer(_ inputs: Int, kernel: Int) -> (weight: Parameter, bias: Parameter) {
      let fan = inputs * kernel * kernel
      return (
        Parameter(setup.initialiser.uniform([outputs, inputs, kernel, kernel], fanIn: fan), .weight),
        Parameter(setup.initialiser.uniform([outputs], fanIn: fan), .bias)
      )
    }
    align = inputs == outputs ? nil : layer(inputs, kernel: 1)
    generation = [layer(outputs, kernel: 3), layer(outputs, kernel: 3)]
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The convolutions.
  public var parameters: [(name: String, parameter: Parameter)] {
    let named =
      (align.map { [("align", $0)] } ?? [])
      + generation.enumerated().map { ("generation.\($0.offset)", $0.element) }
    return named.flatMap { name, layer in [("\(name).weight", layer.weight), ("\(name).bias", layer.bias)] }
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func layer(_ name: String) throws -> Layer {
      (try inputs.tensor("parameters.\(name).weight"), try inputs.tensor("parameters.\(name).bias"))
    }
    let (student, teacher) = (try inputs.tensor("student.features.0"), try inputs.tensor("teacher.features.0"))
    let align = inputs.has("parameters.align.weight") ? try layer("align") : nil
    guard align != nil || student.shape == teacher.shape else {
      throw InputError(
        inputs.place, "student and teacher have \(student.shape[3]) and \(teacher.shape[3]) channels",
        remedy: "equal ones are needed, or parameters.align")
    }
    let mask = inputs.optional("mask")
    if let mask, zip(mask.shape.dimensions, teacher.shape.dimensions).contains(where: { $0 != $1 && $0 != 1 }) {
      throw InputError(
        inputs.place, "mask does not go with a map of \(teacher.shape)", remedy: "it needs [B, C, 1, 1] or [B, 1, H, W]"
      )
    }
    return single(value(student, teacher, mask, align, try (0..<2).map { try layer("generation.\($0)") }))
  }

  /// With a new mask in each step.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.features(step)[0]
    let shape = teacher.shape
    let ratio = Float(options[Self.maskRatio])
    let isChannels = options[Self.mask] == .channels
    let draws = Tensor.uniform(
      isChannels ? [shape[0], 1, 1, shape[3]] : [shape[0], shape[1], shape[2], 1], in: 0..<1, step.random)
    func tensors(_ layer: (weight: Parameter, bias: Parameter)) -> Layer { (layer.weight.tensor, layer.bias.tensor) }
    return Self.value(
      student, teacher, draws.mask { $0 >= ratio }, align.map(tensors), generation.map(tensors))
  }

  private static func value(
    _ student: Tensor, _ teacher: Tensor, _ mask: Tensor?, _ align: Layer?, _ generation: [Layer]
  ) -> Tensor {
    let aligned = align.map { convolution(student, $0.weight, bias: $0.bias) } ?? student
    let made = generation.enumerated().reduce(mask.map { aligned * $0 } ?? aligned) { x, layer in
      let output = convolution(x, layer.element.weight, bias: layer.element.bias, padding: 1)
      return layer.offset == 0 ? output.relu() : output
    }
    return (made - teacher).sumOfSquares() / Float(teacher.shape[0])
  }
}
