import Support

extension RecipeReader {
  /// The students: one from `distillation`, or several from `students`.
  func students(_ root: Section, _ networks: TrialNetworks) throws -> [StudentRecipe] {
    let keys = ["labels", "schedule", "distillation"]
    guard root["students"] != nil else {
      guard root["distillation"] != nil else {
        throw InputError(
          root.place, "no distillation",
          remedy: "add distillation: [ { method: … } ], or students: with one or more of them")
      }
      return [try student("student", root, networks)]
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
      guard isFolderName(entry.key), !RecipeKeys.reservedNames.contains(entry.key) else {
        throw InputError(
          entry.place, "a student cannot be called '\(entry.key)'",
          remedy:
            "take letters, digits, '-', '_' and '.', and none of \(RecipeKeys.reservedNames.joined(separator: ", "))")
      }
      let student = try section.section(entry.key)
      try student.allow(only: keys)
      return try self.student(entry.key, student, networks)
    }
  }

  private func student(_ name: String, _ section: Section, _ networks: TrialNetworks) throws -> StudentRecipe {
    let labels = try section.section("labels").options(for: RecipeKeys.labels).number("weight")
    var schedule = StudentRecipe.Schedule.joint
    if case .text(let written)? = try section.value(RecipeKeys.schedule) {
      schedule = StudentRecipe.Schedule(rawValue: written) ?? schedule
    }
    let elements = try section["distillation"]?.elements(of: "distillation") ?? []
    guard !elements.isEmpty else {
      throw InputError(
        section["distillation"]?.place ?? section.place, "\(name) learns nothing from the teacher",
        remedy: "add distillation: [ { method: … } ]; the baseline trains without a teacher and needs no entry")
    }
    let terms = try elements.enumerated().map { index, element in
      try term(Section(element, path: "distillation.\(index)", at: section.place), networks)
    }
    guard labels + terms.map(\.weight).reduce(0, +) > 0 else {
      throw InputError(
        section["distillation"]?.place ?? section.place, "all weights are 0", remedy: "give one a weight")
    }
    return StudentRecipe(name: name, labelWeight: labels, schedule: schedule, terms: terms)
  }

  private func term(_ section: Section, _ networks: TrialNetworks) throws -> TermRecipe {
    let entry = try section.entry("method", in: vocabulary.methods, called: "method")
    guard case .number(let weight) = try section.value(RecipeKeys.weight) ?? .number(1) else {
      preconditionFailure("weight was checked to be a number")
    }
    let options = try section.options(for: entry, besides: ["method", "weight"])
    let term = TermRecipe(method: entry.name, weight: weight, options: options)
    try networks.check(term, at: section["layers"]?.place ?? section.place)
    return term
  }
}
