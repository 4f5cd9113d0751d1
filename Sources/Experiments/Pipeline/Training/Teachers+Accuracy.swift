import Checkpoints
import Reporting
import Statistics
import Support
import Training

extension Teachers {
  /// Says how good the teachers from files are, and refuses one that knows nothing or is worse than the recipe demands:
  /// the wrong file, other classes or another normalisation would otherwise be distilled in silence.
  ///
  /// A teacher knows nothing if Wilson's interval does not lie above 1 / classes; `teacher.accuracy: 0` takes it all the
  /// same. A larger `teacher.accuracy` is the least that is demanded: the interval must reach it. What the file says of
  /// its own development images is told where these differ from it, and decides nothing: it was other images.
  ///
  /// - Throws: ``InputError`` with both accuracies.
  func requireGood() throws {
    if let path = recipe.teacherPath {
      try requireGood(readNamed(path, as: RoleName.teacher), at: path, (RoleName.teacher, recipe.teacher))
    }
    for named in recipe.teachers {
      guard let path = named.teacher.checkpoint else { continue }
      try requireGood(readNamed(path, as: named.name), at: path, ("teachers.\(named.name)", named.teacher))
    }
    for path in further { try requireGood(readFile(path), at: path, nil) }
  }

  private func requireGood(_ teacher: TeacherFile, at path: String, _ named: (key: String, teacher: TeacherRecipe?)?)
    throws
  {
    let data = try data()
    let images = data.development.count
    let logits = Logits.of(teacher.network, on: data.development, data.normalization)
    try logits.requireFinite("logits", of: path)
    let found = Evaluation(logits: logits, labels: data.development.labels.map(Int.init)).accuracy
    guard let interval = wilsonInterval(Int((found * Double(images)).rounded()), of: images),
      let lower = interval.lower, let upper = interval.upper
    else { return }
    let chance = 1 / Double(max(1, data.development.classes.count))
    let range = "95 % interval \(percent(lower)) to \(percent(upper)), chance \(percent(chance))"
    let subject = "classifies \(percent(found)) of \(images) development images correctly"
    let isMeant = (named?.teacher ?? recipe.teacher)?.accuracy == 0
    if let named, let least = named.teacher?.accuracy, upper < least {
      throw InputError(
        path, "the teacher \(subject) (\(range)); \(percent(least)) is demanded by \(named.key).accuracy",
        remedy: "check file, classes and normalisation, or demand less")
    }
    guard lower > chance || isMeant else {
      throw InputError(
        path, "the teacher \(subject), no more than by chance (\(range))",
        remedy:
          "check file, classes and normalisation, or write \(named?.key ?? RoleName.teacher): { accuracy: 0 } if it is meant so"
      )
    }
    let stated = teacher.facts?.developmentAccuracy
    let other = stated.map { $0 < lower || $0 > upper ? "; its file says \(percent($0)) of its own" : "" } ?? ""
    context.advise("teacher \(path): \(subject) (\(range))\(other)")
  }

  private func percent(_ share: Double) -> String { NumberFormat.percent(share) }
}
