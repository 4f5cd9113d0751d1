import Analysis
import Experiments
import Reporting
import Statistics
import Testing

@Suite("The first sentence of a report")
struct OpeningSentenceTests {
  private static let decided: [Question: (more: String, less: String)] = [
    .accuracy: ("right more often", "right less often"),
    .hypothesis(.moreConcepts): ("more of the object", "less of the object"),
    .hypothesis(.fasterLearning): ("the object sooner", "the object later"),
    .hypothesis(.steadierDirection): ("fewer detours on the way", "more detours on the way"),
  ]

  private func sentence(_ answers: [Answer], _ students: [String], seeds: Int = 5) -> String {
    OpeningSentence([.init(answers, of: students)], subject: "On d, a b taught by an a", seeds: seeds).text.markdown
  }

  @Test("states what is decided, and its side, and nothing else", arguments: Question.allCases, Verdict.allCases)
  func verdicts(_ question: Question, _ verdict: Verdict) throws {
    let answers = AnswerSample.answers(question, [("s", verdict)])
    #expect(answers[0].judgement.verdict == verdict)
    let text = sentence(answers, ["s"])
    let words = try #require(Self.decided[question])
    #expect((text.contains("\(words.more)**")) == (verdict == .supported), "\(text)")
    #expect((text.contains("\(words.less)**")) == (verdict == .contradicted), "\(text)")
    #expect(text.contains("it stays **open** whether") == (verdict == .inconclusive))
    #expect(text.contains("it was **not testable** whether") == (verdict == .notTestable))
    #expect(text.hasSuffix(".") && !text.dropLast().contains(". "), "it is one sentence: \(text)")
  }

  @Test("gives each of two students its verdict, in every combination", arguments: Verdict.allCases, Verdict.allCases)
  func pairs(_ first: Verdict, _ second: Verdict) {
    let answers = AnswerSample.answers(.accuracy, [("kd", first), ("crd", second)])
    let text = sentence(answers, ["kd", "crd"])
    for (name, verdict) in [("kd", first), ("crd", second)] where first != second {
      let clause = text.split(separator: ";").first { $0.contains(name) } ?? ""
      switch verdict {
      case .supported: #expect(clause.contains("**is right more often**"), "\(text)")
      case .contradicted: #expect(clause.contains("**is right less often**"), "\(text)")
      case .inconclusive: #expect(clause.contains("for \(name) it stays **open**"), "\(text)")
      case .notTestable: #expect(clause.contains("for \(name) it was **not testable**"), "\(text)")
      }
    }
    if first == second { #expect(text.contains("both students"), "\(text)") }
  }

  @Test("says once what is open for the same students, and apart what is open for others")
  func openTogether() {
    let asked: [(Question, [Verdict])] = [
      (.hypothesis(.moreConcepts), [.supported, .inconclusive]),
      (.hypothesis(.fasterLearning), [.inconclusive, .inconclusive]),
      (.hypothesis(.steadierDirection), [.inconclusive, .inconclusive]),
    ]
    let answers = asked.flatMap { question, verdicts in
      AnswerSample.answers(question, zip(["kd", "crd"], verdicts).map { (student: $0, verdict: $1) })
    }
    let text = sentence(answers, ["kd", "crd"])
    #expect(text.components(separatedBy: "stays **open**").count == 3, "\(text)")
    #expect(text.contains("for both students it stays **open** whether"))
    #expect(text.contains(" (H2) and whether") && text.contains(" (H3) (means over 5 seeds"))
    #expect(text.contains("for crd it stays **open** whether") && text.contains(" (H1); for both"))
  }

  @Test("says once what was not testable for the same reason")
  func untested() {
    let answers = [Question.hypothesis(.moreConcepts), .hypothesis(.fasterLearning)].flatMap { question in
      AnswerSample.answers(question, [("kd", .notTestable), ("crd", .notTestable)])
    }
    let text = sentence(answers, ["kd", "crd"])
    #expect(text.components(separatedBy: "**not testable**").count == 2, "\(text)")
    #expect(
      text.contains("(H1) and whether they learn the object sooner or later (H2), because 1 seed, at least 3"),
      "\(text)")
  }

