import Foundation
import Support
import TestSupport
import Testing

@Suite("An analysis of a run", .tags(.cli, .slow))
struct AnalysisTests {
  private func run(in folder: URL, _ more: [String] = []) throws {
    try TinyRun.lay(into: folder)
    let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + more, in: folder, timeout: 300)
    #expect(outcome.code == 0, "\(outcome.summary)")
  }

  private func analyze(_ arguments: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["analyze"] + arguments + ["--quiet"], in: folder, timeout: 300)
  }

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// Every file of the run itself, of its report and its tables, by content.
  private func ownFiles(in folder: URL) throws -> [String: Data] {
    try Fingerprints.files(below: folder).filter { !$0.contains("/analyses/") && !$0.contains("/maps-") }
      .reduce(into: [:]) { $0[$1] = try Data(contentsOf: folder.appendingPathComponent($1)) }
  }

  @Test("has a folder of its own, leaves the run's files as they are, and does not add up with others")
  func apart() throws {
    try withTemporaryDirectory { folder in
      try run(in: folder)
      let before = try ownFiles(in: folder)
      let first = try analyze(["tiny", "--name", "halved", "--set", "analysis.distortion=0.2"], in: folder)
      #expect(first.code == 0 && first.output.hasSuffix("reports/tiny/analyses/halved/report.md\n"), "\(first.summary)")
      // By its settings alone, which those of the first are none of.
      let second = try analyze(["tiny", "--set", "analysis.thresholds=[0.3]"], in: folder)
      #expect(second.output.hasSuffix("reports/tiny/analyses/thresholds-0.3/report.md\n"), "\(second.summary)")
      for (name, lines) in [
        ("halved", ["  distortion: 0.2\n", "  thresholds: [0.1, 0.2, 0.4, 0.8]\n"]),
        ("thresholds-0.3", ["  distortion: 0.1\n", "  thresholds: [0.3]\n"]),
      ] {
        let recipe = try text("reports/tiny/analyses/\(name)/recipe.yaml", in: folder)
        for line in lines { #expect(recipe.contains(line), "\(name): \(line)") }
        #expect(try text("reports/tiny/analyses/\(name)/data/conv2-summary.csv", in: folder).count > 100)
      }
      let report = try text("reports/tiny/analyses/halved/report.md", in: folder)
      #expect(report.contains("Analysis `halved` of the run `tiny`, with `analysis.distortion=0.2`."))
      #expect(report.contains("kdscope report tiny --analysis halved"))
      #expect(try ownFiles(in: folder) == before)

      // Both can be written again from what is stored, and so can the run's own report, with the same bytes.
      let again = try CommandLineTool.run(["report", "tiny", "--analysis", "halved", "--quiet"], in: folder)
      #expect(again.code == 0, "\(again.summary)")
      #expect(try text("reports/tiny/analyses/halved/report.md", in: folder) == report)
      #expect(try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder).code == 0)
      #expect(try ownFiles(in: folder) == before)

      let page = try CommandLineTool.run(["runs", "show", "tiny"], in: folder)
      #expect(page.output.contains("halved          analysis.distortion=0.2 "), "\(page.summary)")
      let listed = try CommandLineTool.run(["runs", "list", "--json"], in: folder)
      #expect(listed.output.contains("\"settings\": [\"analysis.thresholds=[0.3]\"]"), "\(listed.summary)")
    }
  }

  @Test("uses maps that were measured before, by the run or by another analysis")
  func sharedMaps() throws {
    try withTemporaryDirectory { folder in
      try run(in: folder)
      func maps() -> [String] { Fingerprints.files(below: folder).filter { $0.contains("/maps-") }.sorted() }
      let own = maps()
      _ = try analyze(["tiny", "--set", "analysis.thresholds=[0.3]"], in: folder)
      #expect(maps() == own)
      _ = try analyze(["tiny", "--name", "a", "--set", "analysis.grid=8"], in: folder)
      let two = maps()
      #expect(two.count == 2 * own.count)
      _ = try analyze(
        ["tiny", "--name", "b", "--set", "analysis.grid=8", "--set", "analysis.thresholds=[0.5]"], in: folder)
      #expect(maps() == two)
    }
  }

  @Test(
    "is refused in one line where it cannot be",
    arguments: [
      (["--set", "training.epochs=3"], "--set training.epochs: is no setting of an analysis"),
      (["--set", "seeds=2"], "--set seeds: is no setting of an analysis"),
      (["--name", "../up", "--set", "analysis.grid=8"], "--name: is '../up'"),
      (["--name", "taken", "--set", "analysis.grid=2"], "an analysis of this name has other settings: grid is 8"),
    ])
  func refusal(_ arguments: [String], _ line: String) throws {
    try withTemporaryDirectory { folder in
      try run(in: folder, ["--set", "students={ logits: { distillation: [ { method: kd } ] } }"])
      #expect(try analyze(["tiny", "--name", "taken", "--set", "analysis.grid=8"], in: folder).code == 0)
      let outcome = try analyze(["tiny"] + arguments, in: folder)
      #expect(outcome.code == 2 && outcome.output.isEmpty && outcome.errors.contains(line), "\(outcome.summary)")
      #expect(outcome.errors.count { $0 == "\n" } == 1)
      let unknown = try CommandLineTool.run(["report", "tiny", "--analysis", "none"], in: folder)
      #expect(unknown.failed(2, "--analysis: tiny has no analysis 'none' in "), "\(unknown.summary)")
      #expect(unknown.errors.hasSuffix("known: taken\n"))
    }
  }

  @Test("and a report of a run go to --out, from the run's name, its folder, or a folder of any name")
  func elsewhere() throws {
    try withTemporaryDirectory { folder in
      try run(in: folder)
      let before = try ownFiles(in: folder)
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("runs/tiny"), to: folder.appendingPathComponent("copies/other"))
      for (number, run) in ["tiny", "runs/tiny", "copies/other"].enumerated() {
        let out = "x\(number)"
        let name = run.split(separator: "/").last.map(String.init) ?? run
        let report = try CommandLineTool.run(["report", run, "--quiet", "--out", out], in: folder)
        #expect(report.output.hasSuffix("/\(out)/reports/\(name)/report.md\n"), "\(report.summary)")
        #expect(try text("\(out)/notebooks-data/\(name)/tests.csv", in: folder).hasPrefix("role,seed,"))
        let analysis = try analyze([run, "--out", out, "--set", "analysis.thresholds=[0.3]"], in: folder)
        #expect(
          analysis.output.hasSuffix("/reports/\(name)/analyses/thresholds-0.3/report.md\n"), "\(analysis.summary)")
      }
      let left = try ownFiles(in: folder).filter { !$0.key.hasPrefix("x") && !$0.key.hasPrefix("copies") }
      #expect(left == before)
    }
  }

  @Test(
    "and a report of a run on a read-only disk go to --out",
    .enabled(if: SmallDisk.isPossible, "a small disk can only be mounted by root"))
  func readOnly() throws {
    let disk = try SmallDisk(kilobytes: 16_384)
    try withTemporaryDirectory { folder in
      try run(in: folder)
      let run = disk.url.appendingPathComponent("tiny")
      try FileManager.default.copyItem(at: folder.appendingPathComponent("runs/tiny"), to: run)
      try disk.makeReadOnly()
      let report = try CommandLineTool.run(["report", run.path, "--quiet", "--out", "x"], in: folder)
      #expect(report.output.hasSuffix("/x/reports/tiny/report.md\n"), "\(report.summary)")
      for _ in 0..<2 {
        let analysis = try analyze([run.path, "--out", "x", "--set", "analysis.grid=8"], in: folder)
        #expect(analysis.output.hasSuffix("/x/reports/tiny/analyses/grid-8/report.md\n"), "\(analysis.summary)")
      }
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("x/runs")).contains { $0.contains("/maps-conv2/") })
      let again = try CommandLineTool.run(
        ["report", run.path, "--analysis", "grid-8", "--quiet", "--out", "x"], in: folder)
      #expect(again.code == 0, "\(again.summary)")
    }
  }
}
