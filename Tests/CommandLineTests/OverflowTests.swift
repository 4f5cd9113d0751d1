import Checkpoints
import Foundation
import Models
import TestSupport
import Testing

@Suite("A checkpoint whose logits overflow", .tags(.cli))
struct OverflowTests {
  /// A checkpoint of finite weights whose classifier goes beyond what a float holds.
  private func overflow(_ source: URL, to target: URL) throws {
    let file = try Safetensors.read(source)
    let tensors = try file.tensors.map { tensor in
      guard tensor.name.hasPrefix("fc.") else { return tensor }
      return StoredTensor(
        name: tensor.name, shape: tensor.shape, floats: try tensor.floats().map { $0 < 0 ? -3e38 : 3e38 })
    }
    try Safetensors(metadata: file.metadata, tensors: tensors).write(to: target)
  }

  @Test(
    "is refused by every probe in one line that counts the images",
    arguments: ["accuracy", "logits", "compare", "features"])
  func probes(_ probe: String) throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder)
      let specification = ModelSpecification("resnet8", classes: 3, height: 16, width: 16)
      let facts = CheckpointFacts(
        model: specification, role: "teacher", epoch: 1, data: "arrays", mean: [0.5, 0.5, 0.5],
        deviation: [0.2, 0.2, 0.2], classes: ["0", "1", "2"], recipeHash: "")
      let good = folder.appendingPathComponent("good.safetensors")
      try Checkpoint.write(ModelCatalog.build(specification, seed: 1), facts, to: good)
      try overflow(good, to: folder.appendingPathComponent("bad.safetensors"))
      let data = ["--data", "arrays", "--set", "data.path=images.safetensors"]
      let question =
        switch probe {
        case "compare": ["compare", "good.safetensors", "bad.safetensors"]
        case "features": ["features", "fc", "bad.safetensors", "--out", "x.npy"]
        default: [probe, "bad.safetensors"]
        }
      let outcome = try CommandLineTool.run(["probe"] + question + data, in: folder)
      #expect(
        outcome.failed(2, "") && outcome.errors.contains("bad.safetensors: its ")
          && outcome.errors.contains(" images are not finite numbers: its layers overflow;"), "\(outcome.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x.npy").path))
    }
  }

  @Test("is no teacher, and says so before any work")
  func teacher() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(
        into: folder, [("{ model: resnet8 }", "{ model: resnet8, checkpoint: bad.safetensors, accuracy: 0 }")])
      let good = folder.appendingPathComponent("good.safetensors")
      let specification = ModelSpecification("resnet8", classes: 3, height: 16, width: 16)
      let facts = CheckpointFacts(
        model: specification, role: "teacher", epoch: 1, data: "arrays", mean: [0.5, 0.5, 0.5],
        deviation: [0.2, 0.2, 0.2], classes: ["0", "1", "2"], recipeHash: "")
      try Checkpoint.write(ModelCatalog.build(specification, seed: 1), facts, to: good)
      try overflow(good, to: folder.appendingPathComponent("bad.safetensors"))
      for arguments in [["recipe", "--check", "small.yaml"], ["run", "small.yaml", "--quiet"]] {
        let outcome = try CommandLineTool.run(arguments, in: folder)
        #expect(
          outcome.failed(2, "bad.safetensors: its logits of ") && outcome.errors.contains("are not finite"),
          "\(outcome.summary)")
      }
    }
  }

  @Test("is named by the report of a run, which is written all the same")
  func report() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(
        into: folder, [("student: { model: cnn2 }", "student: { model: resnet8 }"), ("conv2", "layer1")])
      let run = try CommandLineTool.run(["run", "small.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.summary)")
      let file = folder.appendingPathComponent("runs/small/seed-1/student/epoch-001.safetensors")
      try overflow(file, to: file)
      let again = try CommandLineTool.run(["analyze", "small"], in: folder)
      #expect(again.code == 0 && again.errors.contains("student, seed 1: the logits of "), "\(again.summary)")
      let report = try String(contentsOf: folder.appendingPathComponent("reports/small/report.md"), encoding: .utf8)
      #expect(report.contains("student, seed 1: the logits of "))
    }
  }
}
