import Models
import NeuralNetworks
import Support
import Tensors

/// Features of one layer, by mean squared error (Cheng et al., "Explaining Knowledge Distillation by Quantifying the
/// Knowledge", CVPR 2020, section 4; there with equal architectures).
///
/// Mean over batch, channels and places of (r(F_s) − F_t)². r is the identity where the widths are equal; otherwise a
/// 1×1 convolution (or linear map) without bias, trained with the student and not part of the deployed network.
public final class FeatureL2: DistillationMethod {
  /// `feature-l2`.
  public static let entry = CatalogEntry(
    "feature-l2", "mean squared error between the features of a layer",
    paper: "Cheng, Rao, Chen & Zhang, Explaining Knowledge Distillation by Quantifying the Knowledge, CVPR 2020",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2020"), StepPart.fact(.features),
      (key: "needs", value: "one layer of each network, with equal spatial size; widths may differ"),
      (key: "formula", value: "mean_{B,C,H,W} (r(F_s) − F_t)²"),
      (key: "trainable", value: "r, a 1×1 projection, only where the widths differ"),
      (key: "recipe", value: "- { method: feature-l2, layers: [layer3], weight: 5 }"),
    ],
    options: [layers.option, position.option])
  /// Where the feature is taken.
  enum Position: String, OptionChoice {
    case afterRelu = "after-relu"
    case beforeRelu = "before-relu"
  }
  private static let layers = OptionKey.texts("layers", "the layer; two names mean student's and teacher's")
  private static let position = OptionKey.choice("position", default: Position.afterRelu, "where the feature is taken")

  private let studentPoint: FeaturePoint
  private let teacherPoint: FeaturePoint
  private let projection: Parameter?

  /// - Throws: ``InputError`` if a layer does not exist or the spatial sizes differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    let names = options[Self.layers]
    guard names.count <= 2 else {
      throw InputError(setup.place, "feature-l2 takes one layer", remedy: "add one term per layer")
    }
    let studentLayer =
      try names.first.map { try setup.student.probePoint($0, at: setup.place) }
      ?? setup.student.lastMap(at: setup.place)
    let teacherLayer =
      try names.last.map { try setup.teacher.probePoint($0, at: setup.place) } ?? setup.teacher.lastMap(at: setup.place)
    let (from, to) = (studentLayer.output, teacherLayer.output)
    guard from.dimensions.dropLast() == to.dimensions.dropLast() else {
      throw InputError(
        setup.place, "the student's \(studentLayer.name) is \(from) and the teacher's \(teacherLayer.name) is \(to)",
        remedy: "choose layers of equal height and width")
    }
    let isBefore = options[Self.position] == .beforeRelu
    // A layer without a ReLU has one feature, whichever is asked for.
    studentPoint = FeaturePoint(studentLayer.name, preActivation: isBefore && studentLayer.hasRelu)
    teacherPoint = FeaturePoint(teacherLayer.name, preActivation: isBefore && teacherLayer.hasRelu)
    let shape = Shape([to[-1], from[-1]] + (from.rank == 3 ? [1, 1] : []))
    projection =
      from[-1] == to[-1] ? nil : Parameter(setup.initialiser.uniform(shape, fanIn: from[-1]), .weight)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { [studentPoint] }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { [teacherPoint] }
  /// The projection, where there is one.
  public var parameters: [(name: String, parameter: Parameter)] {
    projection.map { [(name: "projection.weight", parameter: $0)] } ?? []
  }

  /// The mean squared error.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let student = step.studentPass.feature(studentPoint)
    let teacher = step.teacherPass.feature(teacherPoint).detached()
    guard let weight = projection?.tensor else { return meanSquaredError(student, teacher) }
    let projected = weight.shape.rank == 4 ? convolution(student, weight) : linear(student, weight)
    return meanSquaredError(projected, teacher)
  }
}
