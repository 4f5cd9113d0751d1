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
    for question in questions { clauses += [.supported, .contradicted].compactMap { clause(question, $0, &reasons) } }
    clauses += openClauses(questions)
    for question in questions { clauses += [clause(question, .notTestable, &reasons)].compactMap(\.self) }
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
    return "means over \(seeds) seeds, ± the half-width of a 95 % interval"
  }

  /// One clause for all questions that are open for the same students.
  private func openClauses(_ questions: [Question]) -> [MarkdownText] {
    var groups: [(students: [String], matters: [MarkdownText])] = []
    for question in questions {
      let found = found(question, .inconclusive)
      guard !found.isEmpty else { continue }
      let mark = question.short.map { " (\($0))" } ?? ""
      let matter: MarkdownText = "\(question.openMatter(isOne: found.count == 1))\(mark)"
      if let index = groups.firstIndex(where: { $0.students == found.map(\.student) }) {
        groups[index].matters.append(matter)
      } else {
        groups.append((found.map(\.student), [matter]))
      }
    }
    return groups.map { group in
      let subject: MarkdownText = students.count == 1 ? "" : "for \(whom(group.students)) "
      let (first, last) = (group.matters.dropLast().map(\.markdown), group.matters[group.matters.count - 1])
      let list = (first.isEmpty ? "" : first.joined(separator: ", ") + " and ") + last.markdown
      return "\(subject)it stays **open** \(MarkdownText(markdown: list))"
    }
  }

  private func found(_ question: Question, _ verdict: Verdict) -> [Answer] {
    answers.filter { $0.question == question && $0.judgement.verdict == verdict }
  }

  /// What is said of the students that have a verdict on a question; nil where none has it.
  ///
  /// - Parameters:
  ///   - question: what was asked.
  ///   - verdict: any but inconclusive.
  ///   - reasons: those that were given already.
  /// - Returns: a clause.
  private func clause(_ question: Question, _ verdict: Verdict, _ reasons: inout Set<String>) -> MarkdownText? {
    let found = found(question, verdict)
    guard !found.isEmpty else { return nil }
    let whom = whom(found.map(\.student))
    let name = question.short.map { "\($0), " } ?? ""
    let mark = question.short.map { " (\($0))" } ?? ""
    let isAlone = students.count == 1
    guard verdict == .notTestable else {
      let isOne = found.count == 1
      let predicate = MarkdownText(
        markdown: "**\(question.predicate(isClaimed: verdict == .supported, isOne: isOne))**")
      if isAlone { return "it \(predicate) (\(name)\(found[0].quantity ?? "–"))" }
      guard students.count <= Self.mostNames else { return "\(whom) \(predicate)\(mark)" }
      let numbers = found.map { $0.number ?? "–" }.joined(separator: ", ")
      let unit = question.unit.isEmpty ? "" : " \(question.unit)"
      return "\(whom) \(predicate) (\(name)\(numbers)\(unit))"
    }
    let subject: MarkdownText = isAlone ? "" : "for \(whom) "
    let matter = question.openMatter(isOne: found.count == 1)
    let own = Set(found.map(\.judgement.reason))
    let isKnown = own.count == 1 && !reasons.isDisjoint(with: own)
    reasons.formUnion(own)
    let why = own.count == 1 ? (isKnown ? ", for the same reason" : ", because \(own.first ?? "")") : ""
    return "\(subject)it was **not testable** \(matter)\(mark)\(why)"
  }

  /// The students of a group: by name where there are few, else how many of how many.
  private func whom(_ found: [String]) -> MarkdownText {
    if students.count > Self.mostNames { return "\(found.count) of \(students.count) students" }
    if found.count == students.count, found.count > 1 { return found.count == 2 ? "both students" : "all students" }
    return "\(found.count > 1 ? "\(found.dropLast().joined(separator: ", ")) and \(found[found.count - 1])" : found[0])"
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
