import Models
import NeuralNetworks
import Support
import Tensors

/// Knowledge review (Chen, Liu, Zhao & Jia, "Distilling Knowledge via Knowledge Review", CVPR 2021, arXiv 2104.09044, as the
/// authors' code does it).
///
/// From deep to shallow — the pooled map first — each level of the student is fused with what the deeper ones gave and
/// compared with the teacher's by the hierarchical context loss: mean squared errors of the maps and of their means over 4×4,
/// 2×2 and 1×1 cells, with weights 1, ½, ¼, ⅛ over their sum. The whole grows over the first epochs.
public final class ReviewKD: DistillationMethod, TensorLoss {
  /// `review-kd`.
  public static let entry = CatalogEntry(
    "review-kd", "each level of the teacher from that level and all deeper ones of the student",
    paper: "Chen, Liu, Zhao & Jia, Distilling Knowledge via Knowledge Review, CVPR 2021",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2021"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks"),
      (
        key: "formula",
        value: "min(e/20, 1) Σ_levels (MSE + Σ_g w_g MSE of g×g means) / (1 + Σ_g w_g), g = 4, 2, 1, w = ½, ¼, ⅛"
      ),
      (key: "trainable", value: "a fusion with two convolutions for each level"),
      (key: "recipe", value: "- { method: review-kd, weight: 1 }"),
    ],
    options: [warmUp.option, preactStudent.option] + MethodSetup.layerOptions)
  private static let warmUp = OptionKey.number(
    "warm-up", 0...100_000, default: 20, "epochs until the full weight; 0 for none")
  private static let preactStudent = OptionKey.flag(
    "preact-student", default: false, "take the student's maps before their ReLUs too")
  /// Fused maps of equal shape.
  public static let inputs = LossInput.equalFeatures

  private let options: Options
  /// Deep to shallow, as all that follows.
  private let studentPoints: [FeaturePoint]
  private let teacherPoints: [FeaturePoint]
  /// What the first level is the mean of.
  private let deepest: (student: FeaturePoint, teacher: FeaturePoint)
  private let fusions: [AttentionFusion]

  /// - Throws: ``InputError`` if a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options) { $0.rectifiedStages }
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    func points(_ layers: [ProbePoint], beforeRelu: Bool) -> [FeaturePoint] {
      layers.reversed().map { FeaturePoint($0.name, preActivation: beforeRelu && $0.hasRelu) }
    }
    studentPoints = points(layers.student, beforeRelu: options[Self.preactStudent])
    teacherPoints = points(layers.teacher, beforeRelu: true)
    deepest = (points(layers.student, beforeRelu: false)[0], points(layers.teacher, beforeRelu: false)[0])
    let channels = Array(zip(layers.student, layers.teacher).map { ($0.output[2], $1.output[2]) }.reversed())
    let middle = min(512, channels[0].0)
    fusions = (channels.prefix(1) + channels).enumerated().map { place, level in
      AttentionFusion(level.0, middle: middle, outputs: level.1, fuses: place > 0, setup.initialiser)
    }
  }

  /// The student's layers, the last one after its ReLU in any case.
  public var studentFeatures: Set<FeaturePoint> { Set(studentPoints + [deepest.student]) }
  /// The teacher's layers before their ReLUs, the last one after it too.
  public var teacherFeatures: Set<FeaturePoint> { Set(teacherPoints + [deepest.teacher]) }
  /// The fusions.
  public var modules: [(name: String, module: any Module)] { fusions.enumerated().map { ("fusion.\($0)", $1) } }

  /// The hierarchical context loss of fused maps.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(try inputs.pairs().map { context($0.student, $0.teacher) }.summed)
  }

  /// Sum over the levels.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    func pooled(_ map: Tensor) -> Tensor {
      globalAveragePooling(map).reshaped([map.shape[0], 1, 1, map.shape[3]])
    }
    let students = [pooled(step.studentPass.feature(deepest.student))] + studentPoints.map(step.studentPass.feature)
    let teachers = withoutRecording {
      [pooled(step.teacherPass.feature(deepest.teacher))]
        + teacherPoints.map { step.teacherPass.feature($0).detached() }
    }
    var handedOn: Tensor?
    var sum: [Tensor] = []
    for (fusion, (map, target)) in zip(fusions, zip(students, teachers)) {
      let size = HeightWidth(height: target.shape[1], width: target.shape[2])
      let fused = fusion(map, deeper: handedOn, size: size, step.studentPass)
      handedOn = fused.handedOn
      sum.append(Self.context(fused.output, target))
    }
    let warmUp = options[Self.warmUp]
    let factor = warmUp > 0 ? min(1, Double(step.clock.epoch + 1) / warmUp) : 1
    return sum.summed * Float(factor)
  }

  private static func context(_ student: Tensor, _ teacher: Tensor) -> Tensor {
    let teacher = teacher.detached()
    var (sum, total, weight) = (meanSquaredError(student, teacher), Float(1), Float(1))
    for cells in [4, 2, 1] where cells < student.shape[1] {
      weight /= 2
      total += weight
      let target = withoutRecording { adaptiveAveragePooling(teacher, to: HeightWidth(cells)) }
      sum = sum + meanSquaredError(adaptiveAveragePooling(student, to: HeightWidth(cells)), target) * weight
    }
    return sum / total
  }
}
