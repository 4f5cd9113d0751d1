import Reporting
import Statistics

/// What the first sentence says of students that are held against one network.
struct OpeningClauses {
  private let answers: [Answer]
  private let students: [String]
  /// Whether there is one student in the whole sentence, which needs no name.
  private let isAlone: Bool
  /// What several students are called.
  private let kind: String
  /// Students up to whose number each is named.
  private let mostNames: Int

  /// - Parameters:
  ///   - comparison: the answers.
  ///   - isAlone: whether there is one student in the whole sentence.
  ///   - kind: what several students are called.
  ///   - mostNames: students up to whose number each is named.
  init(_ comparison: OpeningSentence.Comparison, isAlone: Bool, kind: String, mostNames: Int) {
    self.isAlone = isAlone
    answers = comparison.answers
    students = comparison.students
    self.kind = kind
    self.mostNames = mostNames
  }

  /// What is decided, what is open, and what could not be tested.
  ///
  /// - Parameter reasons: those that were given already.
  /// - Returns: clauses in that order.
  func all(_ reasons: inout Set<String>) -> [MarkdownText] {
    let questions = Question.allCases.filter { question in answers.contains { $0.question == question } }
    var clauses: [MarkdownText] = []
    for question in questions { clauses += [.supported, .contradicted].compactMap { clause(question, $0, &reasons) } }
    clauses += openClauses(questions)
    for question in questions { clauses += [clause(question, .notTestable, &reasons)].compactMap(\.self) }
    return clauses
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
      let subject: MarkdownText = isAlone ? "" : "for \(whom(group.students)) "
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
    guard verdict == .notTestable else {
      let isOne = found.count == 1
      let predicate = MarkdownText(
        markdown: "**\(question.predicate(isClaimed: verdict == .supported, isOne: isOne))**")
      if isAlone { return "it \(predicate) (\(name)\(found[0].quantity ?? "–"))" }
      guard students.count <= mostNames else { return "\(whom) \(predicate) (\(name)\(examples(found)))" }
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

  /// Of a group that is counted: all of them where they are few, else the one that differs most.
  private func examples(_ found: [Answer]) -> MarkdownText {
    let unit = found[0].question.unit.isEmpty ? "" : " \(found[0].question.unit)"
    guard found.count > mostNames else {
      return "\(MarkdownText.list(found.map { "\($0.student) \($0.number ?? "–")" }))\(unit)"
    }
    func size(_ answer: Answer) -> Double { abs(answer.judgement.difference?.value ?? 0) }
    let most = found.max { size($0) < size($1) } ?? found[0]
    return "most of all \(most.student), \(most.number ?? "–")\(unit)"
  }

  /// The students of a group: by name where there are few, else how many of how many.
  private func whom(_ found: [String]) -> MarkdownText {
    if found.count == students.count, found.count > 1 {
      return found.count == 2
        ? "both \(kind)" : students.count > mostNames ? "all \(found.count) \(kind)" : "all \(kind)"
    }
    if students.count > mostNames { return "\(found.count) of \(students.count) \(kind)" }
    return "\(found.count > 1 ? "\(found.dropLast().joined(separator: ", ")) and \(found[found.count - 1])" : found[0])"
  }
}
