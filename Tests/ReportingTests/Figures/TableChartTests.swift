import Foundation
import Plotting
import Reporting
import Statistics
import Support
import Testing

@Suite("A figure of a plain table")
struct TableChartTests {
  private func chart(_ csv: String, _ change: (inout TableQuestion) -> Void = { _ in }) throws -> Chart {
    var question = TableQuestion()
    change(&question)
    let figure = try TableChart.figure(of: Table(csv: csv), question, at: "t.csv")
    guard case .chart(let chart) = figure.panels[0][0] else { throw InputError("t.csv", "is no chart") }
    return chart
  }

  private func lines(_ chart: Chart) -> [Line] {
    chart.marks.compactMap { if case .line(let line) = $0 { line } else { nil } }
  }

  @Test("over epochs has a line for each role, in the role's look, means of seeds with intervals and n")
  func seeds() throws {
    let chart = try chart(
      """
      role,seed,epoch,development_accuracy,learning_rate
      teacher,1,1,0.5,0.1
      teacher,1,2,0.6,0.1
      kd,1,2,0.4,0.1
      kd,1,1,0.2,0.1
      kd,2,1,0.4,0.1
      kd,2,2,0.8,0.1
      """)
    let lines = lines(chart)
    #expect(lines.map(\.name) == ["teacher", "kd, 2 seeds"])
    #expect(lines[0].look == RoleLook.teacher && lines[1].look == RoleLook.student(0))
    #expect(lines[0].band.isEmpty)
    #expect(lines[1].points.map(\.x) == [1, 2] && abs(lines[1].points[0].y - 0.3) < 1e-12)
    // Two values a distance 0.2 apart: half-width t(0.975; 1) · 0.1 = 12.7062 · 0.1, cut where accuracies end.
    #expect(abs(lines[1].band[0].upper - 1) < 1e-12)
    #expect(chart.x.label == "epoch" && chart.x.isWholeNumbers && chart.y.label == "development accuracy")
  }

  @Test(
    "takes intervals from columns that are named so",
    arguments: [("low", "high"), ("ci_low", "ci_high"), ("lower", "upper"), ("value_ci_low", "value_ci_high")])
  func intervals(_ low: String, _ high: String) throws {
    let lines = lines(try chart("threshold,value,\(low),\(high)\n0.1,5,4,7\n0.2,6,,\n"))
    #expect(lines[0].points == [Point(0.1, 5), Point(0.2, 6)])
    #expect(lines[0].band[0] == Interval(4, 7) && lines[0].band[1].lower.isNaN)
  }

  @Test("over texts has bars from zero, one series for each group")
  func bars() throws {
    let chart = try chart("role,data,accuracy\nteacher,a,0.9\nteacher,b,0.8\nbaseline,a,0.7\n") { $0.x = "data" }
    guard case .bars(let bars) = chart.marks[0] else {
      Issue.record("no bars")
      return
    }
    #expect(bars.categories == ["a", "b"] && bars.series.map(\.name) == ["teacher", "baseline"])
    #expect(bars.series[0].values == [0.9, 0.8] && bars.series[1].values[0] == 0.7 && bars.series[1].values[1].isNaN)
  }

