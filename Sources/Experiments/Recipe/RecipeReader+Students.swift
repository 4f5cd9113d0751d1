import Distillation
import Support

extension RecipeReader {
  /// The students: one from `distillation`, or several from `students`.
  ///
  /// - Parameters:
  ///   - root: the whole recipe.
  ///   - pairs: to ask whether methods and layers fit.
  ///   - epochs: length of the training.
  /// - Returns: in the order in which they are written.
  /// - Throws: ``InputError`` at the place of what cannot be trained.
  func students(_ root: Section, _ pairs: TrialPairs, epochs: Int) throws -> [StudentRecipe] {
    let keys = RecipeKeys.student.map(\.name)
    guard root["students"] != nil else {
      guard root["distillation"] != nil else {
        throw InputError(
          root.place, "no distillation",
          remedy: "add distillation: [ { method: … } ], or students: with one or more of them")
      }
      return [try student("student", root, pairs.usual, epochs: epochs)]
    }
    for key in keys {
      if let node = root[key] {
        throw InputError(
          node.place, "'\(key)' stands beside 'students'", remedy: "move it into the students that it is for")
      }
    }
    let section = try root.section("students")
    guard !section.all.isEmpty else {
      throw InputError(section.place, "students is empty", remedy: "add one: NAME: { distillation: [ … ] }")
    }
    return try section.all.map { entry in
      try requireFolderName(entry.key, of: "a student", at: entry.place)
      let student = try section.section(entry.key)
      try student.allow(only: RecipeKeys.namedStudent.map(\.name))
      let lesson = try lesson(student)
      let networks = try pairs.networks(nil, taughtBy: lesson?.by)
      var read = try self.student(entry.key, student, networks, epochs: epochs)
      read.lesson = lesson
      return read
    }
  }

  /// Refuses a name that cannot be that of a network's folder.
  func requireFolderName(_ name: String, of what: String, at place: String) throws {
    guard !isFolderName(name) || RecipeKeys.reservedNames.contains(name) else { return }
    throw InputError(
      place, "\(what) cannot be called '\(name)'",
      remedy: "take \(RecipeKeys.nameWords)" + (folderName(like: name).map { ", such as \($0)" } ?? "")
        + "; and none of \(RecipeKeys.reservedNames.joined(separator: ", "))")
  }

  func student(_ name: String, _ section: Section, _ networks: TrialNetworks, epochs: Int) throws
    -> StudentRecipe
  {
    let schedule = try section.value(RecipeKeys.schedule)
    let elements = try section["distillation"]?.elements(of: "distillation") ?? []
    guard !elements.isEmpty else {
      throw InputError(
        section["distillation"]?.place ?? section.place, "\(name) learns nothing from the teacher",
        remedy: "add distillation: [ { method: … } ]; the baseline trains without a teacher and needs no entry")
    }
    let terms = try elements.enumerated().map { index, element in
      try term(Section(element, path: "distillation.\(index)", at: section.place), networks)
    }
    let written = try section.section("labels").options(for: RecipeKeys.labels)[RecipeKeys.weight]
    let labels = section["labels"] == nil && terms.contains { !MethodRegistry.usesLabels($0.method) } ? 0 : written
    guard labels + terms.map(\.weight).reduce(0, +) > 0 else {
      throw InputError(
        section["distillation"]?.place ?? section.place, "all weights are 0", remedy: "give one a weight")
    }
    let place = section["distillation"]?.place ?? section.place
    let (stages, view) = try networks.check(together: terms, schedule, labels: labels, at: place)
    var student = StudentRecipe(
      name: name, labelWeight: schedule == .twoStage ? 0 : labels, schedule: schedule,
      classifierEpochs: try classifierEpochs(name, section, schedule, terms, networks, epochs: epochs),
      budget: try budget(section, stages), stages: stages, views: view.count,
      measuredLayers: try measuredLayers(section, networks), terms: terms)
    student.teacherView = try teacherView(section, networks, terms, schedule)
    student.omitted = try omitted(section)
    try student.requireJointEpochs(of: epochs, at: section["budget"]?.place ?? place)
    return student
  }

  /// How the teacher sees images.
  private func teacherView(
    _ section: Section, _ networks: TrialNetworks, _ terms: [TermRecipe], _ schedule: StudentRecipe.Schedule
  ) throws -> TeacherView {
    let view = try section.value(RecipeKeys.teacherView)
    guard view != .same else { return .same }
    try networks.check(view, with: terms, schedule, at: section.place(of: RecipeKeys.teacherView))
    return view
  }

  /// Classes that a student is not shown; whether the data have them is asked when these are there.
  private func omitted(_ section: Section) throws -> [String] {
    guard let node = section[RecipeKeys.omit.option.name] else { return [] }
    let names = try section.value(RecipeKeys.omit)
    guard !names.isEmpty, Set(names).count == names.count else {
      throw InputError(
        node.place, names.isEmpty ? "omit is empty" : "omit names a class twice",
        remedy: names.isEmpty ? "name a class, or drop it" : "name it once")
    }
    return names
  }

  /// What `training.epochs` counts: `joint` where no stage makes a difference, so that equal trainings have equal hashes.
  private func budget(_ section: Section, _ stages: [StudentRecipe.Stage]) throws -> StudentRecipe.Budget {
    let budget = try section.value(RecipeKeys.budget)
    return stages.contains(where: \.trainsStudent) ? budget : .joint
  }

  /// The second stage's length: 0 for a joint student, and where nothing lies behind the distilled layer.
  private func classifierEpochs(
    _ name: String, _ section: Section, _ schedule: StudentRecipe.Schedule, _ terms: [TermRecipe],
    _ networks: TrialNetworks, epochs: Int
  ) throws -> Int {
    let node = section[RecipeKeys.classifierEpochs.option.name]
    guard schedule == .twoStage else {
      if let node {
        throw InputError(node.place, "\(name) has no second stage", remedy: "add schedule: two-stage")
      }
      return 0
    }
    if let labels = section["labels"] {
      throw InputError(
        labels.place, "labels have no weight in a two-stage student",
        remedy: "drop it: the first stage takes the terms alone, the second one the labels alone")
    }
    let layer = try networks.distilledLayer(of: terms, at: section.place(of: RecipeKeys.schedule))
    guard networks.hasClassifier(behind: layer) else {
      if let node {
        throw InputError(
          node.place, "nothing lies behind \(layer) that a second stage could train", remedy: "drop classifier-epochs")
      }
      return 0
    }
    // As 100 to 150 in the paper, unless given.
    return try section.value(RecipeKeys.classifierEpochs) ?? max(1, Int((Double(epochs) * 2 / 3).rounded()))
  }

  private func measuredLayers(_ section: Section, _ networks: TrialNetworks) throws -> [String] {
    let layers = try section.value(RecipeKeys.measure)
    try networks.check(layers: layers, at: section.place(of: RecipeKeys.measure))
    return layers
  }

  private func term(_ section: Section, _ networks: TrialNetworks) throws -> TermRecipe {
    if let name = section["method"]?.text, vocabulary.optimizers.contains(where: { $0.name == name }) {
      throw InputError(
        section["method"]?.place ?? section.place, "\(name) is an optimiser, no term",
        remedy: "write training: { optimizer: \(name) } and keep the terms that it is to train by")
    }
    let entry = try section.entry("method", in: vocabulary.methods, called: "method")
    let term = try TermRecipe(section, entry)
    try networks.check(term, at: section["layers"]?.place ?? section.place)
    return term
  }
}
