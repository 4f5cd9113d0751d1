import Foundation
import Support
import TestSupport
import Testing

/// Students whose methods ask no teacher: none is trained, read or reported.
@Suite("A run in which nobody asks a teacher", .tags(.cli, .slow))
struct TeacherlessTests {
  private func recipe(_ teacher: String, _ students: String) -> Data {
    Data(
      """
      name: alone
      data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24 }
      \(teacher)
      student: { model: resnet8 }
      students:
        \(students)
      training: { epochs: 2, batch: 16, learning-rate: 0.01 }
      analysis: { layers: [layer3], probe-images: 2, grid: 4, position-images: 4, iterations: 4, draws: 8 }
      seeds: 2
      threads: 1
      """.utf8)
  }

  private static let students =
    "smooth: { distillation: [ { method: label-smoothing } ] }\n  peers: { distillation: [ { method: dml } ] }"

  @Test("trains none, with the same weights whether the recipe names one or not, and reports without it")
  func alone() throws {
    try withTemporaryDirectory { folder in
      let teachers = ["none": "", "trained": "teacher: { model: resnet14 }"]
      var weights: [String: [String: String]] = [:]
      for (name, teacher) in teachers {
        let own = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try recipe(teacher, Self.students).write(to: own.appendingPathComponent("alone.yaml"))
        let outcome = try CommandLineTool.run(["run", "alone.yaml", "--quiet"], in: own)
        #expect(outcome.code == 0 && !outcome.output.contains("teacher"), "\(outcome.summary)")
        weights[name] = try Fingerprints.tensors(below: own.appendingPathComponent("runs"))
        let report = try String(
          contentsOf: own.appendingPathComponent("reports/alone/report.md"), encoding: .utf8)
        #expect(report.contains("A resnet8 learned on part-shapes") && report.contains("No method asks a teacher."))
        for text in ["Agrees with teacher", "gap to the teacher", "taught a", "CKA"] {
          #expect(!report.contains(text), "\(text)")
        }
        let again = try CommandLineTool.run(["report", "alone", "--card", "--quiet"], in: own)
        #expect(again.code == 0, "\(again.summary)")
      }
      #expect(weights["none"] == weights["trained"])
      #expect(weights["none"]?.keys.contains { $0.contains("teacher") } == false)
    }
  }

  static let boosters: [(teacher: String, line: String)] = [
    ("", "rocket learns from a teacher, and the recipe has none"), ("teacher: { model: resnet14 }", ""),
  ]

  @Test("builds rocket's booster like a teacher that is not trained", arguments: boosters.indices)
  func booster(_ index: Int) throws {
    try withTemporaryDirectory { folder in
      let (teacher, line) = Self.boosters[index]
      try recipe(teacher, "rocket: { distillation: [ { method: rocket } ] }")
        .write(to: folder.appendingPathComponent("alone.yaml"))
      let outcome = try CommandLineTool.run(
        ["run", "alone.yaml", "--quiet", "--set", "analysis=none", "--set", "seeds=1"], in: folder)
      #expect(
        line.isEmpty ? outcome.code == 0 : outcome.failed(2, "alone.yaml:6") && outcome.errors.contains(line),
        "\(outcome.summary)")
      let seed = folder.appendingPathComponent("runs/alone/seed-1").path
      let networks = (try? FileManager.default.contentsOfDirectory(atPath: seed))?.sorted() ?? []
      #expect(networks == (line.isEmpty ? ["baseline", "rocket"] : []))
    }
  }
}
