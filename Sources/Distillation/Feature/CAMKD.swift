import Models
import NeuralNetworks
import Support
import Tensors

/// Confidence-aware multi-teacher distillation (CA-MKD: Zhang, Chen & Wang, ICASSP 2022, arXiv 2201.00007, eq. 3 to 7).
///
/// α/(B K) Σ w_k T² KL(p_k ‖ p_s) + β/(B K) Σ v_k mean_{C,H,W} (F̂_k − F_k)² over K teachers: w_k is the larger, the less
/// teacher k errs about the image's label; v_k likewise, by what the teacher's own classifier says of the student's map F̂_k,
/// brought to the teacher's channels by a 1×1 convolution. The features teach from the second epoch on. Both sums are
/// divided by K again, as in the authors' code.
public final class CAMKD: DistillationMethod, TensorLoss {
  /// `ca-mkd`.
  public static let entry = CatalogEntry(
    "ca-mkd", "logits and last maps of several teachers, each weighted by how sure it is of the label",
    paper: "Zhang, Chen & Wang, Confidence-Aware Multi-Teacher Knowledge Distillation, ICASSP 2022",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2022"),
      StepPart.fact(.logits, .features, .labels, .images),
      (key: "needs", value: "at least 2 teachers, each with one linear classifier on its pooled last map"),
      (
        key: "formula",
        value: "α/(B K) Σ w_k T² KL(p_k ‖ p_s) + β/(B K) Σ v_k mean (F̂_k − F_k)², w_k = (1 − softmax_k CE_k)/(K − 1)"
      ),
      (key: "trainable", value: "a 1×1 convolution with batch normalisation on the student for each teacher"),
      (key: "recipe", value: "- { method: ca-mkd, further-teachers: [other.safetensors], weight: 1 }"),
    ],
    options: [SoftTargets.temperature.option, alpha.option, beta.option, furtherTeachers.option])
  private static let alpha = OptionKey.number("alpha", 0...1e6, default: 1, "weight of the logits")
  private static let beta = OptionKey.number("beta", 0...1e6, default: 50, "weight of the maps")
  private static let furtherTeachers = OptionKey.texts(
    "further-teachers", "checkpoints of teachers beside the recipe's; at least one")
  /// Logits and labels; each teacher's map, the student's in its channels, and the teacher's classifier applied to that.
  public static let inputs = [
    LossInput("student.logits", "B C"), LossInput("teachers.*.logits", "B C"), LossInput("labels", "B", .integers),
    LossInput("teachers.*.features", "B D* H* W*"), LossInput("student.projected.*.features", "B D* H* W*"),
    LossInput("student.projected.*.logits", "B C"),
  ]

  /// A teacher's last map, and the same of the student.
  private struct Maps {
    let teacher: Tensor
    let student: Tensor
    /// What the teacher's classifier says of the student's.
    let logits: Tensor
  }

  private struct Teacher {
    let asked: FurtherTeacher
    let size: HeightWidth
    let connector: Connector
    let classifier: (weight: Tensor, bias: Tensor)
  }

  private let options: Options
  private let point: FeaturePoint
  private let teachers: [Teacher]

  /// - Throws: ``InputError`` for a single teacher, a checkpoint that cannot be read or a classifier that reads no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    let paths = options[Self.furtherTeachers]
    guard !paths.isEmpty else {
      throw InputError(
        setup.place, "ca-mkd weighs teachers against each other, and there is one",
        remedy: "name others by further-teachers, or use kd")
    }
    func last(_ network: any Network) throws -> ProbePoint {
      guard let point = network.stages.last else {
        throw InputError(setup.place, "\(network.specification.name) has no map", remedy: "ca-mkd needs one")
      }
      return point
    }
    let own = try last(setup.student)
    point = FeaturePoint(own.name)
    let others = try paths.map(setup.readNetwork)
    teachers = try ([setup.teacher] + others).map { network in
      let map = try last(network)
      return Teacher(
        asked: FurtherTeacher(network: network, point: FeaturePoint(map.name)),
        size: HeightWidth(height: map.output[0], width: map.output[1]),
        connector: Connector(own.output[2], map.output[2], setup.initialiser),
        classifier: try setup.classifier(of: network, reading: map.output[2], for: Self.entry.name))
    }
  }

  /// The student's last map.
  public var studentFeatures: Set<FeaturePoint> { [point] }
  /// The recipe's teacher's last map.
  public var teacherFeatures: Set<FeaturePoint> { [teachers[0].asked.point] }
  /// A connector for each teacher.
  public var modules: [(name: String, module: any Module)] {
    teachers.enumerated().map { ("connector.\($0.offset)", $0.element.connector) }
  }

  /// The loss of tensors, terms `logits` and `features`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let student = try inputs.tensor("student.logits")
    let answers = try inputs.series("teachers", ".logits")
    guard answers.count > 1 else {
      throw InputError(inputs.place, "there is one teacher", remedy: "at least 2 are weighed against each other")
    }
    let maps = try answers.indices.map { place in
      Maps(
        teacher: try inputs.tensor("teachers.\(place).features"),
        student: try inputs.tensor("student.projected.\(place).features"),
        logits: try inputs.tensor("student.projected.\(place).logits"))
    }
    return terms(student, answers, maps, try inputs.labels(student.shape[1]), options)
  }

  /// Logits, and maps behind the first epoch.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let labels = step.batch.labels
    var (answers, features): ([Tensor], [Tensor]) = ([], [])
    for (place, teacher) in teachers.enumerated() {
      // The recipe's teacher comes first, and has been asked.
      let (logits, feature) =
        place == 0
        ? (step.teacherLogits, step.teacherPass.feature(teacher.asked.point)) : teacher.asked.answer(step.batch.images)
      answers.append(logits)
      features.append(feature)
    }
    let own = step.studentPass.feature(point)
    let maps = zip(teachers, features).map { teacher, map in
      let projected = teacher.connector(Self.fitted(own, teacher.size), step.studentPass, relu: true)
      return Maps(
        teacher: map, student: projected,
        logits: linear(globalAveragePooling(projected), teacher.classifier.weight, bias: teacher.classifier.bias))
    }
    step.note("largest mean weight of a teacher") {
      Double(Self.weights(answers, labels).mean(alongAxes: [0]).floats.max() ?? 0)
    }
    let terms = Self.terms(step.studentLogits, answers, maps, labels, options)
    return terms.prefix(step.clock.epoch > 0 ? 2 : 1).total
  }

  /// A map at another size: pooled where it is larger, else drawn out.
  private static func fitted(_ map: Tensor, _ size: HeightWidth) -> Tensor {
    map.shape[1] >= size.height && map.shape[2] >= size.width
      ? adaptiveAveragePooling(map, to: size)
      : resampled(map, height: size.height, width: size.width, .bilinear)
  }

  private static func terms(
    _ student: Tensor, _ answers: [Tensor], _ maps: [Maps], _ labels: [Int], _ options: Options
  ) -> [LossTerm] {
    let temperature = Float(options[SoftTargets.temperature])
    let share = 1 / Float(labels.count * answers.count)
    func weighed(_ rows: [Tensor], _ weights: Tensor) -> Tensor {
      (stacked(rows, alongAxis: 1) * weights).sum() * share
    }
    let own = student.logSoftmax(temperature: temperature)
    let divergences = answers.map { answer in
      divergenceOfRows(own, from: withoutRecording { answer.logSoftmax(temperature: temperature) })
        * (temperature * temperature)
    }
    let distances = maps.map { map in
      let rows = [map.student.shape[0], map.student.count / map.student.shape[0]]
      return (map.student - map.teacher.detached()).squared().reshaped(Shape(rows)).mean(alongAxes: [1])
    }
    return [
      LossTerm(
        "logits", weighed(divergences, withoutRecording { weights(answers, labels) }),
        weight: Float(options[Self.alpha])),
      LossTerm(
        "features", weighed(distances, weights(maps.map(\.logits), labels)), weight: Float(options[Self.beta])),
    ]
  }

  /// [batch, teachers], each row with the sum 1: (1 − softmax_k CE_k) / (K − 1).
  private static func weights(_ logits: [Tensor], _ labels: [Int]) -> Tensor {
    let errors = stacked(logits.map { -$0.logSoftmax().picked(labels) }, alongAxis: 1)
    return (1 - errors.softmax()) / Float(logits.count - 1)
  }
}
