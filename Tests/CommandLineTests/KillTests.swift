import Foundation
import Support
import TestSupport
import Testing

@Suite("A run that is killed", .tags(.cli, .slow))
struct KillTests {
  /// Files at whose appearance the run is killed, in the order in which it makes them.
  static let moments = [
    "training.sha256", "recipe.yaml", "seed-1/teacher/epoch-000.safetensors", "seed-1/teacher/epoch-001.safetensors",
    "seed-1/teacher/log.csv", "seed-1/teacher/state/latest.safetensors", "seed-1/teacher/epoch-002.safetensors",
    "seed-1/baseline/epoch-001.safetensors", "seed-1/logits/epoch-000.safetensors",
    "seed-1/logits/state/latest.safetensors", "seed-1/features/epoch-001.safetensors",
    "seed-1/features/state/latest.safetensors", "seed-1/baseline/maps-conv2/epoch-0.safetensors",
    "seed-1/features/maps-conv2/epoch-2.safetensors",
  ]

  /// Starts the run and kills it when a file is there, or when it has ended.
  private func killed(_ arguments: [String], in folder: URL, at moment: String) throws {
    let program = try CommandLineTool.start(arguments, in: folder)
    let file = folder.appendingPathComponent("runs/tiny/\(moment)").path
    program.wait(until: { access(file, F_OK) == 0 })
    program.send(SIGKILL)
    _ = program.wait()
  }

  private func files(below folder: URL) -> [String] {
    Fingerprints.files(below: folder.appendingPathComponent("runs"))
  }

  @Test("once, at any moment, and resumed ends with the same bits as one that was not", arguments: moments)
  func once(_ moment: String) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      try killed(["run", "tiny.yaml", "--quiet"], in: folder, at: moment)
      // Whatever is there is whole.
      let left = try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
      #expect(try left.count < TinyRun.undisturbed.get().count, "it was killed too late to test anything")
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
      #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == TinyRun.undisturbed.get())
      #expect(!files(below: folder).contains { $0.hasSuffix(".part") })
      for role in ["teacher", "baseline", "logits", "features"] {
        let log = try String(
          contentsOf: TinyRun.training(role, in: folder).appendingPathComponent("log.csv"), encoding: .utf8)
        #expect(log.split(separator: "\n").count == 3)
      }
    }
  }

  @Test("again and again ends with the same bits too")
  func often() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      for moment in Self.moments { try killed(["run", "tiny.yaml", "--resume", "--quiet"], in: folder, at: moment) }
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == TinyRun.undisturbed.get())
      #expect(!files(below: folder).contains { $0.hasSuffix(".part") })
    }
  }

  @Test("is not begun anew by mistake, nor resumed with another recipe")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      try killed(["run", "tiny.yaml", "--quiet"], in: folder, at: "seed-1/teacher/epoch-001.safetensors")
      let before = try Fingerprints.tensors(below: folder)
      let run = folder.appendingPathComponent("runs/tiny").path
      let again = try CommandLineTool.run(["run", "tiny.yaml"], in: folder)
      #expect(
        again.failed(2, "\(run): a run of this name is there already; continue it with --resume"), "\(again.summary)")
      let other = try CommandLineTool.run(
        ["run", "tiny.yaml", "--resume", "--set", "training.learning-rate=0.01"], in: folder)
      #expect(
        other.failed(
          2,
          "\(run)/recipe.yaml: the run was started with another recipe: training.learning-rate was 0.05 and is 0.01; "
            + "choose another name"),
        "\(other.summary)")
      #expect(try Fingerprints.tensors(below: folder) == before)
    }
  }

  @Test("has baseline and students that began with the same weights")
  func sameStart() throws {
    let all = try TinyRun.undisturbed.get()
    func weights(_ role: String) -> [String] {
      all.filter { $0.key.hasPrefix("tiny/seed-1/\(role)/epoch-000.safetensors: ") }.sorted { $0.key < $1.key }.map(
        \.value)
    }
    #expect(weights("baseline").count == 12)
    #expect(weights("baseline") == weights("logits") && weights("baseline") == weights("features"))
    // Same weights, same batches: only the losses differ, and they do.
    let ends = ["baseline", "logits", "features"].compactMap {
      all["tiny/seed-1/\($0)/epoch-002.safetensors: fc.weight"]
    }
    #expect(Set(ends).count == 3)
  }
}
