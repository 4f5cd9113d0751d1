import Checkpoints
import Statistics
import Support
import Training

extension Experiment {
  /// Says how good the teachers from files are, and refuses one that is worse than is stated or that knows nothing: the
  /// wrong file, other classes or another normalisation would otherwise be distilled in silence.
  ///
  /// What is stated is the recipe's `teacher.accuracy`, or what the checkpoint says of the same data. Development
  /// splits differ between runs, so that three standard errors are allowed for. A teacher knows nothing if Wilson's
  /// interval does not lie above 1 / classes, unless the recipe states an accuracy.
  ///
  /// - Throws: ``InputError`` with both accuracies.
  func requireGoodTeachers() throws {
    if let path = recipe.teacher.checkpoint { try requireGood(readNamedTeacher(path), at: path, isNamed: true) }
    for path in furtherTeachers { try requireGood(readTeacherFile(path), at: path, isNamed: false) }
  }

  private func requireGood(_ teacher: TeacherFile, at path: String, isNamed: Bool) throws {
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
    let own = teacher.facts.flatMap { $0.data == data.train.name ? $0.developmentAccuracy : nil }
    if let stated = isNamed ? recipe.teacher.accuracy ?? own : own {
      let error = (stated * (1 - stated) / Double(max(1, images))).squareRoot()
      guard found >= stated - 3 * error else {
        let source = isNamed && recipe.teacher.accuracy != nil ? "as teacher.accuracy" : "in the file"
        throw InputError(
          path, "the teacher \(subject); \(percent(stated)) is stated \(source)",
          remedy: "check file, classes and normalisation, or state its accuracy here as teacher.accuracy")
      }
    }
    guard lower > chance || recipe.teacher.accuracy != nil else {
      throw InputError(
        path, "the teacher \(subject), no more than by chance (\(range))",
        remedy: "check file, classes and normalisation, or write teacher: { accuracy: 0 } if it is meant so")
    }
    advise("teacher \(path): \(subject) (\(range))")
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
