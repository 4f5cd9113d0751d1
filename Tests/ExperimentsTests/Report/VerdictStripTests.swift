import Analysis
import Experiments
import Plotting
import Reporting
import Statistics
import Testing

@Suite("The verdict strip")
struct VerdictStripTests {
  @Test("places a difference over the half-width of its interval, as the closed form has it")
  func place() throws {
    // Mean 2, standard deviation 1, three seeds: the half-width is t(0.975, 2) / √3.
    let answer = try #require(self.answer([1, 2, 3]))
    let half = 4.302652729911275 / 3.0.squareRoot()
    let place = try #require(VerdictStrip.place(answer))
    #expect(abs(place.value - 2 / half) < 1e-9)
    for (seed, value) in zip(place.seeds, [1.0, 2, 3]) { #expect(abs(seed - value / half) < 1e-9) }
    #expect(abs(place.interval.lower - (place.value - 1)) < 1e-12)
    #expect(abs(place.interval.upper - (place.value + 1)) < 1e-12)
  }

  @Test(
    "lies beyond one exactly where the interval does not hold zero",
    arguments: [[1.0, 2, 3], [-1, 0, 3], [4, 5, 6, 5], [-4, -5, -6, -5], [0.1, -0.1, 0]])
  func one(_ differences: [Double]) throws {
    let answer = try #require(self.answer(differences))
    let place = try #require(VerdictStrip.place(answer))
    #expect((abs(place.value) > 1) == (answer.judgement.difference?.sign != 0))
  }

  @Test("has no place for one seed, nor for seeds that agree to the last digit", arguments: [[0.5], [0.5, 0.5, 0.5]])
  func none(_ differences: [Double]) throws {
    #expect(VerdictStrip.place(try #require(answer(differences))) == nil)
  }

  @Test("has a row for each answer with its sign at the right and its claimed side shaded")
  func rows() throws {
    let answers = Question.allCases.flatMap {
      AnswerSample.answers($0, [("one", .supported), ("two", .inconclusive), ("three", .notTestable)])
    }
    let figure = VerdictStrip(answers: answers, students: ["one", "two", "three"]) { _ in RoleLook.student(0) }.figure
    guard case .chart(let chart) = figure.panels[0][0] else {
      Issue.record("no chart")
      return
    }
    let rows = chart.marks.flatMap { mark -> [Intervals.Row] in
      if case .intervals(let intervals) = mark { intervals.rows } else { [] }
    }
    #expect(rows.count == answers.count)
    for (row, answer) in zip(rows, answers) {
      #expect(row.shaded == (answer.question == .hypothesis(.fasterLearning) ? .below : .above))
      #expect(row.note?.hasPrefix(answer.judgement.verdict.sign) == true)
      #expect(row.value.isFinite == (answer.judgement.verdict != .notTestable))
      #expect(row.note?.contains(" ± ") == (answer.judgement.verdict != .notTestable), "the number beside the sign")
    }
    #expect(Set(Verdict.allCases.map(\.sign)).count == 4)
    let dots = chart.marks.reduce(0) { if case .points(let points) = $1 { $0 + points.points.count } else { $0 } }
    #expect(dots == 4 * 2 * 5, "five seeds of the eight answers that have an interval")
  }

  @Test("hides no seed behind another: those that coincide stand below each other")
  func coinciding() throws {
    let answer = try #require(self.answer([1, 1, 2, 1, 3]))
    let figure = VerdictStrip(answers: [answer], students: ["s"]) { _ in RoleLook.student(0) }.figure
    guard case .chart(let chart) = figure.panels[0][0] else {
      Issue.record("no chart")
      return
    }
    let dots = chart.marks.flatMap { mark -> [Point] in if case .points(let points) = mark { points.points } else { [] }
    }
    #expect(dots.count == 5 && Set(dots.map(\.y)).count == 3)
    for (dot, other) in zip(dots, dots.dropFirst()) { #expect(dot != other) }
    #expect(dots[0].x == dots[1].x && dots[0].y > dots[1].y && dots[1].y > dots[3].y)
    #expect(dots[2].y == dots[0].y && dots[4].y == dots[0].y, "who hides nobody stays")
  }

  @Test("has a column for each question of many methods, in rows that all columns share")
  func columns() throws {
    let methods = ["kd", "crd", "dkd"]
    func rows(_ answers: [Answer]) -> [VerdictStrip.Row] {
      methods.map { method in (method, answers.first { $0.student == method }) }
    }
    let beside = AnswerSample.answers(.accuracy, [("kd", .supported), ("crd", .contradicted), ("dkd", .inconclusive)])
    let plain = AnswerSample.answers(.accuracy, [("crd", .notTestable), ("dkd", .supported)])
    let sooner = AnswerSample.answers(.hypothesis(.fasterLearning), methods.map { ($0, .inconclusive) })
    let figure = VerdictStrip([
      .init(title: "baseline", rows: rows(beside)), .init(title: "kd", rows: rows(plain)),
      .init(title: "t½", rows: rows(sooner)),
    ]) { _ in RoleLook.student(0) }.figure
    #expect(figure.panels.map(\.count) == [3])
    let charts = figure.panels[0].compactMap { panel in if case .chart(let chart) = panel { chart } else { nil } }
    let columns = charts.map { chart in
      chart.marks.flatMap { mark -> [Intervals.Row] in
        if case .intervals(let intervals) = mark { intervals.rows } else { [] }
      }
    }
    #expect(columns.allSatisfy { $0.map(\.label) == methods })
    #expect(columns.map { $0.map(\.note) } == [["✓", "✗", "?"], [nil, "–", "✓"], ["?", "?", "?"]])
    #expect(columns[1][0].shaded == nil && columns[1][0].value.isNaN, "a method has no row beside itself")
    #expect(columns[2].allSatisfy { $0.shaded == .below } && columns[0].allSatisfy { $0.shaded == .above })
    let texts = try figure.scene().texts.map(\.text)
    for method in methods.dropFirst() { #expect(texts.count { $0 == method } == 1, "\(method)") }
  }

  @Test("stands between the answers and the sizes, the sentence first")
  func order() throws {
    var table = ReportTable([.init("Question"), .init("s")], caption: "Answers.", name: "questions")
    table.append(["q", "a"])
    let figure = Block.figure(ReportFigure(path: "figures/verdicts.png", alternative: "strip", caption: "Strip."))
    let screen = FirstScreen(sentence: "Found.", questions: table, strip: [figure], sizes: .paragraph("**Sizes.** 3"))
    let markdown = Report(title: "t", blocks: screen.blocks).markdown
    let places = try ["Found.", "**Table 1.**", "| q ", "**Figure 1.** Strip.", "**Sizes.**"].map {
      try #require(markdown.range(of: $0)?.lowerBound, "\($0)")
    }
    #expect(places == places.sorted())
  }

  private func answer(_ differences: [Double]) -> Answer? {
    PairedClaim.judged([PairedClaim("s", differences: differences, side: .larger)]).first.map {
      Answer(question: .accuracy, student: "s", judgement: $0, differences: differences)
    }
  }
}
