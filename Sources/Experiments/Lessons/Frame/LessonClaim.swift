import Reporting
import Statistics

/// A planned comparison of two arms, or of more: what is claimed before anything is trained.
package struct LessonClaim {
  /// Its name in tables: kebab-case.
  package let name: String
  /// What is claimed, in a clause without full stop.
  package let statement: MarkdownText
  package let quantity: LessonQuantity
  /// The arm that the claim places.
  package let role: String
  /// The arm that it is held against.
  package let reference: String
  /// On which side of the reference.
  package let side: ClaimedSide

  package init(
    _ name: String, _ statement: MarkdownText, of quantity: LessonQuantity = .accuracy, _ role: String,
    against reference: String, side: ClaimedSide = .larger
  ) {
    self.name = name
    self.statement = statement
    self.quantity = quantity
    self.role = role
    self.reference = reference
    self.side = side
  }
}

/// What became of a planned comparison.
package struct LessonFinding {
  package let claim: LessonClaim
  package let judgement: Judgement

  private var scale: Double { claim.quantity.scale }
  private var unit: String { claim.quantity.unit.isEmpty ? "" : " \(claim.quantity.unit)" }

  /// The difference with its interval, as shown.
  package var difference: String { judgement.difference.map { NumberFormat.estimate($0, scale: scale) } ?? "–" }

  /// The smallest difference that would mostly have been shown, as shown with its unit; nil where none that is possible
  /// would have been.
  package var smallest: String? {
    judgement.smallestEffect(within: claim.quantity.range).map { NumberFormat.significant($0 * scale, 2) + unit }
  }

  /// What may be said, in a sentence.
  package var sentence: MarkdownText {
    let quantity = claim.quantity.words
    let numbers: MarkdownText =
      "\(code: claim.role) minus \(code: claim.reference) in \(quantity): \(difference)\(unit) (95 % Student t)"
    switch judgement.verdict {
    case .supported, .contradicted:
      return "\(code: claim.name) **\(judgement.verdict.rawValue)**: \(claim.statement). \(numbers), \(holm)."
    case .inconclusive:
      let limit: MarkdownText =
        smallest.map {
          " Four of five such studies would show a true difference of \($0), fewer a smaller one: this is no proof of equality."
        }
        ?? ""
      return "\(code: claim.name) **inconclusive**: \(claim.statement). \(numbers), \(holm).\(limit)"
    case .notTestable:
      return "\(code: claim.name) **not testable**: \(claim.statement). \(judgement.reason)."
    }
  }

  private var holm: String {
    guard let p = judgement.holmP else { return judgement.reason }
    let many = judgement.isLostToHolm ? "alone \(Self.p(judgement.pValue ?? p)), " : ""
    return "\(many)p after Holm \(Self.p(p))"
  }

  package static func p(_ value: Double) -> String {
    value < 0.0001 ? "below 0.0001" : NumberFormat.significant(value, 2)
  }
}
