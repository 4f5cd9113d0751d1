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

  @Test("of a whole run: results with the report's path last, or one JSON document", arguments: [true, false])
  func run(_ isJSON: Bool) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + (isJSON ? ["--json"] : []), in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
      // What the report's table says, and nothing else.
      let table = try String(
        contentsOf: folder.appendingPathComponent("notebooks-data/tiny/tests.csv"), encoding: .utf8)
      let accuracies = table.split(separator: "\n").dropFirst().reduce(into: [String: Double]()) { found, line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        found[String(cells[0])] = Double(cells[2])
      }
      #expect(accuracies.count == 4)
      guard isJSON else {
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 7 && lines[6].hasSuffix("/reports/tiny/report.md"), "\(outcome.summary)")
        for (line, role) in zip(lines, ["teacher", "baseline", "student: logits", "student: features"]) {
          #expect(line.hasPrefix(role) && line.contains("test accuracy ") && line.contains(" % (one run)"), "\(line)")
        }
        #expect(lines[2].hasSuffix(" points against baseline: no difference shown"))
        #expect(lines[4].hasPrefix("logits at conv2") && lines[4].hasSuffix("H3 not testable"))
        return
      }
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(page.keys.sorted() == ["report", "results", "run", "tables"])
      #expect((page["report"] as? String)?.hasSuffix("/reports/tiny/report.md") == true)
      let results = try #require(page["results"] as? [String: [[String: Any]]])
      let networks = try #require(results["networks"])
      #expect(networks.count == 4)
      for network in networks {
        let role = try #require(network["role"] as? String)
        let accuracy = try #require(network["test_accuracy"] as? Double)
        #expect(abs(accuracy - (accuracies[role] ?? .nan)) < 1e-6)
        #expect((network["verdict"] as? String == nil) == ["teacher", "baseline"].contains(role))
      }
      #expect(results["concepts"]?.count == 6)
    }
  }

  @Test("of a training say nothing of test images, which the report asks once")
  func noTestImages() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      for form in [[], ["--json"]] {
        let outcome = try CommandLineTool.run(
          ["train", "tiny.yaml", "--role", "baseline", "--quiet"] + form, in: folder)
        #expect(outcome.code == 0 && outcome.output.contains("development"), "\(outcome.summary)")
        #expect(!outcome.output.contains("test accuracy") && !outcome.output.contains("\"test"))
      }
    }
  }

  @Test("hold no escape code when they are no terminal, with and without NO_COLOR", arguments: ["1", ""])
  func colour(_ noColour: String) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(
        ["train", "tiny.yaml", "--role", "baseline"], in: folder,
        environment: ["NO_COLOR": noColour, "TERM": "xterm-256color", "CLICOLOR_FORCE": "1"])
      #expect(outcome.code == 0 && outcome.output.hasPrefix("baseline, seed 1: development accuracy "))
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
