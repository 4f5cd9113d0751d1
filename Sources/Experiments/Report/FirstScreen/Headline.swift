import Statistics

/// What was found on one question in a few words, for headings.
package struct Headline {
  private let question: Question
  private let answers: [Answer]
  private let students: [String]

  /// - Parameters:
  ///   - question: what was asked.
  ///   - answers: on this question.
  ///   - students: in their order.
  package init(question: Question, answers: [Answer], students: [String]) {
    self.question = question
    self.answers = answers
    self.students = students
  }

  /// "H1: features keeps more of the object; open for logits"; without answers that the question was not asked.
  package var text: String {
    let name = question.short.map { "\($0): " } ?? ""
    guard !answers.isEmpty else { return "\(name)not asked" }
    let clauses = [Verdict.supported, .contradicted, .inconclusive, .notTestable].compactMap(clause)
    return name + clauses.joined(separator: "; ")
  }

  private func clause(_ verdict: Verdict) -> String? {
    let found = answers.filter { $0.judgement.verdict == verdict }.map(\.student)
    guard !found.isEmpty else { return nil }
    let whom =
      if students.count == 1 {
        "the student"
      } else if students.count > 3 {
        "\(found.count) of \(students.count) students"
      } else {
        found.joined(separator: " and ")
      }
    let isAll = found.count == students.count
    switch verdict {
    case .supported, .contradicted:
      return "\(whom) \(question.predicate(isClaimed: verdict == .supported, isOne: found.count == 1))"
    case .inconclusive: return isAll ? "open" : "open for \(whom)"
    case .notTestable: return isAll ? "not testable" : "not testable for \(whom)"
    }
  }
}

extension ReportMaterial {
  /// What was found on a question, for a heading.
  func headline(_ question: Question) -> String {
    Headline(question: question, answers: answers.filter { $0.question == question }, students: students).text
  }
}
