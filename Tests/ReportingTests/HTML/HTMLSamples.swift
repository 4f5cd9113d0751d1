import Plotting
import Reporting

/// A report with a block of every kind.
enum HTMLSamples {
  static let chart = Chart(
    title: "Accuracy", x: Axis("epoch"), y: Axis("accuracy"),
    marks: [.line(Line("kd", points: [Point(1, 0.5), Point(2, 0.75)], look: RoleLook.student(0)))])

  static let wide = Plotting.Figure(width: 180, panels: [[.chart(chart), .chart(chart), .chart(chart)]])

  static let figures: [String: Plotting.Figure] = [
    "figures/wide.png": wide, "figures/small.png": Plotting.Figure(width: 85, panels: [[.chart(chart)]]),
    "figures/heat.png": Plotting.Figure(
      width: 85,
      panels: [
        [.heatMap(HeatMap(values: [[1, nil], [0.25, -3]], rowLabels: ["a", "b"], colourBarLabel: "CKA / 1"))]
      ]),
  ]

  static func figure(_ name: String) -> Block {
    .figure(ReportFigure(path: "figures/\(name).png", alternative: "what \(name) is", caption: "What \(name) *says*."))
  }

  static func table(rows: Int) -> ReportTable {
    var table = ReportTable([.init("Name"), .init("Value", .right)], caption: "Numbers of \(code: "x<y")")
    for row in 0..<rows { table.append(["row \(row)", "\("\((row * 7) % rows) ± 0.5")"]) }
    return table
  }

  static var report: Report {
    Report(
      title: "A \("<b>") report",
      blocks: [
        .paragraph("The student is **better**: 1 & 2 \(code: "a<b")."), .table(table(rows: 4)), figure("wide"),
        .paragraph("3 seeds, 96 images."), .heading(2, "More"),
        .details("Every number", [.table(table(rows: 300)), figure("heat")]),
        .list(["one [file](tables/a.csv)", "two [bad](javascript:alert)"]), figure("small"),
        .code("a < b\n", language: "sh"), figure("absent"),
      ])
  }
}
