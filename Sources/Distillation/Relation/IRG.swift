import NeuralNetworks
import Support
import Tensors

/// Instance relationship graph (Liu et al., "Knowledge Distillation via Instance Relationship Graph", CVPR 2019, eq. 6
/// to 10, as AberHu/Knowledge-Distillation-Zoo has it).
///
/// Vertices: the logits. Edges: squared distances between the images over their largest, in two maps and the vector.
/// Transformation: how far each image moves from the first map to the second, over the largest move.
public final class IRG: DistillationMethod, TensorLoss {
  /// `irg`.
  public static let entry = CatalogEntry(
    "irg", "a graph of the batch: logits, distances within three layers, and their change between two",
    paper: "Liu, Cao, Li, Yuan, Hu, Li & Duan, Knowledge Distillation via Instance Relationship Graph, CVPR 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"), StepPart.fact(.logits, .features),
      (
        key: "needs",
        value: "logits, a vector and two maps of each network; the second map has as many channels or twice"
      ),
      (key: "formula", value: "w_v MSE(z_s, z_t) + w_e mean_layers MSE(E_s, E_t) + w_τ MSE(τ_s, τ_t)"),
      (key: "recipe", value: "- { method: irg, weight: 1 }"),
    ],
    options: [vertexWeight.option, edgeWeight.option, transformationWeight.option, maximum.option]
      + MethodSetup.layerOptions)
  /// How gradients see the largest distance and move.
  enum Maximum: String, OptionChoice { case differentiated, constant }
  private static let vertexWeight = OptionKey.number("vertex-weight", 0...1e6, default: 0.1, "weight of the logits")
  private static let edgeWeight = OptionKey.number("edge-weight", 0...1e6, default: 5, "weight of the distances")
  private static let transformationWeight = OptionKey.number(
    "transformation-weight", 0...1e6, default: 5, "weight of the moves")
  private static let maximum = OptionKey.choice(
    "maximum", default: Maximum.differentiated,
    "whether gradients flow through the largest distance and move; in the authors' code they do not")
  /// Two maps, vector and logits of both.
  public static let inputs = ["student", "teacher"].flatMap { side -> [LossInput] in
    let letter = side == "student" ? "S" : "T"
    return [
      LossInput("\(side).features.*", "B C\(letter)* H\(letter)* W\(letter)*"),
      LossInput("\(side).embedding", "B D\(letter)"), LossInput("\(side).logits", "B C"),
    ]
  }

  private let options: Options
  private let layers: LayerPairs
  private let pair: EmbeddingPair

  /// - Throws: ``InputError`` if a layer does not exist, the class counts differ, or channels neither agree nor double.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    pair = try EmbeddingPair(
      try Options([:], for: CatalogEntry("", "", options: EmbeddingPair.options), at: ""), setup, "irg")
    layers = try setup.layers(options, 2...2, lastCount: 2)
    for points in [layers.student, layers.teacher] {
      let (first, second) = (points[0].output, points[1].output)
      guard first.rank == 3, second.rank == 3, [first[2], 2 * first[2]].contains(second[2]), first[0] >= second[0],
        first[1] >= second[1]
      else {
        throw InputError(
          setup.place, "irg compares \(points[0].name) \(first) with \(points[1].name) \(second)",
          remedy: "the second map must be no larger and have as many channels or twice as many")
      }
    }
  }

  /// Both maps and the vector.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures.union(pair.studentFeatures) }
  /// Both maps and the vector.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures.union(pair.teacherFeatures) }

  /// Two: of one image the logits alone teach.
  public let fewestImages = 2

  /// The loss of tensors, terms `vertex`, `edge` and `transformation`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func side(_ name: String) throws -> Side {
      let maps = try inputs.series("\(name).features")
      guard maps.count == 2, [maps[0].shape[3], 2 * maps[0].shape[3]].contains(maps[1].shape[3]) else {
        throw InputError(
          inputs.place, "\(name).features.* are \(maps.map { "\($0.shape)" }.joined(separator: ", ")) (channels last)",
          remedy: "two maps are needed, the second with as many channels or twice as many")
      }
      return Side(
        maps: maps, vector: try inputs.tensor("\(name).embedding"), logits: try inputs.tensor("\(name).logits"))
    }
    return terms(try side("student"), try side("teacher"), options)
  }

  /// The graph's three parts, weighted.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (features, vectors) = (layers.features(step), pair.vectors(step))
    return Self.terms(
      Side(maps: features.map(\.student), vector: vectors.student, logits: step.studentLogits),
      Side(maps: features.map(\.teacher), vector: vectors.teacher, logits: step.teacherLogits), options
    ).total
  }

  private struct Side {
    let maps: [Tensor]
    let vector: Tensor
    let logits: Tensor

    /// Squared distances over their largest; 0 where all images coincide.
    func edges(isConstant: Bool) -> [Tensor] {
      ([vector] + maps).map {
        overLargest($0.flattened, isConstant) { squaredDistances(among: $0) }
      }
    }

    /// Squares of rows over their largest; 0 with gradient 0 where all of them are 0.
    private func overLargest(_ rows: Tensor, _ isConstant: Bool, _ squares: (Tensor) -> Tensor) -> Tensor {
      let values = rows.scaleFree(squares, perRow: false)
      let largest = values.reshaped([values.count]).largest(alongAxis: 0)
      guard largest.item != 0 else { return values * 0 }
      return values / (isConstant ? largest.detached() : largest)
    }

    /// How far each image moves, over the farthest.
    func moves(isConstant: Bool) -> Tensor {
      let (second, channels) = (maps[1], maps[0].shape[3])
      let size = HeightWidth(height: second.shape[1], width: second.shape[2])
      let first = maps[0].shape == second.shape ? maps[0] : adaptiveAveragePooling(maps[0], to: size)
      var target = second
      if second.shape[3] == 2 * channels {
        target = second.reshaped([second.shape[0], size.height, size.width, channels, 2]).mean(alongAxes: [4])
      }
      return overLargest((first - target).flattened, isConstant) { $0.sumOfSquares(alongAxes: [1]) }
    }
  }

  private static func terms(_ student: Side, _ teacher: Side, _ options: Options) -> [LossTerm] {
    let isConstant = options[Self.maximum] == .constant
    let (edges, moves) = withoutRecording { (teacher.edges(isConstant: true), teacher.moves(isConstant: true)) }
    let own = student.edges(isConstant: isConstant)
    let edge = zip(own, edges).map { meanSquaredError($0, $1) }.summed / Float(own.count)
    let vertex = LossTerm(
      "vertex", meanSquaredError(student.logits, teacher.logits.detached()),
      weight: Float(options[Self.vertexWeight]))
    let relations = [
      LossTerm("edge", edge, weight: Float(options[Self.edgeWeight])),
      LossTerm(
        "transformation", meanSquaredError(student.moves(isConstant: isConstant), moves),
        weight: Float(options[Self.transformationWeight])),
    ]
    return [vertex] + relations.unless(student.vector, isBelow: 2)
  }
}
