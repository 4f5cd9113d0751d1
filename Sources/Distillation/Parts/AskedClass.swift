import Support
import Tensors

/// Whose logit a method of gradients looks at.
enum AskedClass: String, OptionChoice {
  case label, teacher

  /// The option `class`.
  ///
  /// - Parameter origin: who takes the teacher's.
  /// - Returns: the key of a method.
  static func key(_ origin: String) -> OptionKey<AskedClass> {
    .choice("class", default: .label, "whose logit: the label's, or the teacher's likeliest class' (\(origin))")
  }
}

extension KnowledgeStep {
  /// The class of each image whose logit is looked at.
  func classes(_ asked: AskedClass) -> [Int] {
    switch asked {
    case .label: batch.labels
    case .teacher: teacherLogits.argmaxOfRows()
    }
  }
}
