import Foundation
import TestSupport
import Testing

@Suite("The two streams", .tags(.cli))
struct StreamsTests {
  @Test("of a training: progress on one, one JSON document on the other", arguments: [true, false])
  func training(_ isQuiet: Bool) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let line = ["train", "tiny.yaml", "--role", "logits", "--json"] + (isQuiet ? ["--quiet"] : [])
      let outcome = try CommandLineTool.run(line, in: folder)
      #expect(outcome.code == 0)
      let list = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
      #expect(list.count == 1 && list[0]["role"] as? String == "logits")
      let checkpoint = try #require(list[0]["checkpoint"] as? String)
      #expect(checkpoint.hasSuffix("runs/tiny/seed-1/logits/epoch-002.safetensors"))
      #expect(FileManager.default.fileExists(atPath: checkpoint))
      let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      guard !isQuiet else { return #expect(lines.isEmpty) }
      #expect(lines.count == 5, "\(outcome.errors)")
      #expect(lines[0].hasPrefix("part-shapes, 16x16x3, 10 classes: 64 training images"))
      #expect(lines[1].hasPrefix("training teacher: epoch 1/2, development accuracy "))
      #expect(lines[4].hasPrefix("training logits, seed 1: epoch 2/2, development accuracy "))
      #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"))
    }
  }

  @Test("of a whole run: the report's path, or one JSON document with all places", arguments: [true, false])
  func run(_ isJSON: Bool) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + (isJSON ? ["--json"] : []), in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
      guard isJSON else {
        return #expect(
          outcome.output.hasSuffix("/reports/tiny/report.md\n") && outcome.output.count { $0 == "\n" } == 1)
      }
      let places = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: String])
      #expect(places.keys.sorted() == ["report", "run", "tables"])
      #expect(places["report"]?.hasSuffix("/reports/tiny/report.md") == true)
    }
  }

  @Test("hold no escape code when they are no terminal, with and without NO_COLOR", arguments: ["1", ""])
  func colour(_ noColour: String) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(
        ["train", "tiny.yaml", "--role", "baseline"], in: folder,
        environment: ["NO_COLOR": noColour, "TERM": "xterm-256color", "CLICOLOR_FORCE": "1"])
      #expect(outcome.code == 0 && outcome.output.hasPrefix("baseline, seed 1: test accuracy "))
      #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
    }
  }

  @Test("of help are there at once")
  func quickHelp() throws {
    let clock = ContinuousClock()
    let times = try (0..<10).map { _ in
      try clock.measure { _ = try CommandLineTool.run(["--help"]) } / .seconds(1)
    }
    // 16 ms on an idle machine, and 25 ms are promised; here other tests run beside it.
    let best = try #require(times.min())
    #expect(best < 0.1, "\(best) s")
  }
}
