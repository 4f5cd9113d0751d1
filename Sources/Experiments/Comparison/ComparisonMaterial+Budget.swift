import Reporting
import Statistics

extension ComparisonMaterial {
  private var students: [StudentRecipe] { recipe.students }

  /// Whether stages that train the student come on top of the budget of the others.
  var hasUnequalBudgets: Bool { students.contains { $0.studentStageEpochs > 0 && $0.budget == .joint } }

  /// Epochs of a row: of stages in which the student learns, of the joint training, of the methods' own parts, and how
  /// often an epoch shows each image.
  func epochs(of role: String) -> (stage: Int, joint: Int, own: Int, views: Int) {
    let epochs = recipe.training.epochs
    guard let student = students.first(where: { $0.name == role }) else { return (0, epochs, 0, 1) }
    return (student.studentStageEpochs, student.jointEpochs(of: epochs), student.ownStageEpochs, student.views)
  }

  /// `27`, `3 + 24`, `27 × 4`, `27 (+ 5)`.
  func epochsText(_ role: String) -> String {
    let (stage, joint, own, views) = epochs(of: role)
    let sum = stage > 0 ? "\(stage) + \(joint)" : "\(joint)"
    let shown = views > 1 ? (stage > 0 ? "(\(sum)) × \(views)" : "\(sum) × \(views)") : sum
    return own > 0 ? "\(shown) (+ \(own))" : shown
  }

  /// What the column of epochs says; only what stands in it is explained.
  var epochsExplanation: String {
    let rows = students.map { epochs(of: $0.name) }
    let parts = [
      rows.contains { $0.stage > 0 } ? "a stage before the joint training + that" : nil,
      rows.contains { $0.views > 1 } ? "× how often each image is shown in an epoch" : nil,
      rows.contains { $0.own > 0 } ? "in brackets epochs in which parts of the method learn without the student" : nil,
    ].compactMap(\.self)
    let details = parts.isEmpty ? "" : ": " + parts.joined(separator: "; ")
    return "Student epochs: those in which the student learns\(details)."
  }

  /// What is equal about the methods' budgets, and what is not.
  var budgetSentence: MarkdownText {
    let total = recipe.training.epochs
    var budget: MarkdownText = "Every student learns for \(total) epochs."
    if hasUnequalBudgets {
      budget = """
        Stages of methods that train the student come on top of the \(total) epochs of joint training \
        (\(code: "--budget joint")), so those rows had more of them than the others: see the column of epochs.
        """
    } else if students.contains(where: { $0.studentStageEpochs > 0 }) {
      budget = """
        Every student learns for \(total) epochs, a method's stage before the joint training among them \
        (\(code: "--budget total")); where its length is not stated, the stage has the share of the whole that the \
        source of the method's default gives it.
        """
    }
    let rows = students.map { epochs(of: $0.name) }
    guard rows.contains(where: { $0.views > 1 || $0.own > 0 }) else { return budget }
    return """
      \(budget) Not evened out: further views of the images and epochs in which parts of a method learn without the \
      student, which the column of epochs shows.
      """
  }
}
