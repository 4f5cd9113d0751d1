import NeuralNetworks
import Support
import Tensors

/// Jacobian matching of a hidden layer (Srinivas & Fleuret, "Knowledge Transfer with Jacobian Matching", ICML 2018, arXiv
/// 1803.00443, section 4; from the paper, unchecked against code).
///
/// A = Σ_c |F_c| is a layer's attention. j = mean_B ‖J_s/‖J_s‖ − J_t/‖J_t‖‖², J the gradient with respect to the image of
/// A at its largest place: the teacher's, and in the student the place of the same middle. Beside it attention transfer in
/// its code's form, a = mean_{B,HW} (Q_s − Q_t)². The sum of both with their weights. The update needs second derivatives
/// of the student. Decided here, as the paper leaves it open: whose place, and the weights.
public final class JacobianMatching: DistillationMethod, TensorLoss {
  /// `jacobian-matching`.
  public static let entry = CatalogEntry(
    "jacobian-matching", "how the most active position of a layer responds to the pixels",
    paper: "Srinivas & Fleuret, Knowledge Transfer with Jacobian Matching, ICML 2018",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2018"), StepPart.fact(.features, .inputGradients),
      (key: "needs", value: "images, one map of each network; about three times the time of a step"),
      (key: "formula", value: "w_j mean_B ‖J_s/‖J_s‖ − J_t/‖J_t‖‖² + w_a mean_{B,HW} (Q_s − Q_t)², J = ∂(max A)/∂x"),
      (key: "recipe", value: "- { method: jacobian-matching, weight: 1 }"),
    ],
    options: [jacobianWeight.option, attentionWeight.option] + MethodSetup.lastLayerOptions)
  private static let jacobianWeight = OptionKey.number("jacobian-weight", 0...1e6, default: 1, "w_j, of the Jacobians")
  private static let attentionWeight = OptionKey.number(
    "attention-weight", 0...1e6, default: 1000, "w_a, of attention transfer")
  /// Gradients of the largest attention with respect to the images, and the maps.
  public static let inputs =
    LossInput.inputGradients + [
      LossInput("student.features.0", "B D V U"), LossInput("teacher.features.0", "B E Y X"),
    ]

  private let options: Options
  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    try setup.requireImages(for: Self.entry)
    self.options = options
    layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// Yes.
  public var needsImageGradients: Bool { true }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func side(_ name: String) throws -> Side {
      Side(map: try inputs.tensor("\(name).features.0"), jacobian: try inputs.tensor("\(name).input_gradients"))
    }
    return terms(try side("student"), try side("teacher"), options)
  }

  /// Both terms.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let images = step.batch.images.detached()
    images.setRequiresGradient(true)
    let pass = ForwardPass(.evaluation, features: layers.teacherFeatures, stopsWhenFound: true)
    _ = step.teacher(images, pass)
    let other = pass.feature(layers.point(layers.teacher[0]))
    let attention = Self.attention(other)
    let places = attention.argmaxOfRows()
    let target = gradients(of: attention.picked(places).sum(), with: [images])[0]
    let own = step.studentPass.feature(layers.point(layers.student[0]))
    let score = Self.attention(own).picked(places.map { Self.place($0, of: other, on: own) }).sum()
    let slope = step.studentInputGradients(of: score)
    return Self.terms(Side(map: own, jacobian: slope), Side(map: other.detached(), jacobian: target), options).total
  }

  /// What is compared of a network: [batch, height, width, channels], and the like of the images.
  private struct Side {
    let map: Tensor
    let jacobian: Tensor
  }

  /// Σ_c |F_c|, [batch, places].
  private static func attention(_ map: Tensor) -> Tensor { map.absolute().sum(alongAxes: [3]).flattened }

  /// The place of one map in which the middle of another one's place lies.
  private static func place(_ place: Int, of map: Tensor, on other: Tensor) -> Int {
    func scaled(_ index: Int, _ axis: Int) -> Int { (2 * index + 1) * other.shape[axis] / (2 * map.shape[axis]) }
    return scaled(place / map.shape[2], 1) * other.shape[2] + scaled(place % map.shape[2], 2)
  }

  private static func terms(_ student: Side, _ teacher: Side, _ options: Options) -> [LossTerm] {
    [
      LossTerm(
        "jacobian", directionDistance(student.jacobian, teacher.jacobian), weight: Float(options[Self.jacobianWeight])),
      LossTerm(
        "attention", AttentionTransfer.distance(student.map, teacher.map),
        weight: Float(options[Self.attentionWeight])),
    ]
  }
}
