import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A run whose data or threads have changed", .tags(.cli))
struct ChangedBasisTests {
  /// Thirty images of noise in three classes, with masks.
  private struct Arrays {
    var pixels = (0..<30 * 256).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
    var labels = (0..<30).map { Int64($0 % 3) }
    var masks = (0..<30 * 256).map { UInt8($0 % 16 < 8 ? 1 : 0) }

    func write(to folder: URL) throws {
      for name in ["train", "test"] {
        try Safetensors(tensors: [
          StoredTensor(name: "images", type: .u8, shape: [labels.count, 16, 16], bytes: Data(pixels)),
          StoredTensor(name: "labels", shape: [labels.count], integers: labels),
          StoredTensor(name: "masks", type: .u8, shape: [labels.count, 16, 16], bytes: Data(masks)),
        ]).write(to: folder.appendingPathComponent("\(name).safetensors"))
      }
    }
  }

  private static let recipe = TinyRun.recipe.replacing(
    "set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1",
    with: "set: arrays, path: train.safetensors, test-path: test.safetensors, development: 9")

  private func train(
    _ role: String, in folder: URL, _ more: [String] = [], _ environment: [String: String] = [:]
  ) throws -> CommandLineTool.Result {
    try CommandLineTool.run(
      ["train", "tiny.yaml", "--role", role, "--quiet"] + more, in: folder, environment: environment)
  }

  /// What is changed, and what the line says.
  private static let changes: [(String, String)] = [
    ("pixels", "training images, development images, test images"), ("masks", "development masks, test masks"),
    ("number", "number of training images (21, now 18)"),
    ("names", "class names (cat, dog, owl, now 0, 1, 2)"),
  ]

  @Test("is refused with what has changed, when it goes on and when it is measured", arguments: changes)
  func data(_ change: String, _ line: String) throws {
    try withTemporaryDirectory { folder in
      try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      var arrays = Arrays()
      try arrays.write(to: folder)
      let first = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder, timeout: 300)
      #expect(first.code == 0, "\(first.summary)")
      #expect(try train("baseline", in: folder).code == 0)
      switch change {
      case "pixels": arrays.pixels = arrays.pixels.map { 255 - $0 }
      case "masks": arrays.masks = arrays.masks.map { 1 - $0 }
      case "number":
        arrays.labels.removeLast(3)
        arrays.pixels.removeLast(3 * 256)
        arrays.masks.removeLast(3 * 256)
      default:
        // Names of arrays stand in the recipe, those of folders do not: the run is made to have had others.
        let file = folder.appendingPathComponent("runs/tiny/basis.json")
        let text = ["cat", "dog", "owl"].enumerated().reduce(try String(contentsOf: file, encoding: .utf8)) {
          $0.replacing("\"\($1.offset)\"", with: "\"\($1.element)\"")
        }
        try Data(text.utf8).write(to: file)
      }
      try arrays.write(to: folder)
      let place = folder.appendingPathComponent("runs/tiny").path
      for arguments in [
        ["train", "tiny.yaml", "--role", "baseline", "--quiet"], ["run", "tiny.yaml", "--resume", "--quiet"],
        ["report", "tiny"], ["analyze", "tiny", "--quiet"],
      ] {
        let outcome = try CommandLineTool.run(arguments, in: folder)
        #expect(
          outcome.failed(2, "\(place): changed since the run was begun: ") && outcome.errors.contains(line),
          "\(arguments): \(outcome.summary)")
      }
    }
  }

  @Test("goes on with a line where it is from before data were noted")
  func before() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      #expect(try train("teacher", in: folder).code == 0)
      let basis = folder.appendingPathComponent("runs/tiny/basis.json")
      let written = try Data(contentsOf: basis)
      try FileManager.default.removeItem(at: basis)
      let again = try CommandLineTool.run(["train", "tiny.yaml", "--role", "teacher"], in: folder)
      #expect(again.code == 0 && again.errors.contains("before data and threads were noted"), "\(again.summary)")
      #expect(try Data(contentsOf: basis) == written)
      try Data("{".utf8).write(to: basis)
      let broken = try train("teacher", in: folder)
      #expect(broken.failed(2, "\(basis.path): is damaged; restore it"), "\(broken.summary)")
    }
  }

  @Test("is refused on another number of processors where it takes all, and goes on with as many as it had")
  func threads() throws {
    try withTemporaryDirectory { folder in
      let recipe = TinyRun.recipe.replacing("threads: 1", with: "threads: all")
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      #expect(try train("teacher", in: folder, [], ["OMP_NUM_THREADS": "1"]).code == 0)
      let other = try train("baseline", in: folder, [], ["OMP_NUM_THREADS": "2"])
      #expect(
        other.failed(2, "threads: the run was begun on 1, and 2 would give other weights; set threads: 1 (--thr"),
        "\(other.summary)")
      #expect(try train("baseline", in: folder, ["--threads", "1"], ["OMP_NUM_THREADS": "2"]).code == 0)
      #expect(try train("baseline", in: folder, [], ["OMP_NUM_THREADS": "1"]).code == 0)
      let found = try Fingerprints.tensors(below: TinyRun.training("baseline", in: folder))
      let whole = try TinyRun.undisturbed.get().filter { $0.key.contains("/baseline/epoch-00") }
      #expect(!whole.isEmpty)
      for (name, digest) in whole { #expect(found[String(name.split(separator: "/baseline/")[1])] == digest) }
    }
  }
}
