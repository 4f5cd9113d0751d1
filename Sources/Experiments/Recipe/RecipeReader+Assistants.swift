import Distillation
import Support

/// The networks of which terms are asked whether they fit: one pair for each student and its teacher.
struct TrialPairs {
  let teacher: (model: ModelRecipe, place: String)?
  let student: (model: ModelRecipe, place: String)
  let data: DataRecipe
  let batchSize: Int
  /// What each named network is, and where it says so.
  let named: [String: (model: ModelRecipe, place: String)]
  /// The recipe's teacher and student.
  let usual: TrialNetworks

  /// The networks of one training.
  ///
  /// - Parameters:
  ///   - model: what learns; nil for the recipe's student.
  ///   - name: the assistant or student that teaches; nil for the recipe's teacher.
  /// - Returns: both.
  /// - Throws: ``InputError`` at the place of a network that cannot be built.
  func networks(_ model: (model: ModelRecipe, place: String)?, taughtBy name: String?) throws -> TrialNetworks {
    guard model != nil || name != nil else { return usual }
    // Whoever is no assistant is a student, or unknown, which is told later.
    let teaching = name.map { named[$0] ?? student } ?? teacher
    return try TrialNetworks(
      teacher: teaching, student: model ?? student, data: data, batchSize: batchSize, named: named)
  }
}

extension RecipeReader {
  /// What each assistant is.
  func assistantModels(_ root: Section) throws -> [String: (model: ModelRecipe, place: String)] {
    let section = try root.section("assistants")
    if let node = root["assistants"], section.all.isEmpty {
      throw InputError(node.place, "assistants is empty", remedy: "add one: NAME: { model: …, distillation: [ … ] }")
    }
    if !section.all.isEmpty, root["students"] == nil {
      throw InputError(
        section.place, "assistants teach students by name, and there are none",
        remedy: "add students: { NAME: { teacher: …, distillation: [ … ] } }")
    }
    var models: [String: (model: ModelRecipe, place: String)] = [:]
    for entry in section.all {
      try requireFolderName(entry.key, of: "an assistant", at: entry.place)
      let own = try section.section(entry.key)
      models[entry.key] = (try model(own, besides: RecipeKeys.assistant), own["model"]?.place ?? own.place)
    }
    return models
  }

  /// The further teachers, in the order in which they are written.
  func namedTeachers(_ root: Section, epochs: Int) throws -> [NamedTeacher] {
    let section = try root.section("teachers")
    if let node = root["teachers"], section.all.isEmpty {
      throw InputError(node.place, "teachers is empty", remedy: "add one: NAME: { model: … }, or { checkpoint: … }")
    }
    return try section.all.map { entry in
      try requireFolderName(entry.key, of: "a teacher", at: entry.place)
      return NamedTeacher(
        name: entry.key, teacher: try teacher(section.section(entry.key), defaultEpochs: epochs))
    }
  }

  /// The assistants, in the order in which they are written.
  func assistants(_ root: Section, _ pairs: TrialPairs, epochs: Int) throws -> [StudentRecipe] {
    let section = try root.section("assistants")
    return try section.all.map { entry in
      let own = try section.section(entry.key)
      let lesson = try lesson(own)
      let networks = try pairs.networks(pairs.named[entry.key], taughtBy: lesson?.by)
      var read = try student(entry.key, own, networks, epochs: epochs)
      read.model = pairs.named[entry.key]?.model
      read.lesson = lesson
      read.isApart = try own.value(RecipeKeys.apart)
      return read
    }
  }

  /// Who teaches a student; nil for the recipe's teacher at its end.
  func lesson(_ section: Section) throws -> StudentRecipe.Lesson? {
    guard let node = section[RecipeKeys.lesson.name] else { return nil }
    if ["null", "~"].contains(node.text) { return nil }
    if let name = node.text { return name == RoleName.teacher ? nil : StudentRecipe.Lesson(by: name, epoch: nil) }
    let own = try section.section(RecipeKeys.lesson.name)
    try own.allow(only: RecipeKeys.lessonKeys.options.map(\.name))
    let options = try own.options(for: RecipeKeys.lessonKeys)
    let by = options[RecipeKeys.lessonBy].flatMap { $0 == RoleName.teacher ? nil : $0 }
    let epoch = options[RecipeKeys.lessonEpoch].map { Moment($0) }
    guard !own.all.isEmpty else {
      throw InputError(node.place, "teacher names nobody", remedy: "add by, or epoch, or drop it")
    }
    return by == nil && epoch == nil ? nil : StudentRecipe.Lesson(by: by, epoch: epoch)
  }

