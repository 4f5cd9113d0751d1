import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A run with analysis: none", .tags(.cli, .slow))
struct NoConceptsTests {
  /// Pictures without masks.
  private func lay(into folder: URL, analysis: String = "none") throws {
    let count = 80
    try Safetensors(
      tensors: [
        StoredTensor(
          name: "images", shape: [count, 16, 16, 3],
          floats: (0..<count * 16 * 16 * 3).map { Float(($0 * 7919) % 251) / 251 }),
        StoredTensor(name: "labels", shape: [count], integers: (0..<count).map { Int64($0 % 4) }),
      ]
    ).write(to: folder.appendingPathComponent("pictures.safetensors"))
    try Data(
      """
      name: plain
      data: { set: arrays, path: pictures.safetensors, development: 16, test: 16 }
      teacher: { model: resnet8 }
      student: { model: cnn2 }
      distillation: [ { method: kd } ]
      training: { epochs: 2, batch: 16 }
      analysis: \(analysis)
      threads: 1

      """.utf8
    ).write(to: folder.appendingPathComponent("plain.yaml"))
  }

  private func kdscope(_ arguments: String, in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(arguments.split(separator: " ").map(String.init), in: folder, timeout: 300)
  }

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("needs no masks, measures no maps, and reports everything else")
  func run() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      #expect(try kdscope("recipe --check plain.yaml", in: folder).code == 0)
      let outcome = try kdscope("run plain.yaml --quiet", in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
      #expect(!outcome.output.contains("H1"))
      #expect(try text("runs/plain/recipe.yaml", in: folder).contains("\nanalysis: none\n"))
      #expect(!Fingerprints.files(below: folder).contains { $0.contains("maps-") })
      let report = try text("reports/plain/report.md", in: folder)
      for part in [
        "## Accuracy", "Agrees with teacher", "## Calibration", "## What the layers share (CKA)", "## Per class",
        "figures/training.png", "no difference shown",
      ] { #expect(report.contains(part), "\(part) is missing") }
      for part in ["Hypothesis", "τ", "gallery", "Cheng", "N_fg", "grid"] { #expect(!report.contains(part), "\(part)") }
      // Written again it is the same, and a resume finds nothing to do.
      for command in ["report plain --quiet", "run plain.yaml --resume --quiet"] {
        let again = try kdscope(command, in: folder)
        #expect(again.code == 0, "\(again.summary)")
        let now = try text("reports/plain/report.md", in: folder)
        #expect(now.components(separatedBy: "## Provenance")[0] == report.components(separatedBy: "## Provenance")[0])
      }
    }
  }

  @Test(
    "is a word that --set takes, too, and that a comparison takes", arguments: ["run plain.yaml", "compare logits"])
  func assigned(_ command: String) throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, analysis: "{ grid: 4 }")
      let arguments = command.hasPrefix("compare") ? "\(command) --recipe plain.yaml" : command
      let refused = try kdscope("\(arguments) --quiet", in: folder)
      #expect(refused.failed(2, "data.set: arrays has no masks"), "\(refused.summary)")
      let outcome = try kdscope("\(arguments) --quiet --set analysis=none", in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let name = command.hasPrefix("compare") ? "plain-comparison" : "plain"
      let report = try text("reports/\(name)/report.md", in: folder)
      #expect(!report.contains("Concepts.") && !report.contains("What the methods teach"))
      let again = try kdscope("report \(name) --quiet", in: folder)
      #expect(again.code == 0, "\(again.summary)")
    }
  }

  @Test("can be measured after all by an analysis with settings, and says so where there are none")
  func afterAll() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try kdscope("run tiny.yaml --quiet --set analysis=none", in: folder).code == 0)
      let bare = try kdscope("analyze tiny", in: folder)
      #expect(bare.code == 2 && bare.errors.contains("the run measures nothing (analysis: none)"), "\(bare.summary)")
      let settings = ["probe-images=4", "grid=4", "draws=4", "iterations=4"].map { " --set analysis.\($0)" }.joined()
      let outcome = try kdscope("analyze tiny --quiet\(settings)", in: folder)
      #expect(outcome.code == 0 && outcome.output.contains("H1 not testable"), "\(outcome.summary)")
      #expect(outcome.output.hasSuffix("analyses/probe-images-4_grid-4_draws-4_iterations-4/report.md\n"))
      #expect(try text("runs/tiny/recipe.yaml", in: folder).contains("\nanalysis: none\n"))
    }
  }
}
