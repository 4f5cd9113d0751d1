import Foundation
import Plotting
import Reporting
import Statistics
import Support
import TestSupport
import Testing

@Suite("The table of a figure")
struct FigureTableTests {
  private func written<R>(_ body: (_ csv: URL, _ json: URL) throws -> R) throws -> R {
    try withTemporaryDirectory { folder in
      try FigureTable.write(FigureSamples.everything, named: "layer3.0-all", to: folder)
      return try body(
        folder.appendingPathComponent("layer3.0-all.csv"), folder.appendingPathComponent("layer3.0-all.json"))
    }
  }

  private func change(_ url: URL, _ old: String, _ new: String) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(old))
    try Data(text.replacing(old, with: new).utf8).write(to: url)
  }

  @Test("draws the same picture again, to the last pixel")
  func roundTrip() throws {
    try written { csv, _ in
      let figure = try #require(try FigureTable.figure(of: csv))
      #expect(try figure.png() == FigureSamples.everything.png())
    }
  }

  @Test("is tidy: one row for each point, bar, interval, bin and cell, in full digits")
  func tidy() throws {
    let table = try FigureTable.table(of: FigureSamples.everything)
    #expect(table.columns.map(\.name).prefix(4) == ["panel", "series", "name", "label"])
    // Points 3 + 2 + 1, bars 4, intervals 2, bins 2, cells 6, map 4.
    #expect(table.rows.count == 24)
    let csv = table.csv.split(separator: "\n")
    #expect(csv.contains("1,1,\"teacher, 3 seeds\",,2.0,0.30000000000000004,,,,,,,"))
    #expect(csv.contains("2,1,student,\"a, \"\"quoted\"\"\",,1.0,0.5,1.5,,,,,"))
    #expect(csv.contains("2,2,baseline,\"12\",,3.0,,,,,,,"))
    #expect(csv.contains("4,1,a,,,3.0,,,0.5,1.5,,,"))
    #expect(csv.contains("5,1,,r1 / z,,,,,,,1,2,0.7"))
    #expect(csv.contains("7,1,,one / student / map,,,,,,,0,0,0.1"))
    let narrow = try FigureTable.table(
      of: Figure(
        width: 85,
        panels: [
          [
            .chart(
              Chart(
                x: Axis("x"), y: Axis("y"),
                marks: [.line(Line("a", points: [Point(1, 2)], look: RoleLook.teacher))]))
          ]
        ]))
    #expect(narrow.columns.map(\.name) == ["panel", "series", "name", "x", "y"])
  }

  @Test("may be changed: what it says is what is drawn")
  func edited() throws {
    try written { csv, _ in
      try change(csv, "2,2,baseline,\"12\",,3.0", "2,2,baseline,12,,7.5")
      try change(csv, "1,2,,,3.0,6.0,", "1,2,,,3.0,6.0,,,,,,,\n1,2,,,4.0,9.0,")
      let figure = try #require(try FigureTable.figure(of: csv))
      guard case .chart(let lines) = figure.panels[0][0], case .line(let line) = lines.marks[1],
        case .chart(let chart) = figure.panels[0][1], case .bars(let bars) = chart.marks[0]
      else {
        Issue.record("the figure has other panels")
        return
      }
      #expect(line.points == [Point(1, 5), Point(3, 6), Point(4, 9)])
      #expect(bars.series[1].values[1] == 7.5 && bars.categories == ["a, \"quoted\"", "12"])
    }
  }

  @Test("that does not fit its drawing is refused in one line")
  func misfit() throws {
    try written { csv, json in
      try change(csv, "4,1,a,,,4.0,,,1.5,2.5,,,\n", "")
      #expect(
        throws: InputError(csv.path, "panel 4, series 1 has 1 rows", remedy: "the figure beside it needs 2")
      ) { try FigureTable.figure(of: csv) }
      try Data("x,y\n1,2\n".utf8).write(to: csv)
      #expect(throws: InputError.self) { try FigureTable.figure(of: csv) }
      try FileManager.default.removeItem(at: json)
      #expect(try FigureTable.figure(of: csv) == nil)
      // Another program's file of that name is none of ours.
      try Data("{\"name\": 1}".utf8).write(to: json)
      #expect(try FigureTable.figure(of: csv) == nil)
    }
  }

  @Test(
    "with a hostile drawing is refused, and stops nothing",
    arguments: [
      ("\"kdscopeFigure\":1", "\"kdscopeFigure\":2"), ("\"width\":180", "\"width\":-1"),
      ("\"width\":180", "\"width\":\"wide\""), ("\"edges\":[0.5,1.5,2.5]", "\"edges\":[0.5,0.5,2.5]"),
      ("\"rowLabels\":[\"r0\",\"r1\"]", "\"rowLabels\":[\"r0\"]"), ("\"rows\":2", "\"rows\":4611686018427387904"),
      ("\"count\":2", "\"count\":0"), ("\"rgb\":\"AQIDBAX6\"", "\"rgb\":\"AQID\""), ("\"101\"", "\"1\""),
      ("\"dash\":[6,2.5]", "\"dash\":[-6,2.5]"), ("\"#029e73\"", "\"green\""),
    ])
  func hostile(_ old: String, _ new: String) throws {
    try written { csv, json in
      try change(json, old, new)
      let error = #expect(throws: InputError.self) { try FigureTable.figure(of: csv) }
      #expect(error?.description.hasPrefix(json.path + ": the ") ?? false, "\(String(describing: error))")
    }
  }
}
