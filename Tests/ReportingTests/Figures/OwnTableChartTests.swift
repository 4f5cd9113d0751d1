import Foundation
import Plotting
import Reporting
import Statistics
import Support
import Testing

/// Tables with the columns that reports and probes write, drawn without being asked for columns.
@Suite("A figure of a report's table")
struct OwnTableChartTests {
  private func chart(_ csv: String, _ change: (inout TableQuestion) -> Void = { _ in }) throws -> Chart {
    var question = TableQuestion()
    change(&question)
    let reading = try CSVReading(Array(csv.utf8))
    let doubts = reading.doubts.mapValues { InputError("t.csv:\($0.line)", $0.problem, remedy: $0.remedy) }
    let figure = try TableChart.figure(of: reading.table, question, at: "t.csv", doubts: doubts)
    guard case .chart(let chart) = figure.panels[0][0] else { throw InputError("t.csv", "is no chart") }
    return chart
  }

  private func bars(_ chart: Chart) throws -> Bars {
    guard case .bars(let bars) = chart.marks[0] else { throw InputError("t.csv", "has no bars") }
    return bars
  }

  private func line(_ chart: Chart, _ place: Int = 0) throws -> Line {
    guard case .line(let line) = chart.marks[place] else { throw InputError("t.csv", "has no line") }
    return line
  }

  @Test("of verdicts shows the difference that the interval is of, not the student's value")
  func verdicts() throws {
    let chart = try chart(
      """
      hypothesis,student,baseline,threshold,quantity,student_value,baseline_value,difference,lower,upper,verdict
      H1,kd,baseline,0.1,N_fg,27,28,-1,-3,0.5,inconclusive
      H1,kd,baseline,0.2,N_fg,25,22,3,1,5,supported
      """)
    let line = try line(chart)
    #expect(chart.y.label == "difference" && chart.x.label == "threshold")
    #expect(line.points == [Point(0.1, -1), Point(0.2, 3)] && line.band == [Interval(-3, 0.5), Interval(1, 5)])
    // A column that is asked for, and has no interval, gets none of its neighbour's.
    let student = try self.line(
      try self.chart("threshold,student_value,difference,lower,upper\n1,2,3,4,5\n2,2,3,4,5\n") {
        $0.y = ["student_value"]
      })
    #expect(student.band.isEmpty && student.points[0].y == 2)
  }

  @Test("of classes shows recalls by class, not counts of images")
  func classes() throws {
    let bars = try bars(
      chart(
        """
        role,seed,class,support,predicted,precision,recall,f1
        teacher,1,cat,1000,900,0.9,0.8,0.85
        teacher,1,dog,1000,1100,0.7,0.75,0.72
        kd,1,cat,1000,990,0.6,0.65,0.62
        kd,1,dog,1000,1010,0.5,0.55,0.52
        """))
    #expect(bars.categories == ["cat", "dog"] && bars.series.map(\.name) == ["teacher", "kd"])
    #expect(bars.series.map(\.values) == [[0.8, 0.75], [0.65, 0.55]])
  }

  @Test("of bins shows accuracy over confidence, whatever the ends of the bins")
  func calibration() throws {
    let chart = try chart(
      "role,seed,bin,lower,upper,images,confidence,accuracy\nkd,1,1,0,0.5,3,0.4,0.3\nkd,1,2,0.5,1,9,0.8,0.9\n")
    let line = try line(chart)
    #expect(chart.x.label == "confidence" && chart.y.label == "accuracy" && line.band.isEmpty)
    #expect(line.points == [Point(0.4, 0.3), Point(0.8, 0.9)])
  }

