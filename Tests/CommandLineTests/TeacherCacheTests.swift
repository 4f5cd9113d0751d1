import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Keeping the teacher's answers", .tags(.cli))
struct TeacherCacheTests {
  private func run(_ arguments: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + arguments, in: folder)
  }

  @Test("changes no bit of any checkpoint, map or state")
  func bits() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try run(["--cache-teacher"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let kept = folder.appendingPathComponent("runs/tiny/teacher-answers")
      let files = Fingerprints.files(below: kept).map { $0.split(separator: "/").last.map(String.init) ?? "" }
      #expect(
        files.sorted() == [
          "epoch-001.layer2.safetensors", "epoch-001.logits.safetensors", "epoch-002.layer2.safetensors",
          "epoch-002.logits.safetensors",
        ])
      var found = try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
      for name in found.keys where name.contains("teacher-answers") { found[name] = nil }
      #expect(try found == TinyRun.undisturbed.get())
    }
  }

  @Test("is where later students take them from")
  func taken() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try run(["--cache-teacher"], in: folder).code == 0)
      // Other answers give another student: they are read.
      let kept = folder.appendingPathComponent("runs/tiny/teacher-answers")
      for name in Fingerprints.files(below: kept) where name.contains("logits") {
        let file = kept.appendingPathComponent(name)
        let shape = try #require(Safetensors.read(file)["answers"]).shape
        let other = StoredTensor(
          name: "answers", shape: shape, floats: Array(repeating: 0.5, count: shape.reduce(1, *)))
        try Safetensors(tensors: [other]).write(to: file)
      }
      try FileManager.default.removeItem(at: TinyRun.training("logits", in: folder))
      #expect(try run(["--cache-teacher", "--resume"], in: folder).code == 0)
      let found = try Fingerprints.tensors(below: folder.appendingPathComponent("runs/tiny/seed-1/logits"))
      let other = try TinyRun.undisturbed.get().filter { $0.key.contains("logits/epoch-002") }
      #expect(!other.isEmpty && found.filter { $0.key.contains("epoch-002") }.map(\.value) != other.map(\.value))
    }
  }

  @Test("asks the teacher again where they are damaged, and says so", arguments: [true, false])
  func damaged(_ isFlipped: Bool) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try run(["--cache-teacher"], in: folder).code == 0)
      let kept = folder.appendingPathComponent("runs/tiny/teacher-answers")
      for name in Fingerprints.files(below: kept) where name.contains("logits") {
        let file = kept.appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 3] ^= 1
        if isFlipped { try bytes.write(to: file) } else { try Safetensors(tensors: []).write(to: file) }
      }
      try FileManager.default.removeItem(at: TinyRun.training("logits", in: folder))
      let again = try run(["--cache-teacher", "--resume"], in: folder)
      #expect(again.code == 0 && again.errors.contains("damaged; the teacher is asked again"), "\(again.summary)")
      let found = try Fingerprints.tensors(below: folder.appendingPathComponent("runs/tiny/seed-1/logits"))
      let whole = try TinyRun.undisturbed.get().filter { $0.key.contains("logits/epoch-002") }
      #expect(!whole.isEmpty && found.filter { $0.key.contains("epoch-002") }.count == whole.count)
      for (name, digest) in whole { #expect(found[String(name.split(separator: "logits/")[1])] == digest) }
    }
  }

  @Test(
    "is refused where an answer is not one image's alone",
    arguments: [
      ("{ method: ofd }", "by the batch"), ("{ method: sskd }", "in a way of its own"),
      ("{ method: factor-transfer }", "a stage before"),
      ("{ method: correlation-congruence, sampler: class-uniform, images-per-class: 4 }", "draws batches by classes"),
    ])
  func refused(_ term: String, _ reason: String) throws {
    try withTemporaryDirectory { folder in
      let recipe = TinyRun.recipe.replacing("{ method: kd, weight: 0.9 }", with: term)
        .replacing("model: cnn2", with: "model: resnet8").replacing("conv2", with: "layer2")
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      let outcome = try run(["--cache-teacher"], in: folder)
      #expect(outcome.failed(2, "--cache-teacher: logits: ") && outcome.errors.contains(reason), "\(outcome.summary)")
    }
  }
}
