import Reporting
import Statistics

/// What was found, how sure it is and on what, in one sentence for people who have read nothing else.
///
/// Only a verdict makes a statement: what is not decided is said to be open, whatever the sign of the mean.
package struct OpeningSentence {
  /// Students up to whose number each is named.
  private static let mostNames = 3

  private let answers: [Answer]
  private let students: [String]
  private let subject: MarkdownText
  private let seeds: Int

  /// - Parameters:
  ///   - answers: to all questions that were asked.
  ///   - students: in their order.
  ///   - subject: who taught whom on what, before the comma: "On garments, a resnet8 taught by a resnet20".
  ///   - seeds: how many.
  package init(answers: [Answer], students: [String], subject: MarkdownText, seeds: Int) {
    self.answers = answers
    self.students = students
    self.subject = subject
    self.seeds = seeds
  }

  package var text: MarkdownText {
    let questions = Question.allCases.filter { question in answers.contains { $0.question == question } }
    var reasons: Set<String> = []
    var clauses: [MarkdownText] = []
    for question in questions { clauses += self.clauses(question, &reasons) }
    let against: MarkdownText = "against the same network trained on labels alone"
    return """
      \(subject), \(against): \(MarkdownText(markdown: clauses.map(\.markdown).joined(separator: "; "))) \
      (\(certainty)).
      """
  }

  /// What the numbers rest on.
  private var certainty: MarkdownText {
    guard seeds > 1 else { return "one seed, which decides nothing" }
    let few = seeds < PairedClaim.fewestSeeds ? ", too few to decide anything" : ""
    guard few.isEmpty else { return "means over \(seeds) seeds\(few)" }
    return """
      means over \(seeds) seeds, ± the half-width of a 95 % interval; where there is no difference, a question is decided \
      all the same in at most one of twenty such studies
      """
  }

  /// - Parameters:
  ///   - question: what was asked.
  ///   - reasons: those that were given already.
  /// - Returns: one clause for each verdict that there is.
  private func clauses(_ question: Question, _ reasons: inout Set<String>) -> [MarkdownText] {
    var clauses: [MarkdownText] = []
    for verdict in [Verdict.supported, .contradicted, .inconclusive, .notTestable] {
      let found = answers.filter { $0.question == question && $0.judgement.verdict == verdict }
      if !found.isEmpty { clauses.append(clause(question, verdict, found, &reasons)) }
    }
    return clauses
  }

  private func clause(
    _ question: Question, _ verdict: Verdict, _ found: [Answer], _ reasons: inout Set<String>
  ) -> MarkdownText {
    let whom = whom(found)
    let name = question.short.map { "\($0), " } ?? ""
    let mark = question.short.map { " (\($0))" } ?? ""
    let isAlone = students.count == 1
    switch verdict {
    case .supported, .contradicted:
      let isOne = found.count == 1
      let predicate = MarkdownText(
        markdown: "**\(question.predicate(isClaimed: verdict == .supported, isOne: isOne))**")
      if isAlone { return "it \(predicate) (\(name)\(found[0].quantity ?? "–"))" }
      guard students.count <= Self.mostNames else { return "\(whom) \(predicate)\(mark)" }
      let numbers = found.map { $0.number ?? "–" }.joined(separator: ", ")
      let unit = question.unit.isEmpty ? "" : " \(question.unit)"
      return "\(whom) \(predicate) (\(name)\(numbers)\(unit))"
    case .inconclusive, .notTestable:
      let subject: MarkdownText = isAlone ? "" : "for \(whom) "
      let matter = question.openMatter(isOne: found.count == 1)
      guard verdict == .notTestable else { return "\(subject)it stays **open** \(matter)\(mark)" }
      let own = Set(found.map(\.judgement.reason))
      let isKnown = own.count == 1 && !reasons.isDisjoint(with: own)
      reasons.formUnion(own)
      let why = own.count == 1 ? (isKnown ? ", for the same reason" : ", because \(own.first ?? "")") : ""
      return "\(subject)it was **not testable** \(matter)\(mark)\(why)"
    }
  }

  /// The students of a group: by name where there are few, else how many of how many.
  private func whom(_ found: [Answer]) -> MarkdownText {
    if students.count > Self.mostNames { return "\(found.count) of \(students.count) students" }
    if found.count == students.count, found.count > 1 { return found.count == 2 ? "both students" : "all students" }
    let names = found.map(\.student)
    return "\(names.count > 1 ? "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])" : names[0])"
  }
}

extension ReportMaterial {
  /// The report's first sentence.
  var openingSentence: OpeningSentence {
    let student = recipe.student.name
    let names = students.map { title($0) }
    let who: MarkdownText =
      students.count == 1
      ? "a \(student)\(teacherName.map { " taught by a \($0)" } ?? "") (\(names[0]))"
      : "\(students.count) students (\(student))\(teacherName.map { " taught by a \($0)" } ?? "")"
    return OpeningSentence(
      answers: answers, students: students, subject: "On \(recipe.data.set), \(who)", seeds: recipe.seeds.count)
  }
}
