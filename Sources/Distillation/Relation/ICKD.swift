import NeuralNetworks
import Support
import Tensors

/// Inter-channel correlation (ICKD-C: Liu et al., "Exploring Inter-Channel Correlation for Diversity-Preserved Knowledge
/// Distillation", ICCV 2021, arXiv 2202.03680, eq. 3, as its code has it).
///
/// Per layer 1/(B·C) Σ (G_s − G_t)², G = F Fᵀ over the places with every row at length 1; the paper has 1/C² for each
/// image. In training the student's map first
/// passes a 1×1 convolution to the teacher's width with batch normalisation. With `grid-rows` and `grid-columns` the maps
/// are cut into patches, and the loss is the mean of those of the patches (the paper's ICKD-S for dense tasks; from the
/// specification, the mean over patches unchecked).
public final class ICKD: DistillationMethod, TensorLoss {
  /// `ickd`.
  public static let entry = CatalogEntry(
    "ickd", "how similar the channels of a layer are",
    paper: "Liu, Huang, Lin, Xie, Wang, Wang, Liang, Chang & Liang, Exploring Inter-Channel Correlation, ICCV 2021",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2021"), StepPart.fact(.features),
      (key: "needs", value: "one map of each network"),
      (key: "formula", value: "1/(B·C) Σ (G_s − G_t)², G = F Fᵀ, rows at length 1"),
      (key: "trainable", value: "a 1×1 convolution with batch normalisation on the student"),
      (key: "recipe", value: "- { method: ickd, weight: 2.5 }"),
    ],
    options: [gridRows.option, gridColumns.option, reduction.option] + MethodSetup.lastLayerOptions)
  /// What the sum is divided by.
  enum Reduction: String, OptionChoice { case code, paper }
  private static let gridRows = OptionKey.integer(
    "grid-rows", 1...1024, default: 1, "patches below each other that the maps are cut into")
  private static let gridColumns = OptionKey.integer(
    "grid-columns", 1...1024, default: 1, "patches beside each other, for dense tasks")
  private static let reduction = OptionKey.choice(
    "reduction", default: Reduction.code, "divide by B·C as the released code, or by B·C² as the paper")
  /// Features, and the connector where there is one.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B E* V* U*"),
    LossInput("parameters.embed.weight", "E*0 C*0 1 1", isOptional: true),
    LossInput("parameters.embed.norm.weight", "E*0", isOptional: true),
    LossInput("parameters.embed.norm.bias", "E*0", isOptional: true),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let connector: Connector

  /// - Throws: ``InputError`` if a layer does not exist or cannot be cut into the grid.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    for layer in layers.student + layers.teacher {
      try Self.requireGrid(options, height: layer.output[0], width: layer.output[1], of: layer.name, at: setup.place)
    }
    self.options = options
    self.layers = layers
    connector = Connector(layers.student[0].output[2], layers.teacher[0].output[2], setup.initialiser)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connector.
  public var modules: [(name: String, module: any Module)] { [("embed", connector)] }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    var pairs = try inputs.pairs()
    if let weight = inputs.optional("parameters.embed.weight") {
      let normalized = batchNormalization(
        convolution(pairs[0].student, weight), scale: try inputs.tensor("parameters.embed.norm.weight"),
        shift: try inputs.tensor("parameters.embed.norm.bias"))
      pairs[0].student = normalized.output
    }
    for (student, teacher) in pairs where student.shape[3] != teacher.shape[3] {
      throw InputError(
        inputs.place, "student and teacher have \(student.shape[3]) and \(teacher.shape[3]) channels",
        remedy: "equal ones are needed, or parameters.embed")
    }
    for (layer, pair) in pairs.enumerated() {
      for (side, map) in [("student", pair.student), ("teacher", pair.teacher)] {
        try requireGrid(
          options, height: map.shape[1], width: map.shape[2], of: "\(side).features.\(layer)", at: inputs.place)
      }
    }
    return single(value(pairs, options))
  }

  /// Squared difference of the channels' similarities.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.value(
      layers.features(step).map { (student: connector($0.student, step.studentPass), teacher: $0.teacher) }, options)
  }

  private static func requireGrid(_ options: Options, height: Int, width: Int, of name: String, at place: String) throws
  {
    let (rows, columns) = (options[Self.gridRows], options[Self.gridColumns])
    guard height % rows == 0, width % columns == 0 else {
      throw InputError(
        place, "\(name) is \(height)×\(width), which a grid of \(rows)×\(columns) does not divide",
        remedy: "grid-rows and grid-columns must divide height and width")
    }
  }

  /// The map's patches as so many maps of more images: [patches · batch, height of a patch, width of a patch, channels].
  private static func patches(_ map: Tensor, _ options: Options) -> Tensor {
    let (rows, columns) = (options[Self.gridRows], options[Self.gridColumns])
    guard rows * columns > 1 else { return map }
    let (height, width) = (map.shape[1] / rows, map.shape[2] / columns)
    let cut = (0..<rows).flatMap { row in
      let band = map.slice(row * height..<(row + 1) * height, alongAxis: 1)
      return (0..<columns).map { band.slice($0 * width..<($0 + 1) * width, alongAxis: 2) }
    }
    return concatenated(cut, alongAxis: 0)
  }

  private static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    func table(_ map: Tensor) -> Tensor {
      map.places.scaleFree(gramMatrices).normalized(alongAxis: 2)
    }
    return pairs.map { pair in
      let (student, teacher) = (patches(pair.student, options), patches(pair.teacher, options))
      let difference = table(student) - withoutRecording { table(teacher) }
      let (batch, channels) = (student.shape[0], student.shape[3])
      let count = batch * channels * (options[Self.reduction] == .paper ? channels : 1)
      return difference.sumOfSquares() / Float(count)
    }.summed
  }
}
