import Foundation
import Support
import TestSupport
import Testing

@Suite("A run that is measured as published", .tags(.cli, .slow))
struct ProcedureTests {
  /// A two-stage student at one layer, a joint one at another.
  private static let recipe = """
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: cnn2 }
    student: { model: cnn2 }
    students:
      stages:
        schedule: two-stage
        classifier-epochs: 1
        measure: [conv1]
        distillation: [ { method: feature-l2, layers: [conv1], position: before-relu } ]
      joint: { measure: [conv2], distillation: [ { method: feature-l2, layers: [conv2] } ] }
    training: { epochs: 3, batch: 16 }
    analysis:
      probe-images: 2
      position-images: 2
      grid: 4
      draws: 4
      iterations: 4
      procedure: both
      epochs: [0, 1, 3]
      published: { candidates: 3, draws: 4, steps: 3, extra-steps: 2 }
    threads: 1

    """

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("reports the paper's quantities with the images chosen and with all, and the untrained network")
  func both() throws {
    try withTemporaryDirectory { folder in
      try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      let run = try CommandLineTool.run(["run", "tiny.yaml"], in: folder)
      #expect(run.code == 0, "\(run.summary)")
      // Two layers, two networks and three checkpoints, but the first weights of a seed are everyone's.
      // Position is removed in the untrained and the finished networks.
      #expect(run.errors.contains("published procedure: 52 maps, at most "))

      let sides = try text("notebooks-data/tiny/published-sides.csv", in: folder).split(separator: "\n")
      #expect(sides.count == 1 + 2 * 2 * 3)
      #expect(sides.count { $0.hasPrefix("conv1,stages,selected,") } == 3)
      #expect(sides.count { $0.hasPrefix("conv2,joint,all,") } == 3)
      let report = try text("reports/tiny/report.md", in: folder)
      for part in ["## As published", "conv1, as published, selected images", "an untrained network already has"] {
        #expect(report.contains(part), "\(part)")
      }

      // The student has four checkpoints, and is measured at three of them.
      #expect(try text("runs/tiny/seed-1/stages/log.csv", in: folder).contains("\n4,classifier,"))
      let training = folder.appendingPathComponent("runs/tiny/seed-1/stages")
      #expect(FileManager.default.fileExists(atPath: training.appendingPathComponent("epoch-004.safetensors").path))
      let maps = try FileManager.default.contentsOfDirectory(
        atPath: training.appendingPathComponent("maps-conv1-published").path)
      #expect(maps.sorted() == ["epoch-1.safetensors", "epoch-3-position.safetensors", "epoch-3.safetensors"])

      // Writing it again measures nothing, and another threshold or procedure uses what is there.
      let stored = try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
      let again = try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder)
      #expect(again.code == 0, "\(again.summary)")
      #expect(try text("reports/tiny/report.md", in: folder) == report)
      let alone = try CommandLineTool.run(
        ["analyze", "tiny", "--set", "analysis.procedure=published"], in: folder)
      #expect(alone.code == 0 && !alone.errors.contains("maps, at most"), "\(alone.summary)")
      #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == stored)
      #expect(try text("reports/tiny/report.md", in: folder) == report)
      let other = try text("reports/tiny/analyses/procedure-published/report.md", in: folder)
      #expect(other.contains("**not testable**: measured by the published procedure alone"))
    }
  }
}
