import Checkpoints
import Support
import Training

extension Experiment {
  /// Refuses a teacher that is worse than is stated: the wrong file, other classes or another normalisation would
  /// otherwise be distilled in silence.
  ///
  /// What is stated is the recipe's `teacher.accuracy`, or what the checkpoint says of the same data. Development
  /// splits differ between runs, so that three standard errors are allowed for.
  ///
  /// - Throws: ``InputError`` with both accuracies.
  func requireStatedAccuracy() throws {
    guard let path = recipe.teacher.checkpoint else { return }
    let data = try data()
    let teacher = try readNamedTeacher(path)
    let own = teacher.facts.flatMap { $0.data == data.train.name ? $0.developmentAccuracy : nil }
    guard let stated = recipe.teacher.accuracy ?? own else { return }
    let found = Evaluation.of(teacher.network, on: data.development, data.normalization).accuracy
    let error = (stated * (1 - stated) / Double(max(1, data.development.count))).squareRoot()
    guard found < stated - 3 * error else { return }
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    throw InputError(
      path,
      "the teacher classifies \(percent(found)) of \(data.development.count) development images correctly; "
        + "\(percent(stated)) is stated \(recipe.teacher.accuracy == nil ? "in the file" : "as teacher.accuracy")",
      remedy: "check file, classes and normalisation, or state its accuracy here as teacher.accuracy")
  }
}
