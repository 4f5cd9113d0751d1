import Models
import NeuralNetworks
import Support
import Tensors

/// Distillation with the reused teacher classifier (SimKD: Chen, Mei, Zhang, Wang, Feng & Chen, CVPR 2022, arXiv
/// 2203.14001, eq. 4).
///
/// mean_{B,C,H,W} (P(F_s) − F_t)² on the maps that the global mean reads. What is trained and deployed is the student with
/// the projector P and the teacher's own frozen classifier behind its last stage. Labels are not used. Of two sizes the
/// larger map is average-pooled.
public final class SimKD: DistillationMethod, TensorLoss {
  /// `simkd`.
  public static let entry = CatalogEntry(
    "simkd", "the teacher's classifier reused on the student's projected last map",
    paper: "Chen et al., Knowledge Distillation with the Reused Teacher Classifier, CVPR 2022",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2022"), StepPart.fact(.features),
      (key: "needs", value: "the last map of each network; a teacher with one linear classifier on its pooled map"),
      (key: "formula", value: "mean_{B,C,H,W} (P(F_s) − F_t)²"),
      (key: "trainable", value: "the projector P, part of the deployed student as the teacher's classifier is"),
      (key: "recipe", value: "- { method: simkd, factor: 2 }"),
    ],
    options: [factor.option])
  private static let factor = OptionKey.integer(
    "factor", 1...64, default: 2, "f, what the teacher's channels are divided by inside P")
  /// The projected map and the teacher's.
  public static let inputs = [
    LossInput("student.projected.0", "B C H W"), LossInput("teacher.features.0", "B C V U"),
  ]
  /// They have no weight unless a recipe gives them one.
  public static let usesLabels = false

  private let network: ProjectedNetwork
  private let layer: FeaturePoint
  /// Whether a pooling stands between the teacher's last stage and the mean that its classifier reads.
  private let isPooled: Bool

  /// - Throws: ``InputError`` if classes differ, the factor is too large, or the teacher's classifier does not read the
  ///   mean of its last map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    try setup.requireEqualClasses(for: Self.entry)
    guard !(setup.teacher is ProjectedNetwork) else {
      throw InputError(
        setup.place,
        "simkd takes the teacher's classifier, and that of \(setup.teacher.specification.name) is borrowed",
        remedy: "let it learn from a network with a classifier of its own, or by another method")
    }
    let stage = try setup.teacher.lastMap(at: setup.place)
    let channels = stage.output[2]
    let classifier = try setup.teacherClassifier(reading: channels, for: Self.entry.name)
    let factor = options[Self.factor]
    guard factor <= channels else {
      throw InputError(
        setup.place, "factor is \(factor) and the teacher has \(channels) channels", remedy: "take a smaller factor")
    }
    layer = FeaturePoint(stage.name)
    let map = setup.teacher.mapBehind(layer, of: setup.teacher.sample)
    let answers = withoutRecording { linear(globalAveragePooling(map), classifier.weight, bias: classifier.bias) }
    let expected = setup.teacher.logits(setup.teacher.sample)
    let scale = expected.floats.reduce(1e-3) { max($0, abs($1)) }
    guard zip(answers.floats, expected.floats).allSatisfy({ abs($0 - $1) <= 1e-3 * scale }) else {
      throw InputError(
        setup.place,
        "simkd needs a teacher whose classifier reads the mean of \(stage.name); that of "
          + "\(setup.teacher.specification.name) reads more than this",
        remedy: "take a teacher with one linear layer behind its last map")
    }
    isPooled = map.shape[1] != stage.output[0] || map.shape[2] != stage.output[1]
    network = ProjectedNetwork(
      setup.student,
      to: ProjectedNetwork.Target(
        size: HeightWidth(height: map.shape[1], width: map.shape[2]), channels: channels, factor: factor),
      classifier: classifier, setup.initialiser)
  }

  /// The student with projector and classifier.
  public var deployed: (any Network)? { network }
  /// The projector's output.
  public var studentFeatures: Set<FeaturePoint> { [FeaturePoint(ProjectedNetwork.point)] }
  /// The teacher's last stage.
  public var teacherFeatures: Set<FeaturePoint> { isPooled ? [] : [layer] }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.projected.0"), try inputs.tensor("teacher.features.0")))
  }

  /// The mean squared error.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let own = step.studentPass.feature(FeaturePoint(ProjectedNetwork.point))
    let other =
      isPooled ? step.teacher.mapBehind(layer, of: step.batch.images) : step.teacherPass.feature(layer).detached()
    return Self.value(own, other)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor) -> Tensor {
    let (own, other) = matchedSizes(student, teacher)
    return meanSquaredError(own, other)
  }
}

extension Network {
  /// What the layers behind a point read, pooling included; a constant.
  fileprivate func mapBehind(_ point: FeaturePoint, of images: Tensor) -> Tensor {
    withoutRecording {
      let pass = ForwardPass(.evaluation)
      return pass.leaving(behind: point.layer) { self(images.detached(), pass) }
    }
  }

  /// One random image of the network's size.
  fileprivate var sample: Tensor {
    .normal([1, specification.height, specification.width, specification.channels], Philox(seed: 0))
  }
}
