import Foundation
import Support
import TestSupport
import Testing

/// A measurement beside the concepts: settings, tables and section come from one file.
@Suite("A run that is asked what a linear classifier reads", .tags(.cli, .slow))
struct LinearMeasurementTests {
  private static let recipe = """
    name: read
    data: { set: part-shapes, size: 16, train: 96, development: 40, test: 60 }
    teacher: { model: resnet14, epochs: 2, accuracy: 0 }
    student: { model: resnet8 }
    distillation: [ { method: kd } ]
    training: { epochs: 2, batch: 16, learning-rate: 0.01 }
    analysis:
      layers: [layer3]
      probe-images: 2
      position-images: 4
      grid: 4
      draws: 4
      iterations: 4
      linear: { layers: [layer1, layer3], penalty: 0.1 }
    threads: 1

    """

  private func run(_ arguments: [String], in folder: URL) throws -> CommandLineTool.Result {
    try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("read.yaml"))
    return try CommandLineTool.run(arguments + ["--quiet"], in: folder)
  }

  private func rows(_ path: String, in folder: URL) throws -> [[String]] {
    let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: ",").map(String.init) }
  }

  @Test("has the numbers of probe linear, in a table, a section and a figure; other settings train nothing")
  func linear() throws {
    try withTemporaryDirectory { folder in
      let outcome = try run(["run", "read.yaml"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let table = try rows("notebooks-data/read/linear.csv", in: folder)
      #expect(table[0] == ["role", "seed", "epoch", "layer", "accuracy"])
      // The teacher once, baseline and student at epochs 0 to 2, two layers each.
      #expect(table.count == 1 + 2 * (1 + 2 * 3))
      for layer in ["layer1", "layer3"] {
        let asked = try CommandLineTool.run(
          [
            "probe", "linear", layer, "runs/read/seed-1/student/epoch-002.safetensors", "--data", "part-shapes",
            "--set",
            "data.size=16", "--set", "data.train=96", "--set", "data.development=40", "--set", "data.test=60",
            "--penalty", "0.1", "--json", "--quiet",
          ], in: folder)
        let row = try #require(table.first { Array($0.prefix(4)) == ["student", "1", "2", layer] })
        let answer = try #require(
          try JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [String: Any], "\(asked.summary)")
        let value = (answer["accuracy"] as? [String: Any])?["value"] as? Double
        #expect(value == Double(row[4]), "\(layer)")
      }
      let report = try String(contentsOf: folder.appendingPathComponent("reports/read/report.md"), encoding: .utf8)
      #expect(report.contains("What a linear classifier reads off the layers"))
      #expect(report.contains("figures/linear.png"))
      let before = try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
      let other = try run(["analyze", "read", "--set", "analysis.linear.penalty=1"], in: folder)
      #expect(other.code == 0, "\(other.summary)")
      #expect(try Fingerprints.tensors(below: folder.appendingPathComponent("runs")) == before)
      let again = try run(["report", "read"], in: folder)
      #expect(try again.code == 0 && rows("notebooks-data/read/linear.csv", in: folder) == table)
    }
  }

  static let refused: [(change: (String, String), line: String)] = [
    (("[layer1, layer3], penalty", "[layer1, layer7], penalty"), "resnet8 has no layer 'layer7'"),
    (
      ("[layer1, layer3], penalty", "[layer1, layer1], penalty"),
      "linear measures one layer twice; name each layer once"
    ),
    (("penalty: 0.1 }", "penalty: 0 }"), "penalty is 0; it takes a number from"),
    (("linear: {", "lineal: {"), "'lineal' is no key of analysis; did you mean 'linear'?"),
  ]

  @Test("is refused for settings that do not fit", arguments: refused.indices)
  func refusals(_ index: Int) throws {
    try withTemporaryDirectory { folder in
      let (change, line) = Self.refused[index]
      #expect(Self.recipe.contains(change.0))
      let file = folder.appendingPathComponent("read.yaml")
      try Data(Self.recipe.replacing(change.0, with: change.1).utf8).write(to: file)
      let outcome = try CommandLineTool.run(["recipe", "--check", "read.yaml"], in: folder)
      #expect(outcome.failed(2, "read.yaml:") && outcome.errors.contains(line), "\(outcome.summary)")
    }
  }
}
