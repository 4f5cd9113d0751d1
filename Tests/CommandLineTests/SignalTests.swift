import Foundation
import TestSupport
import Testing

@Suite("A signal", .tags(.cli))
struct SignalTests {
  private static let work: [(name: String, arguments: [String])] = [
    ("bench gemm", ["bench", "gemm", "--repeats", "1000000", "--quiet"]),
    ("bench train", ["bench", "train", "--quiet"]), ("bench entropy", ["bench", "entropy"]),
    (
      "probe entropy",
      ["probe", "entropy", "own.safetensors", "--data", "part-shapes", "--count", "1000", "--iterations", "1000"]
    ),
    ("probe logits", ["probe", "logits", "own.safetensors", "--data", "part-shapes", "--set", "data.test=200000"]),
    ("probe accuracy", ["probe", "accuracy", "own.safetensors", "--data", "part-shapes", "--set", "data.test=200000"]),
    ("datasets", ["run", "slow.yaml", "--quiet"]),
  ]

  @Test("ends every command within two seconds or so, with one line and exit code 130", arguments: work)
  func ends(_ work: (name: String, arguments: [String])) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let recipe = """
        data: { set: part-shapes, train: 200000 }
        teacher: { model: resnet56 }
        student: { model: resnet8 }
        distillation: [ { method: kd } ]
        """
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("slow.yaml"))
      let before = Fingerprints.files(below: folder)
      for signal in work.name == "bench gemm" ? [SIGINT, SIGTERM, SIGHUP] : [SIGINT] {
        let program = try CommandLineTool.start(work.arguments, in: folder)
        usleep(700_000)
        #expect(!program.hasEnded, "\(work.name) ended by itself")
        let clock = ContinuousClock()
        let start = clock.now
        program.send(signal)
        let outcome = program.wait(timeout: 20)
        // A busy machine needs its time.
        #expect(clock.now - start < .seconds(6), "\(clock.now - start)")
        #expect(outcome.code == 130 && outcome.output.isEmpty, "\(outcome.summary)")
        let lines = outcome.errors.split(whereSeparator: \.isNewline)
        #expect(lines.last?.hasPrefix("kdscope: interrupted") == true && !outcome.errors.contains("\u{1B}"))
        #expect(Fingerprints.files(below: folder) == before || work.name == "datasets")
      }
    }
  }

  @Test("that was ignored when the program began stays so, as nohup wants it")
  func ignored() throws {
    try withTemporaryDirectory { folder in
      let program = try CommandLineTool.start(
        ["bench", "gemm", "--repeats", "1000000", "--quiet"], in: folder, after: "trap '' HUP")
      usleep(500_000)
      program.send(SIGHUP)
      usleep(500_000)
      #expect(!program.hasEnded)
      program.send(SIGTERM)
      #expect(program.wait(timeout: 20).code == 130)
    }
  }

  @Test("of a limit on the size of files is failed work: one line, the old file untouched, no draft")
  func fileSize() throws {
    try withTemporaryDirectory { folder in
      let samples = try ProbeSamples(folder)
      let out = folder.appendingPathComponent("y.safetensors")
      try Data("old".utf8).write(to: out)
      let arguments = ["probe", "logits", samples.own.path, "--images", samples.manyImages.path, "--out", out.path]
      let outcome = try CommandLineTool.start(arguments, in: folder, after: "ulimit -f 8").wait(timeout: 60)
      #expect(
        outcome.failed(1, "\(out.path): writing failed (File too large); nothing was replaced"), "\(outcome.summary)")
      #expect(try Data(contentsOf: out) == Data("old".utf8))
      #expect(!Fingerprints.files(below: folder).contains { $0.hasSuffix(".part") })
    }
  }
}
