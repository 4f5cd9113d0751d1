import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support

/// Teacher and student as they would be built, to ask them whether layers exist and methods fit before any work.
///
/// Classes and, where the data set has no `size` option, image size are stand-ins; what depends on them is checked
/// again when the data are there.
struct TrialNetworks {
  /// nil where the recipe has none.
  private let teacher: (any Network)?
  private let student: any Network
  private let batchSize: Int
  private let isMixed: Bool
  /// Further networks that a method may ask for by name.
  private let further: (String) throws -> (any Network)?
  private let names: [String]

  /// - Throws: ``InputError`` at the place of a network that cannot be built for images of this size.
  init(
    teacher: (model: ModelRecipe, place: String)?, student: (model: ModelRecipe, place: String), data: DataRecipe,
    batchSize: Int, named: [String: (model: ModelRecipe, place: String)] = [:]
  ) throws {
    self.batchSize = batchSize
    isMixed = data.options[SharedDataOptions.mixup] != nil
    let size = data.options[SharedDataOptions.size] ?? (32, 32)
    func build(_ recipe: (model: ModelRecipe, place: String)) throws -> any Network {
      let specification = ModelSpecification(
        recipe.model.name, classes: 10, height: size.height, width: size.width, options: recipe.model.options.values)
      return try ModelCatalog.build(specification, seed: 0, at: recipe.place)
    }
    let own = try build(student)
    names = named.keys.sorted()
    further = { name in try named[name].map { try build($0) } }
    self.student = own
    self.teacher = try teacher.map { $0.model == student.model ? own : try build($0) }
  }

  /// Refuses layers that the student does not have.
  ///
  /// - Throws: ``InputError`` that names the nearest layer.
  func check(layers: [String], at place: String) throws {
    for layer in layers { _ = try student.probePoint(layer, at: place) }
  }

  /// Refuses layers that the student has no more where a method deploys it inside another network.
  ///
  /// - Throws: ``InputError`` that names the nearest layer.
  func check(layers: [String], deployedBy terms: [TermRecipe], at place: String) throws {
    for network in try terms.compactMap({ try method($0, at: place).deployed }) {
      for layer in layers { _ = try network.probePoint(layer, at: place) }
    }
  }

  /// Refuses settings of a measurement that do not fit the student, or that leave nothing, or one thing twice.
  func check(_ measurement: any RunMeasurement.Type, _ options: Options, place: (String) -> String) throws {
    let numbers = try measurement.init(options, student, place: place).numbers
    let setting = measurement.entry.options.first?.name ?? measurement.entry.name
    guard !numbers.items.isEmpty else {
      throw InputError(
        place(setting), "\(measurement.entry.name) has nothing to measure", remedy: "name at least one \(numbers.item)")
    }
    guard Set(numbers.items).count == numbers.items.count else {
      throw InputError(
        place(setting), "\(measurement.entry.name) measures one \(numbers.item) twice",
        remedy: "name each \(numbers.item) once")
    }
  }

  /// Where concepts are counted unless a recipe says otherwise.
  var defaultLayer: String { student.lastStage.name }

  /// Refuses a term that does not fit the networks.
  ///
  /// - Throws: ``InputError`` with the method's own reasons.
  func check(_ term: TermRecipe, at place: String) throws { _ = try method(term, at: place) }

  /// Refuses terms that fit alone but not together.
  ///
  /// - Returns: the stages that the methods have before the joint training, and how images are shown.
  /// - Throws: ``InputError`` with the reason.
  func check(
    together terms: [TermRecipe], _ schedule: StudentRecipe.Schedule, labels: Double, at place: String
  ) throws -> (stages: [StudentRecipe.Stage], view: BatchView) {
    let methods = try terms.map { try method($0, at: place) }
    if let alone = methods.first(where: { type(of: $0).trainsAlone }), methods.count > 1 || schedule == .twoStage {
      throw InputError(
        place, "\(type(of: alone).entry.name) trains in a way of its own",
        remedy: "make it the only term of a student with schedule: joint")
    }
    let start = TrainingClock(step: 0, epochs: 1, stepsPerEpoch: 1)
    let acts = zip(terms, methods).contains { $0.weight > 0 && $1.takesPart(at: start) }
    guard acts || labels > 0 || schedule == .twoStage else {
      throw InputError(
        place, "nothing is left to train on behind the methods' own stages",
        remedy: "give the labels a weight, or add a term such as kd")
    }
    _ = try methods.batchOrder(at: place)
    let view = try methods.view(at: place)
    if isMixed, let special = methods.first(where: { $0.view == view }), view != .ordinary {
      throw InputError(
        place, "\(type(of: special).entry.name) shows images in a way of its own, and data.mixup mixes them",
        remedy: "drop mixup")
    }
    if schedule == .twoStage { try checkFeatureStage(methods, at: place) }
    let prepared = methods.filter { $0.preparation != nil }
    if schedule == .twoStage, let first = prepared.first {
      throw InputError(
        place, "\(type(of: first).entry.name) has a stage of its own, and the student has two already",
        remedy: "use schedule: joint")
    }
    let stages = methods.enumerated().compactMap { term, method in
      method.preparation.map { StudentRecipe.Stage(term: term, $0) }
    }
    return (stages, view)
  }

