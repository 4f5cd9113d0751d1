import Models
import NeuralNetworks
import Support
import Tensors

/// Softmax regression representation learning (SRRL: Yang, Martinez, Bulat & Tzimiropoulos, ICLR 2021, eq. 3 and 6).
///
/// mean_{B,C} (GAP(F_s) − GAP(F_t))² + mean_{B,classes} (W GAP(F_s) + b − z_t)²: the student's features, brought to the
/// teacher's channels by a 1×1 convolution with batch normalisation and ReLU, must also serve the teacher's own classifier.
public final class SRRL: DistillationMethod, TensorLoss {
  /// `srrl`.
  public static let entry = CatalogEntry(
    "srrl", "pooled features, and the teacher's classifier applied to them",
    paper: "Yang, Martinez, Bulat & Tzimiropoulos, Knowledge Distillation via Softmax Regression, ICLR 2021",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2021"), StepPart.fact(.logits, .features),
      (key: "needs", value: "the last map of each network; a teacher with one linear classifier on its pooled map"),
      (key: "formula", value: "mean (GAP(F_s) − GAP(F_t))² + mean (W_t GAP(F_s) + b_t − z_t)²"),
      (key: "trainable", value: "a 1×1 convolution with batch normalisation on the student"),
      (key: "recipe", value: "- { method: srrl, weight: 1 }"),
    ],
    options: [variant.option] + MethodSetup.lastLayerOptions)
  /// What the connector works on.
  enum Variant: String, OptionChoice { case map, pooled }
  private static let variant = OptionKey.choice(
    "variant", default: Variant.map,
    "the connector works on the map (authors' code), or on the pooled map (SimKD's code)")
  /// Maps, the teacher's classifier and logits.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("teacher.features.0", "B C V U"),
    LossInput("teacher.classifier.weight", "N C"), LossInput("teacher.classifier.bias", "N"),
    LossInput("teacher.logits", "B N"),
  ]

  private let layers: LayerPairs
  private let connector: Connector
  private let classifier: (weight: Tensor, bias: Tensor)
  private let poolsFirst: Bool

  /// - Throws: ``InputError`` if a layer does not exist or the teacher's classifier does not read the pooled map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    let channels = layers.teacher[0].output[2]
    classifier = try setup.teacherClassifier(reading: channels, for: Self.entry.name)
    poolsFirst = options[Self.variant] == .pooled
    connector = Connector(layers.student[0].output[2], channels, setup.initialiser, isHeNormal: !poolsFirst)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connector.
  public var modules: [(name: String, module: any Module)] { [("connector", connector)] }

  /// The loss of tensors, terms `features` and `regression`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    terms(
      try inputs.tensor("student.features.0"), try inputs.tensor("teacher.features.0"),
      (try inputs.tensor("teacher.classifier.weight"), try inputs.tensor("teacher.classifier.bias")),
      try inputs.tensor("teacher.logits"))
  }

  /// Both parts.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.features(step)[0]
    let map =
      poolsFirst
      ? globalAveragePooling(student).reshaped([student.shape[0], 1, 1, student.shape[3]]) : student
    let connected = connector(map, step.studentPass, relu: true)
    return Self.terms(connected, teacher, classifier, step.teacherLogits).total
  }

  private static func terms(
    _ student: Tensor, _ teacher: Tensor, _ classifier: (weight: Tensor, bias: Tensor), _ logits: Tensor
  ) -> [LossTerm] {
    let own = globalAveragePooling(student)
    let other = withoutRecording { globalAveragePooling(teacher) }
    let answers = linear(own, classifier.weight.detached(), bias: classifier.bias.detached())
    return [
      LossTerm("features", meanSquaredError(own, other), weight: 1),
      LossTerm("regression", meanSquaredError(answers, logits.detached()), weight: 1),
    ]
  }
}

extension MethodSetup {
  /// Weight [classes, features] and bias [classes] of the teacher's last layer, constants.
  ///
  /// - Parameters:
  ///   - features: width of what the classifier must read.
  ///   - method: for the error line.
  /// - Returns: copies that no training changes.
  /// - Throws: ``InputError`` if the last layer is not linear or reads something else.
  func teacherClassifier(reading features: Int, for method: String) throws -> (weight: Tensor, bias: Tensor) {
    try classifier(of: teacher, reading: features, for: method)
  }

  /// Weight [classes, features] and bias [classes] of a teacher's last layer; as ``teacherClassifier(reading:for:)``.
  func classifier(of teacher: any Network, reading features: Int, for method: String) throws -> (
    weight: Tensor, bias: Tensor
  ) {
    let name = teacher.layers.last?.name ?? ""
    let parameters = teacher.namedParameters.filter { $0.name.hasPrefix("\(name).") }.map(\.parameter.tensor)
    guard parameters.count == 2, parameters[0].shape.rank == 2, parameters[0].shape[1] == features else {
      throw InputError(
        place,
        "\(method) needs a teacher whose last layer reads \(features) pooled channels; \(name) of "
          + "\(teacher.specification.name) does not", remedy: "take a teacher with one linear layer behind its last map"
      )
    }
    return (parameters[0].detached(), parameters[1].detached())
  }
}
