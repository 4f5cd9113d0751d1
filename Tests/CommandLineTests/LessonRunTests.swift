import Foundation
import TestSupport
import Testing

/// A lesson at a level of seconds, by the program itself.
@Suite("A lesson", .tags(.cli, .slow))
struct LessonRunTests {
  private static let tiny = [
    "data.train=64", "data.development=40", "data.test=40", "training.epochs=2", "training.batch=16",
    "training.schedule={kind: cosine}", "analysis=none", "students.by-early.teacher={by: plain8, epoch: 1}",
  ].flatMap { ["--set", $0] }

  private func run(_ arguments: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(
      ["lesson", "capacity-gap", "--threads", "1", "--quiet"] + Self.tiny + arguments, in: folder, timeout: 180)
  }

  /// The commands of a worksheet.
  private func commands(_ folder: URL, _ name: String) throws -> [[String]] {
    let text = try String(contentsOf: folder.appendingPathComponent("reports/\(name)/worksheet.md"), encoding: .utf8)
    return text.matches(of: #/```sh\n(kdscope [^\n]+)\n```/#).map { match in
      // Words in quotes are one.
      match.1.matches(of: #/'([^']*)'|([^ ]+)/#).dropFirst().map { String($0.1 ?? $0.2 ?? "") }
    }
  }

  @Test("leaves page, answers, worksheet, tables and figures; its commands work as printed; a class is one page")
  func whole() throws {
    try withTemporaryDirectory { folder in
      let outcome = try run(["--seeds", "3"], in: folder)
      let name = "capacity-gap-2min"
      let report = folder.appendingPathComponent("reports/\(name)")
      try #require(outcome.code == 0, "\(outcome.summary)")
      #expect(outcome.output.hasSuffix("reports/\(name)/report.md\n"))
      let page = try String(contentsOf: report.appendingPathComponent("report.md"), encoding: .utf8)
      for part in [
        "# Does a larger teacher make a better student?", "## Predict first", "## What was found",
        "## What this level can and cannot show", "## Questions", "worksheet.md", "answers.md",
      ] {
        #expect(page.contains(part), "\(part)")
      }
      let answers = try String(contentsOf: report.appendingPathComponent("answers.md"), encoding: .utf8)
      #expect(answers.contains("## 1. ") && !page.contains("“No difference was detected"))
      for figure in page.matches(of: #/\]\((figures/[a-z-]+\.png)\)/#) {
        #expect(FileManager.default.fileExists(atPath: report.appendingPathComponent(String(figure.1)).path))
      }
      // Nothing is trained again, and the page is the same.
      let stored = try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
      #expect(try run(["--seeds", "3"], in: folder).code == 0)
      #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == stored)

      let commands = try commands(folder, name)
      #expect(commands.count >= 6)
      for command in commands {
        // What would train for minutes shows its plan instead.
        let arguments = command.first == "lesson" && !command.contains("--plan") ? command + ["--plan"] : command
        let result = try CommandLineTool.run(arguments, in: folder, timeout: 120)
        #expect(result.code == 0, "\(command.joined(separator: " ")): \(result.summary)")
      }

      let other = folder.appendingPathComponent("other")
      #expect(try run(["--seeds", "11,12", "--out", "other"], in: folder).code == 0)
      let collected = try CommandLineTool.run(["lesson", "collect", ".", "other"], in: folder)
      #expect(collected.code == 0, "\(collected.summary)")
      #expect(FileManager.default.fileExists(atPath: other.appendingPathComponent("runs/\(name)").path))
      let class_ = try String(
        contentsOf: folder.appendingPathComponent("reports/\(name)-class/report.md"), encoding: .utf8)
      #expect(class_.contains("what a class of 2 found") && class_.contains("11, 12"))
    }
  }

  private static let small = ["data.train=64", "data.development=40", "data.test=40", "training.batch=16"]

  /// Lessons of four kinds, made small: what each changes of its recipe, and a heading that is its own.
  static let others: [(name: String, changes: [String], heading: String)] = [
    ("teacher-assistant", ["training.epochs=2"], "## The best way, by dynamic programming and by trying all"),
    ("temperature", ["training.epochs=2"], "## What a hot target is"),
    ("dark-knowledge", ["training.epochs=2"], "## Where the knowledge was"),
    (
      "concepts",
      [
        "training.epochs=2", "teacher.epochs=2", "analysis.probe-images=2", "analysis.position-images=4",
        "analysis.grid=4", "analysis.draws=4", "analysis.iterations=4", "analysis.epochs=[0, 1, 2]",
      ], "## Step 2: one number for each hypothesis"
    ),
  ]

  @Test("of every kind has its sections, its words, a page for the browser and a slide", arguments: others.indices)
  func kinds(_ index: Int) throws {
    let (name, changes, heading) = Self.others[index]
    try withTemporaryDirectory { folder in
      let outcome = try CommandLineTool.run(
        ["lesson", name, "--threads", "1", "--seeds", "3", "--quiet"]
          + (Self.small + changes).flatMap { ["--set", $0] }, in: folder, timeout: 180)
      try #require(outcome.code == 0, "\(outcome.summary)")
      let report = folder.appendingPathComponent("reports/\(name)-2min")
      let page = try String(contentsOf: report.appendingPathComponent("report.md"), encoding: .utf8)
      for part in [
        "## Predict first", heading, "## Your predictions", "## Questions", "**agreement.**", "**KL(p ‖ q).**",
      ] {
        #expect(page.contains(part), "\(part)")
      }
      // Every planned difference is a row of its figure, whatever it is of.
      let planned = try String(contentsOf: report.appendingPathComponent("figures/planned.csv"), encoding: .utf8)
      let rows = planned.matches(of: #/\n[0-9]+,[0-9]+,[^,\n]+ − [^,\n]+,/#).count
      let claims = page.matches(of: #/\n- `[^`]+` \*\*(supported|contradicted|inconclusive|not testable)\*\*/#).count
      #expect(claims > 0 && rows == claims)
      // What is measured is explained, and nothing else.
      #expect(page.contains("**entropy map.**") == (name == "concepts"))
      // The command repeats what was done, and the page says that it was changed.
      #expect(page.contains("--seeds 1,2,3 --threads 1 --set data.train=64"))
      #expect(page.contains("**Changed** by whoever ran it"))
      for file in ["report.html", "slide.html", "answers.md", "worksheet.md", "recipe.yaml"] {
        #expect(FileManager.default.fileExists(atPath: report.appendingPathComponent(file).path), "\(file)")
      }
    }
  }
}
