import Support
import Tensors

extension OptionDescription {
  /// Whose logit a method of gradients looks at.
  ///
  /// - Parameter origin: who takes the teacher's.
  /// - Returns: the option `class`.
  static func askedClass(_ origin: String) -> OptionDescription {
    OptionDescription(
      "class", .choice(["label", "teacher"]), default: .text("label"),
      "whose logit: the label's, or the teacher's likeliest class' (\(origin))")
  }
}

extension KnowledgeStep {
  /// The class of each image that the option `class` asks for.
  func askedClasses(_ options: Options) -> [Int] {
    options.text("class") == "teacher" ? teacherLogits.argmaxOfRows() : batch.labels
  }
}
