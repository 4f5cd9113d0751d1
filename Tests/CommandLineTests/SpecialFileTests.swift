import Foundation
import TestSupport
import Testing

@Suite("A pipe or a device in the place of a file", .tags(.cli))
struct SpecialFileTests {
  /// What is asked, and which file of the folder is a pipe that nobody writes to.
  static let questions: [(line: String, pipe: String)] = [
    ("recipe --check P", "P"), ("run P --quiet", "P"), ("plot P", "P"), ("plot table.csv", "table.json"),
    ("probe summary P", "P"), ("diff P P", "P"), ("loss kd --inputs P", "P"),
    ("probe logits own.safetensors --images P", "P"),
    ("probe logits own.safetensors --images P.npy", "P.npy"),
    ("probe layers P", "P"),
    ("probe accuracy own.safetensors --data mnist --set data.path=idx", "idx/train-labels-idx1-ubyte"),
    ("probe accuracy own.safetensors --data cifar10 --set data.path=cifar", "cifar/data_batch_2.bin"),
    ("probe accuracy own.safetensors --data cifar10 --set data.path=python", "python/data_batch_1"),
    ("probe accuracy own.safetensors --data image-folder --set data.path=tree", "tree/train/a/1.png"),
    ("probe accuracy own.safetensors --data arrays --set data.path=x.npz", "x.npz"),
    ("probe accuracy own.safetensors --data arrays --set data.path=loose", "loose/images.npy"),
    ("runs show tiny", "runs/tiny/recipe.yaml"), ("report tiny", "runs/tiny/recipe.yaml"),
  ]

  @Test("ends in one line within seconds, exit code 2", arguments: questions)
  func refused(_ question: (line: String, pipe: String)) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      func lay(_ names: [String], _ bytes: [UInt8] = [1]) throws {
        for name in names {
          let file = folder.appendingPathComponent(name)
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(bytes).write(to: file)
        }
      }
      let idx: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 4] + [UInt8](repeating: 1, count: 16)
      try lay(["idx/train-images-idx3-ubyte", "idx/t10k-images-idx3-ubyte"], idx)
      try lay(["idx/train-labels-idx1-ubyte", "idx/t10k-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 1, 1])
      let batches = (1...5).map { "data_batch_\($0)" } + ["test_batch"]
      try lay(batches.map { "cifar/\($0).bin" }, [UInt8](repeating: 1, count: 3073))
      try lay(batches.map { "python/\($0)" })
      try lay(["a/1", "a/2", "b/1"].flatMap { ["tree/train/\($0).png", "tree/test/\($0).png"] })
      try lay(["x.npz", "loose/images.npy", "runs/tiny/recipe.yaml"])
      try lay(["table.csv"], Array("x,y\n1,2\n2,3\n".utf8))
      let pipe = folder.appendingPathComponent(question.pipe)
      try? FileManager.default.removeItem(at: pipe)
      try #require(mkfifo(pipe.path, 0o600) == 0)
      let program = try CommandLineTool.start(question.line.split(separator: " ").map(String.init), in: folder)
      let outcome = program.wait(timeout: 20)
      if question.line == "runs show tiny" {
        // A list of runs goes on over a broken one.
        #expect([0, 2].contains(outcome.code) && (outcome.output + outcome.errors).contains("is not a regular file"))
      } else {
        #expect(outcome.failed(2, "") && outcome.errors.contains("is not a regular file"), "\(outcome.summary)")
      }
    }
  }

  @Test("as the file to write is refused, and still there", arguments: ["pipe.png", "null.png"])
  func output(_ name: String) throws {
    try withTemporaryDirectory { folder in
      try Data("x,y\n1,2\n2,3\n".utf8).write(to: folder.appendingPathComponent("t.csv"))
      let target = folder.appendingPathComponent(name)
      if name == "pipe.png" {
        #expect(mkfifo(target.path, 0o600) == 0)
      } else {
        #expect(symlink("/dev/null", target.path) == 0)
      }
      let outcome = try CommandLineTool.run(["plot", "t.csv", "--out", name], in: folder, timeout: 20)
      #expect(outcome.failed(2, target.path) && outcome.errors.contains("is not a regular file"), "\(outcome.summary)")
      var status = stat()
      #expect(stat(target.path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
    }
  }

  @Test("and files that are hostile by their size alone are refused within a gibibyte, quickly")
  func sparse() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      for (name, start, question) in [
        ("h.safetensors", [UInt8](repeating: 0, count: 8), "probe summary h.safetensors"),
        ("h.npz", [0x50, 0x4B, 3, 4], "probe accuracy own.safetensors --data arrays --set data.path=h.npz"),
        ("h.npy", [0x93, 0x4E], "probe logits own.safetensors --images h.npy"),
        ("h.yaml", [0x61], "recipe --check h.yaml"),
        ("h.csv", [0x61], "plot h.csv"), ("h.png", [0x89, 0x50], "probe logits own.safetensors --images h.png"),
      ] as [(String, [UInt8], String)] {
        try Data(start).write(to: folder.appendingPathComponent(name))
        #expect(truncate(folder.appendingPathComponent(name).path, 3 << 30) == 0)
        let outcome = try CommandLineTool.run(
          question.split(separator: " ").map(String.init), in: folder, mebibytes: 1024)
        #expect(outcome.failed(2, "") && outcome.errors.contains(name), "\(outcome.summary)")
      }
    }
  }
}
