import Models
import NeuralNetworks
import Support
import Tensors

/// Learning without memorizing (LwM: Dhar et al., CVPR 2019, arXiv 1811.08051): where the networks look for a class,
/// by Grad-CAM (Selvaraju et al., ICCV 2017).
///
/// mean_B Σ_HW |Q_s − Q_t|, Q the map ReLU(Σ_C w F) at length 1 per image, w the mean over H·W of the class' logit's
/// gradient with respect to the feature map F; the larger map is average-pooled to the smaller. The re-implementation
/// of AberHu multiplies w by the gradient instead of F and takes the mean over H·W: `variant: aberhu`. A map that is
/// negative everywhere is Q = 0 with gradient 0; the log has the share of such images. The update needs second derivatives of the student.
public final class LwM: DistillationMethod, TensorLoss {
  /// `lwm`.
  public static let entry = CatalogEntry(
    "lwm", "where a network looks for a class: Grad-CAM maps",
    paper: "Dhar, Singh, Peng, Wu & Chellappa, Learning without Memorizing, CVPR 2019",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2019"),
      StepPart.fact(.logits, .features, .labels, .images),
      (
        key: "needs",
        value: "maps and logits of both networks, equal classes, labels; about three times the time of a step"
      ),
      (key: "formula", value: "mean_B Σ_HW |Q_s − Q_t|, Q = ReLU(Σ_C w F) at length 1, w = mean_HW ∂z_y/∂F"),
      (key: "recipe", value: "- { method: lwm, weight: 1 }"),
    ],
    options: [asked.option, variant.option, reduction.option, layers.option, teacherLayers.option])
  /// What the weights are multiplied by.
  enum Variant: String, OptionChoice { case paper, aberhu }
  /// What becomes of the differences over the places.
  enum Reduction: String, OptionChoice { case sum, mean }
  private static let asked = AskedClass.key("the paper's")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.paper,
    "weights times features, or as AberHu's re-implementation times gradients, with the mean over places")
  private static let reduction = OptionKey.choice(
    "reduction", of: Reduction.self, "over places; sum unless given, for aberhu mean")
  private static let layers = OptionKey.texts("layers", "the student's layer; the second stage unless given")
  fileprivate static let teacherLayers = OptionKey.texts(
    "teacher-layers", "the teacher's layer, where it is named otherwise")
  /// One map of each network with the gradients of a logit.
  public static let inputs = [
    LossInput("student.features.0", "B C H W"), LossInput("student.feature_gradients.0", "B C H W"),
    LossInput("teacher.features.0", "B D V U"), LossInput("teacher.feature_gradients.0", "B D V U"),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let logits: FeaturePoint?

  /// - Throws: ``InputError`` if the class counts differ, or a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    layers = try options[Self.layers].isEmpty ? setup.secondStages(options) : setup.layers(options, 1...1)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    logits = setup.student.layers.last.map { FeaturePoint($0.name) }
  }

  /// The student's layer; and the logits, so that no program stops before them.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures.union(logits.map { [$0] } ?? []) }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    func map(_ side: String) throws -> Map {
      Map(
        feature: try inputs.tensor("\(side).features.0"), gradient: try inputs.tensor("\(side).feature_gradients.0"))
    }
    let maps = attentions(try map("student"), try map("teacher"), options)
    return single(distance(maps.student, maps.teacher, options))
  }

  /// The distance of the maps.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let classes = step.classes(options[Self.asked])
    let own = step.studentPass.feature(layers.point(layers.student[0]))
    let slope = gradients(
      of: step.studentLogits.picked(classes).sum(), with: [own], keepsTape: true, recordsAgain: true)[0]
    let images = step.batch.images.detached()
    images.setRequiresGradient(true)
    let pass = ForwardPass(.evaluation, features: layers.teacherFeatures)
    let logits = step.teacher(images, pass)
    let other = pass.feature(layers.point(layers.teacher[0]))
    let target = gradients(of: logits.picked(classes).sum(), with: [other])[0]
    let maps = Self.attentions(
      Map(feature: own, gradient: slope), Map(feature: other.detached(), gradient: target), options)
    for (side, map) in [("student", maps.student), ("teacher", maps.teacher)] {
      step.note("share of empty maps of the \(side)") {
        Double(map.absolute().sum(alongAxes: [1]).floats.count { $0 == 0 }) / Double(map.shape[0])
      }
    }
    return Self.distance(maps.student, maps.teacher, options)
  }

  /// A feature map and the gradient of a logit with respect to it, [batch, height, width, channels].
  private struct Map {
    let feature: Tensor
    let gradient: Tensor

    /// What the weights are multiplied by.
    func values(_ isGradient: Bool) -> Tensor { isGradient ? gradient : feature }

    /// The attention at length 1, [batch, places].
    func attention(_ values: Tensor) -> Tensor {
      // Neither the scale of the weights nor that of the values changes the direction: their product must not vanish.
      let weights = gradient.mean(alongAxes: [1, 2], keepsAxes: true)
      return values.scaleFree { values in
        weights.scaleFree { (values * $0).sum(alongAxes: [3]).relu() }
      }.flattened.normalized(alongAxis: 1)
    }
  }

  /// [batch, places] of both, the teacher's a constant.
  private static func attentions(
    _ student: Map, _ teacher: Map, _ options: Options
  ) -> (student: Tensor, teacher: Tensor) {
    let isZoo = options[Self.variant] == .aberhu
    let (own, other) = matchedSizes(student.values(isZoo), teacher.values(isZoo))
    return (student.attention(own), withoutRecording { teacher.attention(other) })
  }

  private static func distance(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let isZoo = options[Self.variant] == .aberhu
    let distance = (student - teacher).absolute()
    let isMean = (options[Self.reduction] ?? (isZoo ? .mean : .sum)) == .mean
    return isMean ? distance.mean() : distance.sum(alongAxes: [1]).mean()
  }
}

extension MethodSetup {
  /// The second stage of each network, or its only one.
  fileprivate func secondStages(_ options: Options) throws -> LayerPairs {
    func second(_ network: any Network) throws -> ProbePoint {
      guard let stage = network.stages.prefix(2).last else {
        throw InputError(
          place, "\(network.specification.name) has no feature maps", remedy: "take another network")
      }
      return stage
    }
    let named = options[LwM.teacherLayers]
    return LayerPairs(
      student: [try second(student)],
      teacher: try named.isEmpty ? [second(teacher)] : named.map { try teacher.probePoint($0, at: place) })
  }
}
