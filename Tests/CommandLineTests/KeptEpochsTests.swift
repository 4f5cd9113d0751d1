import Foundation
import Support
import TestSupport
import Testing

@Suite("training.keep", .tags(.cli, .slow))
struct KeptEpochsTests {
  private static let keepsMeasured = ["--set", "training.keep=measured", "--set", "analysis.epochs=[0, 2, 4]"]
  private static let longer = ["--set", "training.epochs=4"]

  private func run(_ arguments: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + Self.longer + arguments, in: folder, timeout: 300)
  }

  private func epochs(_ role: String, in folder: URL) -> [String] {
    Fingerprints.files(below: TinyRun.training(role, in: folder))
      .filter { $0.hasPrefix("epoch-") }.map { String($0.dropFirst(6).prefix(3)) }.sorted()
  }

  private func table(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent("notebooks-data/tiny/\(name).csv"), encoding: .utf8)
  }

  /// Numbers of a table's cells, in order.
  private func numbers(_ table: String) -> [Double] { table.split { ",\n".contains($0) }.compactMap { Double($0) } }

  @Test("measured keeps what analysis needs, and says the same as a run that keeps all")
  func measured() throws {
    try withTemporaryDirectory { whole in
      try withTemporaryDirectory { folder in
        for place in [whole, folder] { try TinyRun.lay(into: place) }
        #expect(try run(["--set", "analysis.epochs=[0, 2, 4]"], in: whole).code == 0)
        let outcome = try run(Self.keepsMeasured, in: folder)
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
        #expect(epochs("teacher", in: folder) == ["000", "004"])
        for role in ["baseline", "logits", "features"] { #expect(epochs(role, in: folder) == ["000", "002", "004"]) }
        let all = try Fingerprints.tensors(below: whole.appendingPathComponent("runs"))
        for (name, tensor) in try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) {
          #expect(all[name] == tensor, "\(name)")
        }
        #expect(try table("conv2-summary", in: folder).count > 100)
        for name in ["tests", "conv2-curves", "conv2-counts"] {
          #expect(try table(name, in: folder) == table(name, in: whole), "\(name)")
        }
        // Sums of the same squares in another order.
        let distances = try (
          numbers(table("conv2-distances", in: folder)), numbers(table("conv2-distances", in: whole))
        )
        #expect(distances.0.count == distances.1.count && distances.0.count > 20)
        #expect(zip(distances.0, distances.1).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) })
      }
    }
  }

  @Test("says in one line which epoch was not kept, and which can be measured")
  func notKept() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try run(Self.keepsMeasured, in: folder).code == 0)
      let missing =
        "epoch 1 of baseline, seed 1, was not kept; measure what is there, such as "
        + "--set analysis.epochs=[0, 2, 4]\n"
      let analysis = try CommandLineTool.run(
        ["analyze", "tiny", "--quiet", "--set", "analysis.epochs=[0, 1, 4]"], in: folder)
      #expect(analysis.code == 2 && analysis.errors.hasSuffix(missing), "\(analysis.summary)")
      let resumed = try run(
        ["--resume", "--set", "training.keep=measured", "--set", "analysis.epochs=[0, 1, 2, 4]"], in: folder)
      #expect(resumed.code == 2 && resumed.errors.hasSuffix(missing), "\(resumed.summary)")
      let fewer = try CommandLineTool.run(
        ["analyze", "tiny", "--quiet", "--set", "analysis.epochs=[0, 4]"], in: folder)
      #expect(fewer.code == 0, "\(fewer.summary)")
    }
  }

  @Test("says of a removed epoch that it is there no more, and refuses another epoch's file in its place")
  func removed() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder).code == 0)
      let student = TinyRun.training("baseline", in: folder)
      let (first, second) = (student.appendingPathComponent("epoch-001.safetensors"), "epoch-002.safetensors")
      let analyze = ["analyze", "tiny", "--quiet", "--set", "analysis.draws=3"]
      try FileManager.default.removeItem(at: first)
      let gone = try CommandLineTool.run(analyze, in: folder)
      #expect(
        gone.code == 2 && gone.errors.contains("epoch 1 of baseline, seed 1, is not there any more; measure what"),
        "\(gone.summary)")
      try FileManager.default.copyItem(at: student.appendingPathComponent(second), to: first)
      let other = try CommandLineTool.run(analyze, in: folder)
      #expect(
        other.code == 2 && other.errors.contains("epoch-001.safetensors: holds the weights of epoch 2; put back the"),
        "\(other.summary)")
    }
  }

  @Test("last keeps one epoch of each network, for a run that measures nothing")
  func last() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let refused = try run(["--set", "training.keep=last"], in: folder)
      #expect(refused.failed(2, "--set training.keep: keeps no epoch but the last"), "\(refused.summary)")
      let outcome = try run(["--set", "training.keep=last", "--set", "analysis=none"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      for role in ["teacher", "baseline", "logits", "features"] { #expect(epochs(role, in: folder) == ["004"]) }
      let analysis = try CommandLineTool.run(
        ["analyze", "tiny", "--quiet", "--set", "analysis.grid=4"], in: folder)
      #expect(
        analysis.code == 2 && analysis.errors.contains("keeps no epoch but the last, and analysis needs more"),
        "\(analysis.summary)")
      #expect(try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder).code == 0)
    }
  }

  @Test(
    "leaves nothing behind and changes no bit when the run is killed and resumed",
    arguments: [
      "seed-1/teacher/epoch-002.safetensors", "seed-1/baseline/state/latest.safetensors",
      "seed-1/logits/epoch-003.safetensors", "seed-1/features/epoch-004.safetensors",
    ], [keepsMeasured, ["--set", "training.keep=last", "--set", "analysis=none"]])
  func killed(_ moment: String, _ settings: [String]) throws {
    try withTemporaryDirectory { whole in
      try withTemporaryDirectory { folder in
        for place in [whole, folder] { try TinyRun.lay(into: place) }
        #expect(try run(settings, in: whole).code == 0)
        let program = try CommandLineTool.start(["run", "tiny.yaml", "--quiet"] + Self.longer + settings, in: folder)
        let file = folder.appendingPathComponent("runs/tiny/\(moment)").path
        program.wait(until: { access(file, F_OK) == 0 })
        program.send(SIGKILL)
        _ = program.wait()
        let outcome = try run(settings + ["--resume"], in: folder)
        #expect(outcome.code == 0, "\(outcome.summary)")
        let expected = try Fingerprints.tensors(below: whole.appendingPathComponent("runs"))
        #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == expected)
      }
    }
  }

  @Test("keeps the best epoch of a comparison, which its report asks")
  func comparison() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let arguments = ["compare", "logits", "--recipe", "tiny.yaml", "--quiet"] + Self.longer
      let outcome = try CommandLineTool.run(
        arguments + ["--set", "analysis=none", "--set", "training.keep=last"], in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let networks = try String(
        contentsOf: folder.appendingPathComponent("notebooks-data/tiny-comparison/networks.csv"), encoding: .utf8)
      let rows = networks.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(rows.count == 4)
      for row in rows.dropFirst() {
        let kept = Fingerprints.files(below: folder.appendingPathComponent("runs/tiny-comparison/seed-1/\(row[0])"))
        let best = try #require(row.last.flatMap { Int($0) })
        let names = Set([best, 4].map { "epoch-00\($0).safetensors" })
        #expect(Set(kept.filter { $0.hasPrefix("epoch-") }) == names, "\(row[0])")
      }
    }
  }
}
