import Foundation
import Support
import TestSupport
import Testing

@Suite("A report that is written again", .tags(.cli))
struct ReportAgainTests {
  /// A finished tiny run in a folder.
  private func run(in folder: URL) throws {
    try TinyRun.lay(into: folder)
    let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder, timeout: 300)
    #expect(outcome.code == 0, "\(outcome.summary)")
  }

  private func figures(below folder: URL) throws -> [String: Data] {
    let figures = folder.appendingPathComponent("reports/tiny/figures")
    return try Fingerprints.files(below: figures).reduce(into: [:]) { found, name in
      found[name] = try Data(contentsOf: figures.appendingPathComponent(name))
    }
  }

  private func numbers(of folder: URL, _ names: [String]) throws -> [Int] {
    try names.map { name in
      let path = folder.appendingPathComponent("runs/tiny/seed-1/\(name)").path
      return try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int, "\(name)")
    }
  }

  @Test("has sections on calibration, layers and classes, their tables, and a verdict on accuracy")
  func sections() throws {
    try withTemporaryDirectory { folder in
      try run(in: folder)
      let report = try String(contentsOf: folder.appendingPathComponent("reports/tiny/report.md"), encoding: .utf8)
      for part in [
        "## Calibration", "## What the layers share (CKA)", "## Per class", "figures/reliability.png",
        "figures/similarity-epochs.png", "figures/similarity-layers.png", "figures/confusion.png",
        "**no difference shown** (one seed says nothing of others)", "McNemar's exact test", "debiased, n = 40",
      ] { #expect(report.contains(part), "\(part) is missing") }
      let tables = Fingerprints.files(below: folder.appendingPathComponent("notebooks-data/tiny"))
      for name in ["accuracy-comparisons", "calibration", "classes", "confusion", "similarity"] {
        #expect(tables.contains("\(name).csv"))
      }
      for name in try figures(below: folder).keys where name.hasSuffix(".png") {
        #expect(report.contains("figures/\(name)"), "\(name)")
      }
    }
  }

  @Test("computes no answer and no similarity anew, unless weights have changed")
  func stored() throws {
    try withTemporaryDirectory { folder in
      try run(in: folder)
      let names = [
        "teacher/logits-test.safetensors", "logits/logits-test.safetensors", "logits/similarity/epoch-002.json",
      ]
      let before = try numbers(of: folder, names)
      let (first, report) = (
        try figures(below: folder), folder.appendingPathComponent("reports/tiny/report.md")
      )
      let text = try Data(contentsOf: report)
      #expect(try CommandLineTool.run(["report", "tiny"], in: folder).code == 0)
      #expect(try numbers(of: folder, names) == before)
      #expect(try figures(below: folder) == first && Data(contentsOf: report) == text)

      // Other weights under the same name: nothing stale is used.
      let training = TinyRun.training("logits", in: folder)
      let last = training.appendingPathComponent("epoch-002.safetensors")
      try FileManager.default.removeItem(at: last)
      try FileManager.default.copyItem(
        at: TinyRun.training("baseline", in: folder).appendingPathComponent("epoch-002.safetensors"), to: last)
      let again = try CommandLineTool.run(["analyze", "tiny", "--quiet"], in: folder, timeout: 300)
      #expect(again.code == 0, "\(again.summary)")
      let now = try numbers(of: folder, names)
      #expect(now[0] == before[0] && now[1] != before[1] && now[2] != before[2])
      let table = try String(
        contentsOf: folder.appendingPathComponent("notebooks-data/tiny/tests.csv"), encoding: .utf8)
      let rows = table.split(separator: "\n").map { $0.split(separator: ",", maxSplits: 1) }
      let tests = rows.reduce(into: [:]) { $0[String($1[0])] = String($1[1]) }
      #expect(tests["logits"] != nil && tests["logits"] == tests["baseline"])
    }
  }

  @Test("in two folders at once mixes nothing, and in one folder the second is refused")
  func atOnce() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (folder.appendingPathComponent("a"), folder.appendingPathComponent("b"))
      try FileManager.default.createDirectory(at: a, withIntermediateDirectories: true)
      try run(in: a)
      let expected = try figures(below: a)
      try FileManager.default.copyItem(at: a, to: b)
      for place in [a, b] { try FileManager.default.removeItem(at: place.appendingPathComponent("reports")) }
      let programs = try [a, b].map { try CommandLineTool.start(["report", "tiny"], in: $0) }
      for program in programs { #expect(program.wait(timeout: 120).code == 0) }
      #expect(try figures(below: a) == expected && figures(below: b) == expected)

      let report = a.appendingPathComponent("reports/tiny")
      let lock = try FolderLock(report.path, remedy: "")
      let refused = try CommandLineTool.run(["report", "tiny"], in: a)
      #expect(refused.code == 2 && refused.errors.contains("another process is working"), "\(refused.summary)")
      #expect(refused.errors.contains("wait until it has written its report"))
      withExtendedLifetime(lock) {}
      #expect(try figures(below: a) == expected)
    }
  }
}