  @Test("says which students were not asked what others were")
  func unasked() {
    let answers =
      AnswerSample.answers(.accuracy, [("kd", .supported), ("crd", .inconclusive)])
      + [Question.hypothesis(.moreConcepts), .hypothesis(.fasterLearning)].flatMap {
        AnswerSample.answers($0, [("kd", .supported)])
      }
    let text = sentence(answers, ["kd", "crd"])
    #expect(text.contains("; H1 to H2 were not asked for crd (means"), "\(text)")
    let all = AnswerSample.answers(.accuracy, [("kd", .supported), ("crd", .inconclusive)])
    #expect(!sentence(all, ["kd", "crd"]).contains("not asked"))
  }

  @Test("counts many students instead of naming them")
  func many() {
    let verdicts: [Verdict] = [.supported, .supported, .contradicted, .inconclusive, .inconclusive]
    let students = verdicts.indices.map { "s\($0)" }
    let text = sentence(AnswerSample.answers(.accuracy, Array(zip(students, verdicts)).map { ($0, $1) }), students)
    #expect(
      text.contains("2 of 5 students **are right more often** (s0 2.00 ± 0.20, s1 2.00 ± 0.20 points)"), "\(text)")
    #expect(text.contains("1 **is right less often** (s2 −2.00 ± 0.20 points)"), "\(text)")
    #expect(text.contains("points), 2 stay **open** (means"))
  }

  @Test("names of a large group the one that differs most")
  func most() throws {
    let seeds = [[1.0, 1.1, 0.9], [3, 3.1, 2.9], [2, 2.1, 1.9], [1, 1.2, 0.8], [-1, 2, -1.5]]
    let students = seeds.indices.map { "s\($0)" }
    let claims = zip(students, seeds).map { PairedClaim($0, differences: $1, side: .larger) }
    let answers = zip(PairedClaim.judged(claims), claims).map { judgement, claim in
      Answer(
        question: .hypothesis(.moreConcepts), student: claim.subject, judgement: judgement,
        differences: claim.differences)
    }
    let text = sentence(answers, students, seeds: 3)
    #expect(
      text.contains("4 of 5 students **keep more of the object** (H1, most of all s1, 3.00 ± 0.25 nats)"), "\(text)")
  }

  @Test("holds methods against one network after the other, each clause with its own count")
  func references() {
    let methods = ["kd", "a", "b", "c"]
    let first = AnswerSample.answers(.accuracy, methods.map { ($0, Verdict.supported) })
    let second = AnswerSample.answers(.accuracy, [("a", .contradicted), ("b", .inconclusive), ("c", .inconclusive)])
    let text = OpeningSentence(
      [.init(first, of: methods), .init(against: "plain kd", second, of: ["a", "b", "c"])],
      subject: "On d, a b in 4 ways",
      kind: "methods", seeds: 5
    ).text.markdown
    #expect(
      text.hasPrefix(
        "On d, a b in 4 ways, against the same network trained on labels alone: all 4 methods **are right more often** "
      ),
      "\(text)")
    #expect(text.contains("; against plain kd: a **is right less often** (−2.00 ± 0.20 points); for b and c it stays"))
    #expect(text.components(separatedBy: " (means over 5 seeds").count == 2 && text.hasSuffix(")."))
  }

  @Test(
    "says that few seeds decide nothing", arguments: [(1, "one seed, which decides nothing"), (2, "too few to decide")])
  func few(_ seeds: Int, _ words: String) {
    #expect(sentence(AnswerSample.answers(.accuracy, [("s", .notTestable)]), ["s"], seeds: seeds).contains(words))
  }

  @Test("and headings make no more of a claim that holds than of one that does not")
  func headings() {
    func text(_ verdict: Verdict) -> String {
      let question = Question.hypothesis(.moreConcepts)
      return Headline(
        question: question, answers: AnswerSample.answers(question, [("s", verdict)]), students: ["s"]
      ).text
    }
    #expect(text(.supported) == "H1: the student keeps more of the object")
    #expect(text(.contradicted) == "H1: the student keeps less of the object")
    #expect(text(.inconclusive) == "H1: open")
    #expect(text(.notTestable) == "H1: not testable")
  }
}