  @Test("in no order has points; conditions keep rows, and groups may be any columns")
  func points() throws {
    let csv = "x,y,threshold,kind\n3,1,0.1,a\n1,2,0.1,a\n2,3,0.1,b\n2,9,0.2,a\n"
    let scattered = try chart(csv) {
      $0.conditions = [.init(column: "threshold", value: "0.10")]
      $0.groups = ["threshold"]
    }
    #expect(
      scattered.marks == [
        .points(Points("0.1", points: [Point(3, 1), Point(1, 2), Point(2, 3)], look: RoleLook.student(0)))
      ])
    // Different thresholds are never averaged without being asked.
    #expect(try chart("x,y,threshold\n1,1,0.1\n1,3,0.2\n").marks.count == 2)
  }

  @Test("that two columns tell apart has a look of its own for each series, whatever the roles")
  func looks() throws {
    let csv = "role,kind,epoch,value,remark,left_out_reasons\n"
    let rows = ["teacher", "kd"].flatMap { role in
      ["a", "b"].flatMap { kind in
        [1, 2].map { "\(role),\(kind),\($0),1,a sentence that says how the number \($0) was come by,\($0) left\n" }
      }
    }
    let lines = lines(try chart(csv + rows.joined()))
    #expect(lines.map(\.name) == ["teacher, a", "teacher, b", "kd, a", "kd, b"])
    #expect(lines.map(\.look) == (0..<4).map(RoleLook.student))
  }

  @Test("with several vertical columns has a panel for each")
  func panels() throws {
    var question = TableQuestion()
    question.y = ["loss", "rate"]
    let figure = try TableChart.figure(of: Table(csv: "epoch,loss,rate\n1,2.5,1\n2,2,1\n"), question, at: "t")
    #expect(figure.panels.count == 2 && figure.width == 85)
    #expect(try figure.arranged(width: 180, rowHeight: 40, columns: 2, panel: nil).panels.map(\.count) == [2])
    #expect(try figure.arranged(width: nil, rowHeight: nil, columns: nil, panel: 2).panels == [[figure.panels[1][0]]])
    let three = Array(figure.panels.joined()) + [.empty, figure.panels[0][0]]
    let wide = Figure(width: 85, panels: [three])
    let narrow = try wide.arranged(width: nil, rowHeight: nil, columns: 2, panel: nil)
    #expect(narrow.panels == [[three[0], three[1]], [three[3], .empty]])
    #expect(try wide.arranged(width: nil, rowHeight: nil, columns: 4, panel: nil).panels.map(\.count) == [3])
    #expect(try wide.arranged(width: nil, rowHeight: nil, columns: nil, panel: 3).panels == [[three[3]]])
    #expect(throws: InputError("--panel", "there is no panel 3", remedy: "the figure has 1 to 2")) {
      try figure.arranged(width: nil, rowHeight: nil, columns: nil, panel: 3)
    }
  }

  @Test(
    "that cannot be is refused in one line",
    arguments: [
      ("epoch,loss\n1,2\n", "epok", "t.csv: there is no column 'epok'; did you mean 'epoch'? known: epoch, loss"),
      (
        "a b\n1\n", "a b",
        "t.csv: there is one column, 'a b'; a column of numbers beside another column is needed, separated by commas, "
          + "semicolons or tabs"
      ),
      (
        "class,support\ncat,10\ndog,20\n", "class",
        "t.csv: there are not two columns to draw; beside texts there are only counts; ask for one: --y support"
      ),
      (
        "epoch,quantity,value\n1,a,2\n1,b,3\n", "epoch",
        "t.csv: column 'quantity' holds 2 kinds of numbers; draw one of them: --where 'quantity=a'; or b"
      ),
      (
        "a,b\nx,y\n", "a",
        "t.csv: there are not two columns to draw; a column of numbers beside another column is needed"
      ),
    ])
  func refusals(_ csv: String, _ x: String, _ line: String) {
    let error = #expect(throws: InputError.self) { try chart(csv) { $0.x = x } }
    #expect(error?.description == line)
  }

  @Test("of too many series, or of rows that nothing meets, is refused too")
  func more() {
    let many = "g,x,y\n" + (0..<30).map { "g\($0),1,2\n" }.joined()
    let tooMany = #expect(throws: InputError.self) { try chart(many) { $0.groups = ["g"] } }
    #expect(tooMany?.description.hasPrefix("t.csv: columns g make 30 series; up to 24") ?? false)
    let none = #expect(throws: InputError.self) {
      try chart("role,epoch,y\nkd,1,2\n") { $0.conditions = [.init(column: "role", value: "kt")] }
    }
    #expect(none?.description == "t.csv: no row has role kt; did you mean 'kd'? known: kd")
    let texts = #expect(throws: InputError.self) { try chart("a,x,y\nb,1,2\n") { $0.y = ["a"] } }
    #expect(texts?.description.hasPrefix("t.csv: column 'a' holds no numbers") ?? false)
  }
}