  /// Refuses a teacher that sees images otherwise than its student where that cannot be.
  ///
  /// - Throws: ``InputError`` with the reason.
  func check(
    _ view: TeacherView, with terms: [TermRecipe], _ schedule: StudentRecipe.Schedule, at place: String
  ) throws {
    func refusal(_ reason: String, _ remedy: String = "drop teacher-view") -> InputError {
      InputError(place, "teacher-view is \(view.rawValue), and \(reason)", remedy: remedy)
    }
    guard schedule == .joint else { throw refusal("a two-stage student sees images as its teacher does") }
    guard !isMixed else { throw refusal("data.mixup mixes what the student sees", "drop mixup") }
    let methods = try terms.map { try method($0, at: place) }
    guard terms.contains(where: { MethodRegistry.teacherNeed($0.method) == .answers }) else {
      throw refusal("no method asks a teacher what it says")
    }
    for (term, method) in zip(terms, methods) {
      if type(of: method).trainsAlone { throw refusal("\(term.method) trains in a way of its own") }
      if method.view != .ordinary { throw refusal("\(term.method) shows images in a way of its own") }
      if method.preparation != nil { throw refusal("\(term.method) has a stage before, in which both see the same") }
      if method.needsImageGradients {
        throw refusal("\(term.method) compares gradients with respect to one and the same image")
      }
      guard term.options[SharedMethodOptions.furtherTeachers].isEmpty else {
        throw refusal("\(term.method) asks further teachers, which see what the student sees")
      }
    }
  }

  /// Refuses what a first stage without labels and with images as they are would have to leave out.
  private func checkFeatureStage(_ methods: [any DistillationMethod], at place: String) throws {
    func refusal(_ method: any DistillationMethod, _ reason: String, _ remedy: String) -> InputError {
      InputError(place, "\(type(of: method).entry.name) \(reason)", remedy: remedy)
    }
    if let special = methods.first(where: { $0.view != .ordinary }) {
      throw refusal(
        special, "shows images in a way of its own, and a two-stage student sees them as they are",
        "use schedule: joint")
    }
    if let limited = methods.first(where: {
      $0.gradientLimit(at: TrainingClock(step: 0, epochs: 1, stepsPerEpoch: 1)) != nil
    }) {
      throw refusal(
        limited, "limits its gradient by that of the labels, which play no part in a first stage",
        "give it clip: false, or use schedule: joint")
    }
  }

  /// The layer at which the stages of a two-stage student meet.
  ///
  /// - Throws: ``InputError`` if a method learns from logits.
  func distilledLayer(of terms: [TermRecipe], at place: String) throws -> String {
    try TwoStageProgram.distilledLayer(of: student, terms.map { try method($0, at: place) }, at: place)
  }

  /// Whether anything is left to train behind a layer.
  func hasClassifier(behind layer: String) -> Bool { TwoStageProgram.hasClassifier(behind: layer, of: student) }

  private func method(_ term: TermRecipe, at place: String) throws -> any DistillationMethod {
    guard teacher != nil || MethodRegistry.teacherNeed(term.method) == .nothing else {
      throw InputError(
        place, "\(term.method) learns from a teacher, and the recipe has none",
        remedy: "add teacher: { model: … }, the network that teaches")
    }
    let setup = MethodSetup(
      student: student, teacher: teacher ?? student, initialiser: Initialiser(seed: 0), trainingLabels: [0, 1],
      batchSize: batchSize, place: place
    ) { [student, teacher, further, names] path in
      if let network = try further(path) { return network }
      guard path.contains(where: { "./".contains($0) }) || isReadableFile(path) else {
        throw InputError(
          place, "there is no teacher, assistant or student '\(path)', and no such file",
          remedy: nearest(path, in: names))
      }
      _ = try Checkpoint.read(
        URL(fileURLWithPath: path),
        imageSize: (student.specification.height, student.specification.width))
      return teacher ?? student
    }
    return try MethodRegistry.make(term.method, term.options.values, setup)
  }
}