  @Test("of accuracies against the baseline has their intervals over seeds, one series whatever the verdicts")
  func comparisons() throws {
    let bars = try bars(
      chart(
        """
        student,seeds,images,difference,seeds_lower,seeds_upper,seeds_deviation,mcnemar_p,verdict
        a,3,2000,0.1,0.05,0.15,0.01,0.1; 0.2,better
        b,3,2000,-0.1,-0.3,0.1,0.01,0.3; 0.4,no difference shown
        """))
    #expect(bars.categories == ["a", "b"] && bars.series.count == 1)
    #expect(bars.series[0].values == [0.1, -0.1])
    #expect(bars.series[0].errors == [Interval(0.05, 0.15), Interval(-0.3, 0.1)])
  }

  @Test("of summaries shows the rows over all seeds, whose method is no series")
  func summaries() throws {
    let chart = try chart(
      """
      role,seed,threshold,quantity,value,lower,upper,method
      kd,1,0.1,N_fg,9,8,10,"95 % percentile bootstrap over 4 images, 2000 resamples, seed 1"
      kd,,0.1,N_fg,5,4,6,"95 % two-level bootstrap over 3 seeds and 12 images, seed 1"
      kd,,0.2,N_fg,7,6,8,"95 % two-level bootstrap over 3 seeds and 11 images, seed 1"
      """)
    let line = try line(chart)
    #expect(chart.marks.count == 1 && line.points == [Point(0.1, 5), Point(0.2, 7)])
    #expect(line.band == [Interval(4, 6), Interval(6, 8)])
  }

  @Test("of images averages those of a seed first: images are no repetitions of a training")
  func nested() throws {
    let chart = try chart(
      """
      role,seed,epoch,image,distance
      kd,1,1,0,1
      kd,1,1,1,3
      kd,2,1,0,4
      kd,2,1,1,4
      kd,1,2,0,1
      kd,2,2,0,1
      """)
    let line = try line(chart)
    #expect(line.name == "mean, 2 seeds" && line.points[0] == Point(1, 3))
    // Seeds' means 2 and 4: half-width t(0.975; 1) · √2 / √2 = 12.706, cut at the end of distances.
    #expect(line.band[0].lower == 0 && abs(line.band[0].upper - 15.7062) < 1e-4)
  }

  @Test("does not draw several seeds' intervals as those of their mean")
  func repeated() throws {
    let line = try line(
      chart(
        "seed,epoch,layer,cka,lower,upper\n1,1,a,0.5,0.4,0.6\n2,1,a,0.7,0.6,0.8\n1,2,a,0.5,0.4,0.6\n2,2,a,0.5,0.4,0.6\n"
      ))
    // Half-width t(0.975; 1) · 0.1, cut at 1.
    #expect(abs(line.points[0].y - 0.6) < 1e-12 && line.band[0].upper == 1)
    #expect(abs(line.band[0].lower + 0.67062) < 1e-5)
  }

  @Test("leaves out an index without a name, as pandas writes it")
  func index() throws {
    #expect(try chart(",loss,rate\n0,3,1\n1,2,2\n2,1,3\n").x.label == "loss")
    #expect(try chart(",epoch,loss\n0,1,3\n1,2,2\n").y.label == "loss")
  }

  @Test("whose column of numbers has a slip of the pen is refused with the line, unless other columns are asked for")
  func doubts() throws {
    let csv = "epoch,value,other\n1,0.5,1\n2,o.6,2\n3,0.7,3\n"
    let error = #expect(throws: InputError.self) { try chart(csv) }
    #expect(error?.description.hasPrefix("t.csv:3: value is 'o.6', and 2 other rows have numbers") ?? false)
    #expect(try chart(csv) { ($0.x, $0.y) = ("epoch", ["other"]) }.y.label == "other")
  }

  @Test("of more texts than bars can be told apart is refused")
  func manyBars() {
    let csv = "name,value\n" + (0..<300).map { "n\($0),1\n" }.joined()
    let error = #expect(throws: InputError.self) { try chart(csv) }
    #expect(error?.description.hasPrefix("t.csv: column 'name' holds more than 200 different texts") ?? false)
  }
}
