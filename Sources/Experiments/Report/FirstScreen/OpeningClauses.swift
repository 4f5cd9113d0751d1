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
  var all: [MarkdownText] {
    let questions = Question.allCases.filter { question in answers.contains { $0.question == question } }
    // Of many students each question has one clause, that of what is decided; else each student's verdict is told.
    let isCounted = students.count > mostNames
    func isDecided(_ question: Question) -> Bool {
      [.supported, .contradicted].contains { !found(question, $0).isEmpty }
    }
    var clauses: [MarkdownText] =
      isCounted
      ? questions.filter(isDecided).map(counted)
      : questions.flatMap { question in [.supported, .contradicted].compactMap { clause(question, $0) } }
    let rest = isCounted ? questions.filter { !isDecided($0) } : questions
    clauses += undecided(rest, .inconclusive, "it stays **open**") { _ in "" }
    return clauses
      + undecided(rest, .notTestable, "it was **not testable**") { found in
        let reasons = Set(found.map(\.judgement.reason))
        return reasons.count == 1 ? reasons.first ?? "" : ""
      } + unasked(questions)
  }

  /// One clause for all questions that the same students were not asked, as where only some were measured.
  private func unasked(_ questions: [Question]) -> [MarkdownText] {
    var groups: [(students: [String], names: [String])] = []
    for question in questions {
      let known = Set(answers.filter { $0.question == question }.map(\.student))
      let left = students.filter { !known.contains($0) }
      guard !left.isEmpty, let name = question.short else { continue }
      if let index = groups.firstIndex(where: { $0.students == left }) {
        groups[index].names.append(name)
      } else {
        groups.append((left, [name]))
      }
    }
    return groups.map { group in
      let names = group.names.count > 1 ? "\(group.names[0]) to \(group.names[group.names.count - 1])" : group.names[0]
      return "\(names) \(group.names.count > 1 ? "were" : "was") not asked for \(whom(group.students))"
    }
  }

  /// One clause for all questions that have a verdict for the same students, and for the same reason.
  ///
  /// - Parameters:
  ///   - questions: in their order.
  ///   - verdict: one that decides nothing.
  ///   - words: what it stays or was, in markdown.
  ///   - reason: why, of the answers to one question; empty for none.
  /// - Returns: a clause for each group of students.
  private func undecided(
    _ questions: [Question], _ verdict: Verdict, _ words: String, reason: ([Answer]) -> String
  ) -> [MarkdownText] {
    var groups: [(students: [String], reason: String, matters: [MarkdownText])] = []
    for question in questions {
      let found = found(question, verdict)
      guard !found.isEmpty else { continue }
      let mark = question.short.map { " (\($0))" } ?? ""
      let matter: MarkdownText = "\(question.openMatter(isOne: found.count == 1))\(mark)"
      let why = reason(found)
      if let index = groups.firstIndex(where: { $0.students == found.map(\.student) && $0.reason == why }) {
        groups[index].matters.append(matter)
      } else {
        groups.append((found.map(\.student), why, [matter]))
      }
    }
    return groups.map { group in
      let subject: MarkdownText = isAlone ? "" : "for \(whom(group.students)) "
      let (first, last) = (group.matters.dropLast().map(\.markdown), group.matters[group.matters.count - 1])
      let list = (first.isEmpty ? "" : first.joined(separator: ", ") + " and ") + last.markdown
      let why = group.reason.isEmpty ? "" : ", because \(group.reason)"
      return "\(subject)\(MarkdownText(markdown: words)) \(MarkdownText(markdown: list))\(why)"
    }
  }

  private func found(_ question: Question, _ verdict: Verdict) -> [Answer] {
    answers.filter { $0.question == question && $0.judgement.verdict == verdict }
  }

  /// What is said of the students that have a verdict on a question; nil where none has it.
  ///
  /// - Parameters:
  ///   - question: what was asked.
  ///   - verdict: one that decides.
  /// - Returns: a clause.
  private func clause(_ question: Question, _ verdict: Verdict) -> MarkdownText? {
    let found = found(question, verdict)
    guard !found.isEmpty else { return nil }
    let name = question.short.map { "\($0), " } ?? ""
    let predicate = predicate(question, verdict, found)
    if isAlone { return "it \(predicate) (\(name)\(found[0].quantity ?? "–"))" }
    let numbers = found.map { $0.number ?? "–" }.joined(separator: ", ")
    let unit = question.unit.isEmpty ? "" : " \(question.unit)"
    return "\(whom(found.map(\.student))) \(predicate) (\(name)\(numbers)\(unit))"
  }

  /// How many students have each verdict on a question on which some have one that decides.
  private func counted(_ question: Question) -> MarkdownText {
    let name = question.short.map { "\($0), " } ?? ""
    let verdicts: [Verdict] = [.supported, .contradicted, .inconclusive, .notTestable]
    var parts: [MarkdownText] = []
    for verdict in verdicts {
      let found = found(question, verdict)
      guard !found.isEmpty else { continue }
      let isOne = found.count == 1
      let whom = parts.isEmpty ? whom(found.map(\.student)) : "\(found.count)"
      switch verdict {
      case .supported, .contradicted:
        parts.append("\(whom) \(predicate(question, verdict, found)) (\(name)\(examples(found)))")
      case .inconclusive: parts.append("\(whom) \(isOne ? "stays" : "stay") **open**")
      case .notTestable: parts.append("\(whom) \(isOne ? "was" : "were") **not testable**")
      }
    }
    return MarkdownText.list(parts)
  }

  private func predicate(_ question: Question, _ verdict: Verdict, _ found: [Answer]) -> MarkdownText {
    MarkdownText(markdown: "**\(question.predicate(isClaimed: verdict == .supported, isOne: found.count == 1))**")
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
