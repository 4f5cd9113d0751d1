import Foundation
import TestSupport
import Testing

@Suite("A plot", .tags(.cli))
struct PlotTests {
  private static let csv =
    "role,epoch,value,low,high\nteacher,1,0.5,0.4,0.6\nteacher,2,0.7,0.6,0.8\nkd,1,0.4,,\nkd,2,0.6,,\n"

  private func plot(_ folder: URL, _ arguments: String...) throws -> CommandLineTool.Result {
    try Data(Self.csv.utf8).write(to: folder.appendingPathComponent("t.csv"))
    return try CommandLineTool.run(["plot", "t.csv"] + arguments, in: folder)
  }

  @Test(
    "has its size in print: pixels are mm / 25.4 x dpi, and the file says so",
    arguments: [
      (["--width", "85mm", "--dpi", "300"], 1004, 11_811), (["--width", "8.5cm"], 669, 7874),
      (["--width", "3.5in", "--dpi", "100"], 350, 3937), ([], 669, 7874),
      (["--width", "180", "--style", "poster", "--dpi", "96"], 680, 3780),
    ])
  func size(_ arguments: [String], _ pixels: Int, _ density: Int) throws {
    try withTemporaryDirectory { folder in
      try Data(Self.csv.utf8).write(to: folder.appendingPathComponent("t.csv"))
      let outcome = try CommandLineTool.run(["plot", "t.csv", "--out", "p.png"] + arguments, in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
      let png = [UInt8](try Data(contentsOf: folder.appendingPathComponent("p.png")))
      func number(_ place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect(number(16) == pixels)
      #expect(Array(png[37..<41]) == Array("pHYs".utf8) && number(41) == density && number(45) == density)
      #expect(png[49] == 1)
      #expect(outcome.output.hasSuffix(" \(pixels) x \(number(20)) pixels\n"))
    }
  }

  @Test(
    "is what the end of its name says, and has its size",
    arguments: [("svg", "<?xml"), ("pdf", "%PDF-"), ("PDF", "%PDF-")])
  func formats(_ end: String, _ start: String) throws {
    try withTemporaryDirectory { folder in
      let outcome = try plot(folder, "--out", "p.\(end)", "--width", "90mm", "--json")
      #expect(outcome.code == 0, "\(outcome.summary)")
      let data = try Data(contentsOf: folder.appendingPathComponent("p.\(end)"))
      #expect(data.starts(with: start.utf8))
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(page["width_mm"] as? Double == 90 && page["pixels"] == nil && page["dpi"] == nil)
    }
  }

  @Test("for slides and posters is as much larger as its texts", arguments: [("talk", 159.4), ("poster", 212.5)])
  func styles(_ style: String, _ width: Double) throws {
    try withTemporaryDirectory { folder in
      let outcome = try plot(folder, "--style", style, "--out", "p.svg")
      #expect(outcome.output.contains(": \(width) x ") && outcome.output.hasSuffix(" mm\n"), "\(outcome.summary)")
      let given = try plot(folder, "--style", style, "--width", "85mm", "--out", "p.svg")
      #expect(given.output.contains(": 85.0 x "), "\(given.summary)")
    }
  }

  @Test("goes beside its table where no file is named, and is told as JSON")
  func json() throws {
    try withTemporaryDirectory { folder in
      let outcome = try plot(folder, "--style", "talk", "--json")
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(page["pixels"] as? [Int] != nil && page["dpi"] as? Int == 200)
      #expect(page["figure"] as? String == folder.appendingPathComponent("t-talk.png").path)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("t-talk.png").path))
    }
  }

  @Test(
    "that cannot be is refused in one line, and writes nothing",
    arguments: [
      (["--x", "epok"], "t.csv: there is no column 'epok'; did you mean 'epoch'?"),
      (["--where", "role"], "--where: 'role' is no condition; give COLUMN=VALUE"),
      (["--out", "p.eps"], "--out: the end of 'p.eps' names no kind of picture; end it in .png, .svg or .pdf"),
      (["--dpi", "5"], "--dpi: is 5.0"),
      (["--width", "5mm"], "plot: the value '5mm' is invalid for '--width"),
      (["--panel", "2"], "--panel: there is no panel 2; the figure has 1 to 1"),
    ])
  func refusals(_ arguments: [String], _ line: String) throws {
    try withTemporaryDirectory { folder in
      try Data(Self.csv.utf8).write(to: folder.appendingPathComponent("t.csv"))
      let outcome = try CommandLineTool.run(["plot", "t.csv"] + arguments, in: folder)
      #expect(outcome.code == 2 && outcome.output.isEmpty && outcome.errors.contains(line), "\(outcome.summary)")
      #expect(outcome.errors.count { $0 == "\n" } == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["t.csv"])
    }
  }
}
