import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A teacher from a checkpoint", .tags(.cli))
struct TeacherAccuracyTests {
  /// A teacher of two epochs, and a recipe that learns from its file.
  private func withTeacher(
    _ body: (_ folder: URL, _ file: URL, _ run: (String) throws -> CommandLineTool.Result) throws
      -> Void
  ) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let trained = try CommandLineTool.run(["train", "tiny.yaml", "--role", "teacher", "--quiet"], in: folder)
      #expect(trained.code == 0, "\(trained.summary)")
      let file = TinyRun.training("teacher", in: folder).appendingPathComponent("epoch-002.safetensors")
      try body(folder, file) { more in
        let teacher = "teacher: { model: resnet8, checkpoint: '\(file.path)'\(more) }"
        let recipe = TinyRun.recipe.replacing("teacher: { model: resnet8 }", with: teacher)
          .replacing("name: tiny", with: "name: second")
        try Data(recipe.utf8).write(to: folder.appendingPathComponent("second.yaml"))
        return try CommandLineTool.run(["train", "second.yaml", "--role", "logits", "--quiet"], in: folder)
      }
    }
  }

  @Test("that is as good as is stated is learned from")
  func good() throws {
    try withTeacher { _, _, run in
      // Two epochs on 64 images may have taught it nothing, which the recipe then says is meant.
      let outcome = try run(", accuracy: 0")
      #expect(outcome.code == 0, "\(outcome.summary)")
    }
  }

  @Test("that is worse than the recipe states is refused before any training")
  func worseThanTheRecipe() throws {
    try withTeacher { folder, file, run in
      let outcome = try run(", accuracy: 0.99")
      #expect(
        outcome.failed(2, "\(file.path): the teacher classifies ")
          && outcome.errors.contains("99.0 % is demanded by teacher.accuracy"),
        "\(outcome.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs/second").path))
    }
  }

  @Test("that knows nothing is refused, whatever its file says and the recipe demands of it")
  func atChance() throws {
    try withTeacher { _, file, run in
      let stored = try Safetensors.read(file)
      var words = stored.metadata
      words["kdscope.development.accuracy"] = "0.98"
      // A last layer of zeros answers the first class to everything.
      let tensors = stored.tensors.map { tensor in
        tensor.name.hasPrefix("fc.")
          ? StoredTensor(
            name: tensor.name, shape: tensor.shape,
            floats: [Float](repeating: 0, count: tensor.shape.reduce(1, *)))
          : tensor
      }
      try Safetensors(metadata: words, tensors: tensors).write(to: file)
      for demanded in ["", ", accuracy: 0.001"] {
        let outcome = try run(demanded)
        #expect(
          outcome.failed(2, "\(file.path): the teacher classifies ") && outcome.errors.contains("by chance"),
          "\(outcome.summary)")
      }
      let meant = try run(", accuracy: 0")
      #expect(meant.code == 0, "\(meant.summary)")
    }
  }
}