  /// Refuses teachers that do not exist, that teach themselves, or epochs that they do not have.
  func checkLessons(_ root: Section, _ recipe: Recipe) throws {
    let names = recipe.taught.map(\.name)
    let (students, assistants) = (try root.section("students"), try root.section("assistants"))
    try requireOwnNames(root, recipe)
    for learner in recipe.taught {
      let section = try (learner.model == nil ? students : assistants).section(learner.name)
      let place = section[RecipeKeys.lesson.name]?.place ?? section["distillation"]?.place ?? section.place
      try requireNoLoop(learner, recipe, at: place)
      var seen: Set<String> = []
      if let twice = learner.teacherNames.first(where: { !seen.insert($0).inserted }) {
        throw InputError(place, "\(twice) is named twice as a teacher of \(learner.name)", remedy: "name it once")
      }
      guard let lesson = learner.lesson else { continue }
      if let idle = learner.terms.first, learner.terms.allSatisfy({ MethodRegistry.teacherNeed($0.method) == .nothing })
      {
        throw InputError(
          place, "\(idle.method) asks no teacher", remedy: "drop teacher, or add a method that does, such as kd")
      }
      if let name = lesson.by {
        guard names.contains(name) || recipe.teacher(named: name) != nil else {
          throw InputError(
            place,
            name == RoleName.baseline
              ? "the baseline is nobody's teacher" : "there is no teacher, assistant or student '\(name)'",
            remedy: nearest(
              name, in: names.filter { $0 != learner.name } + recipe.teachers.map(\.name) + [RoleName.teacher]))
        }
      }
      guard let epoch = lesson.epoch else { continue }
      let role = lesson.by ?? RoleName.teacher
      guard recipe.teacher(named: role)?.checkpoint == nil else {
        throw InputError(
          place, "epoch \(epoch) is asked of a teacher from a checkpoint",
          remedy: "give that epoch's file as checkpoint")
      }
      let last = recipe.lastEpoch(of: role)
      guard epoch <= Moment(epoch: last) else {
        throw InputError(
          place, "\(role) has \(last) epoch\(last == 1 ? "" : "s"), and epoch is \(epoch)",
          remedy: "it takes 0 to \(last)")
      }
      let kept = recipe.keptMoments(of: role)
      guard epoch.wholeEpoch != nil || kept.contains(epoch) else {
        let before = recipe.taught(role)?.preparationEpochs ?? 0
        let stages = before > 0 ? "; the \(before) epochs of its stages before count" : ""
        throw InputError(
          place, "the weights of \(role) at epoch \(epoch) are not kept",
          remedy: kept.isEmpty
            ? "add \(epoch) to training.checkpoints, or name the end of an epoch"
            : "those inside of epochs are \(kept.map(\.description).joined(separator: ", "))\(stages)")
      }
    }
    let idle =
      recipe.assistants.map { (kind: "assistant", name: $0.name) }
      + recipe.teachers.map { (kind: "teacher", name: $0.name) }
    for (kind, name) in idle where !recipe.taught.contains(where: { $0.teacherNames.contains(name) }) {
      throw InputError(
        try root.section("\(kind)s").section(name).place, "\(kind) \(name) teaches nobody",
        remedy: "add teacher: \(name) to a student, or drop it")
    }
  }

  /// Refuses two networks of one name.
  private func requireOwnNames(_ root: Section, _ recipe: Recipe) throws {
    let kinds = [
      ("students", "student", recipe.students.map(\.name)), ("assistants", "assistant", recipe.assistants.map(\.name)),
      ("teachers", "teacher", recipe.teachers.map(\.name)),
    ]
    for (place, (_, first, names)) in kinds.enumerated() {
      for (key, second, others) in kinds.dropFirst(place + 1) {
        guard let twice = others.first(where: names.contains) else { continue }
        throw InputError(
          try root.section(key).section(twice).place,
          "\(first == "assistant" ? "an" : "a") \(first) and \(second == "assistant" ? "an" : "a") \(second) are called '\(twice)'",
          remedy: "name one otherwise")
      }
    }
  }

  /// Refuses a network that is its own teacher, by others or not.
  private func requireNoLoop(_ learner: StudentRecipe, _ recipe: Recipe, at place: String) throws {
    guard !learner.teacherNames.contains(learner.name) else {
      throw InputError(place, "\(learner.name) is its own teacher", remedy: "name another one, or drop teacher")
    }
    func way(from name: String, _ seen: [String]) -> [String]? {
      for next in recipe.taught(name)?.teacherNames ?? [] where recipe.taught(next) != nil {
        if next == learner.name { return seen + [next] }
        if !seen.contains(next), let found = way(from: next, seen + [next]) { return found }
      }
      return nil
    }
    guard let loop = way(from: learner.name, [learner.name]) else { return }
    throw InputError(
      place, "the chain of teachers loops: \(loop.joined(separator: " ← "))",
      remedy: "let one of them learn from the recipe's teacher")
  }
}
