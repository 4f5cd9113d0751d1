import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Graph-based knowledge of several teachers (Zhang & Peng, "Better and Faster: Knowledge Transfer from Multiple
/// Self-supervised Learning Tasks via Graph Distillation", IJCAI 2018, arXiv 1804.10069), in KDScope's reading: the paper
/// leaves kernels and weights open, and no code is published.
///
/// Σ_m w_m mean_B EMD(p_m, p_s) + 0.1 Σ_m w_m MMD²(X_m, W_m X_s) + 0.01 Σ_m w_m log w_m, w = softmax of learned numbers.
/// The last term keeps the importances from gathering on the teacher that is easiest to follow.
public final class MultiTeacherGraph: DistillationMethod, TensorLoss {
  /// `multi-teacher-graph`.
  public static let entry = CatalogEntry(
    "multi-teacher-graph", "logits and embeddings of one or several teachers, weighted by learned importance",
    paper: "Zhang & Peng, Better and Faster: Knowledge Transfer from Multiple Self-supervised Tasks, IJCAI 2018",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2018"), StepPart.fact(.logits, .features),
      (key: "needs", value: "logits and a vector of each network; at least 2 images"),
      (
        key: "formula",
        value: "Σ_m w_m mean_B EMD(p_m, p_s) + 0.1 Σ_m w_m MMD²(X_m, W_m X_s) + 0.01 Σ_m w_m log w_m"
      ),
      (key: "trainable", value: "a linear map of the student's vector for each teacher, and the importances"),
      (key: "recipe", value: "- { method: multi-teacher-graph, further-teachers: [other.safetensors], weight: 1 }"),
    ],
    options: [
      furtherTeachers.option, importances.option, ground.option, logitsWeight.option, representationWeight.option,
      importanceWeight.option,
    ] + EmbeddingPair.options)
  /// How far classes lie apart.
  enum Ground: String, OptionChoice { case uniform, classes }
  private static let furtherTeachers = OptionKey.texts(
    "further-teachers", "checkpoints of teachers besides the recipe's")
  private static let importances = OptionKey.numbers(
    "importances", "fixed importances, the recipe's teacher first; learned unless given")
  private static let ground = OptionKey.choice(
    "ground", default: Ground.uniform,
    "how far classes lie apart for EMD: all alike, or as their weights in the teacher's last layer")
  private static let logitsWeight = OptionKey.number("logits-weight", 0...1e6, default: 1, "weight of the answers")
  private static let representationWeight = OptionKey.number(
    "representation-weight", 0...1e6, default: 0.1, "weight of the vectors")
  private static let importanceWeight = OptionKey.number(
    "importance-weight", 0...1e6, default: 0.01, "weight of Σ w log w of learned importances")
  /// Logits and vectors; where they are given, the student's maps, the importances before their softmax, and what the
  /// teachers' last layers have for each class.
  public static let inputs = [
    LossInput("student.logits", "B C"), LossInput("student.embedding", "B D"),
    LossInput("teachers.*.logits", "B C"), LossInput("teachers.*.embedding", "B E*"),
    LossInput("teachers.*.classifier.weight", "C F*", isOptional: true),
    LossInput("parameters.maps.*.weight", "E* D", isOptional: true),
    LossInput("parameters.maps.*.bias", "E*", isOptional: true),
    LossInput("parameters.importance", "M", isOptional: true),
  ]

  /// One teacher as the student sees it.
  private struct Lesson {
    let logits: Tensor
    let embedding: Tensor
    /// The student's vector in the teacher's space.
    let mapped: Tensor
    /// [classes, features], where the ground distance is that of the classes.
    let classes: Tensor?
  }

  private let options: Options
  private let pair: EmbeddingPair
  private let further: [FurtherTeacher]
  private let maps: [Linear]
  private let classes: [Tensor]
  private let importance: Parameter?

  /// - Throws: ``InputError`` if a layer or a checkpoint does not exist, or the class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Self.entry)
    let pair = try EmbeddingPair(options, setup, Self.entry.name)
    self.pair = pair
    var (widths, networks) = ([pair.teacherWidth], [setup.teacher])
    further = try options[Self.furtherTeachers].map { path in
      let network = try setup.readNetwork(path)
      let point = try setup.vector(of: network, nil, "teacher-layer", for: Self.entry.name)
      widths.append(point.output.count)
      networks.append(network)
      return FurtherTeacher(network: network, point: FeaturePoint(point.name))
    }
    maps = widths.map { Linear(pair.studentWidth, $0, setup.initialiser) }
    let needsClasses = options[Self.ground] == .classes
    classes = needsClasses ? try networks.map { try setup.classVectors(of: $0, for: Self.entry.name) } : []
    let fixed = options[Self.importances]
    guard fixed.isEmpty || (fixed.count == widths.count && fixed.allSatisfy { $0 > 0 }) else {
      throw InputError(
        setup.place, "importances is \(OptionValue.list(fixed.map { .number($0) }))",
        remedy: "give a number above 0 for each of the \(widths.count) teachers, the recipe's first")
    }
    importance = fixed.isEmpty ? Parameter(.zeros([widths.count]), .bias) : nil
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The first teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// A map to each teacher's space.
  public var modules: [(name: String, module: any Module)] {
    maps.enumerated().map { (name: "maps.\($0.offset)", module: $0.element) }
  }
  /// The maps, and the importances before their softmax.
  public var parameters: [(name: String, parameter: Parameter)] {
    modules.flatMap { part in
      part.module.namedParameters.map { (name: "\(part.name).\($0.name)", parameter: $0.parameter) }
    } + (importance.map { [(name: "importance", parameter: $0)] } ?? [])
  }
  /// Two: of one image the answers alone teach.
  public let fewestImages = 2

  /// The loss of tensors, terms `logits`, `representation`, and `importance` where it is learned.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (logits, embedding) = (try inputs.tensor("student.logits"), try inputs.tensor("student.embedding"))
    let answers = (try inputs.series("teachers", ".logits"), try inputs.series("teachers", ".embedding"))
    guard answers.0.count == answers.1.count else {
      throw InputError(
        inputs.place, "there are logits of \(answers.0.count) teachers and embeddings of \(answers.1.count)",
        remedy: "as many of both are needed")
    }
    let lessons = try zip(answers.0, answers.1).enumerated()
      .map { place, answer in
        var mapped = embedding
        if let weight = inputs.optional("parameters.maps.\(place).weight") {
          mapped = linear(embedding, weight, bias: inputs.optional("parameters.maps.\(place).bias"))
        }
        guard mapped.shape == answer.1.shape else {
          throw InputError(
            inputs.place, "the student's vectors are \(mapped.shape) and those of teacher \(place) \(answer.1.shape)",
            remedy: "equal widths are needed, or parameters.maps.\(place)")
        }
        let classes =
          options[Self.ground] == .classes ? try inputs.tensor("teachers.\(place).classifier.weight") : nil
        return Lesson(logits: answer.0, embedding: answer.1, mapped: mapped, classes: classes)
      }
    let importance = inputs.optional("parameters.importance")
    for count in [importance?.count ?? 0, options[Self.importances].count]
    where ![0, lessons.count].contains(count) {
      throw InputError(
        inputs.place, "there are \(lessons.count) teachers and \(count) importances", remedy: "as many are needed")
    }
    return terms(logits, lessons, importance, options)
  }

  /// Answers, vectors and importances, weighted.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    var answers = [(logits: step.teacherLogits, embedding: teacher)]
    for other in further {
      let (logits, feature) = other.answer(step.batch.images)
      answers.append((logits, feature.flattened))
    }
    let lessons = answers.enumerated().map { place, answer in
      Lesson(
        logits: answer.logits, embedding: answer.embedding, mapped: maps[place](student),
        classes: classes.isEmpty ? nil : classes[place])
    }
    return Self.terms(step.studentLogits, lessons, importance?.tensor, options).total
  }

  private static func terms(_ logits: Tensor, _ lessons: [Lesson], _ importance: Tensor?, _ options: Options)
    -> [LossTerm]
  {
    let fixed = options[Self.importances]
    let start =
      fixed.isEmpty ? Tensor.zeros([lessons.count]) : Tensor(fixed.map { Float(log($0)) }, shape: [fixed.count])
    let shares = (fixed.isEmpty ? importance ?? start : start).reshaped([1, lessons.count]).logSoftmax()
    func weighed(_ values: [Tensor]) -> Tensor {
      (concatenated(values.map { $0.reshaped([1]) }, alongAxis: 0).reshaped([1, lessons.count]) * shares.exp()).sum()
    }
    let own = logits.softmax()
    let answers = weighed(
      lessons.map { lesson in
        let target = withoutRecording { lesson.logits.softmax() }
        return lesson.classes.map { EarthMover.between(own, target, classes: $0) } ?? EarthMover.uniform(own, target)
      })
    let clouds = weighed(lessons.map { MaximumMeanDiscrepancy.squared($0.mapped, $0.embedding.detached()) })
    let terms =
      [LossTerm("logits", answers, weight: Float(options[Self.logitsWeight]))]
      + [LossTerm("representation", clouds, weight: Float(options[Self.representationWeight]))]
      .unless(logits, isBelow: 2)
    guard fixed.isEmpty else { return terms }
    let spread = (shares.exp() * shares).sum()
    return terms + [LossTerm("importance", spread, weight: Float(options[Self.importanceWeight]))]
  }
}

extension MethodSetup {
  /// What the last layer of a network has for each class, [classes, features]; a copy that no training changes.
  ///
  /// - Throws: ``InputError`` if the last layer is not linear.
  fileprivate func classVectors(of network: any Network, for method: String) throws -> Tensor {
    let name = "\(network.layers.last?.name ?? "").weight"
    guard let weight = network.namedParameters.first(where: { $0.name == name })?.parameter.tensor,
      weight.shape.rank == 2
    else {
      throw InputError(
        place, "\(method) finds no linear last layer in \(network.specification.name)",
        remedy: "set ground: uniform")
    }
    return weight.detached()
  }
}
