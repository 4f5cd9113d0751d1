import Foundation
import Support
import TestSupport
import Testing

@Suite("A comparison of methods", .tags(.cli, .slow))
struct ComparisonTests {
  private static let recipe = """
    # A comment that must not be lost.
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    training: { epochs: 2, batch: 16 }
    analysis: { layers: [conv2], probe-images: 4, grid: 4, draws: 4, iterations: 4 }
    seeds: 3
    threads: 1

    """
  private static let features = "feature-l2:layers=[conv2,layer2],weight=5"
  private static let folderName = "feature-l2.layers-conv2-layer2"

  private func lay(into folder: URL) throws {
    try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
  }

  private func compare(_ methods: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["compare"] + methods + ["--recipe", "tiny.yaml", "--quiet"], in: folder)
  }

  @Test("has no numbers of a course where only an end was measured")
  func oneCheckpoint() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let outcome = try CommandLineTool.run(
        ["compare", "logits", "--recipe", "tiny.yaml", "--quiet", "--set", "analysis.epochs=[0, 2]"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let report = try text("reports/tiny/report.md", in: folder)
      let behind = report.components(separatedBy: "## What the methods teach").last ?? ""
      let taught = behind.components(separatedBy: "\n## ")[0]
      #expect(taught.contains("Largest g") && !taught.contains("t½:") && !taught.contains("| ρ − ρ_floor |"))
      let figure = try text("reports/tiny/figures/concepts-conv2.csv", in: folder)
      let panels = Set(figure.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first })
      #expect(panels.count == 1, "\(figure.prefix(600))")
    }
  }

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The rows of a table, each by column.
  private func rows(_ name: String, in folder: URL) throws -> [[String: String]] {
    let lines = try text("notebooks-data/tiny/\(name).csv", in: folder).split(separator: "\n").map(fields)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  /// The fields of a line; a quoted one may hold commas.
  private func fields(_ line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().reduce(into: [""]) { fields, part in
      guard part.offset.isMultiple(of: 2) else { return fields[fields.count - 1] += part.element }
      let pieces = part.element.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[fields.count - 1] += pieces.first ?? ""
      fields += pieces.dropFirst()
    }
  }

  private func trainings(in folder: URL) throws -> [String: Date] {
    let runs = folder.appendingPathComponent("runs")
    return try Fingerprints.files(below: runs).filter { $0.contains("/epoch-") || $0.contains("latest") }
      .reduce(into: [:]) { dates, path in
        let file = runs.appendingPathComponent(path).path
        dates[path] = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
      }
  }

  @Test("ranks them beside baseline and kd, and trains no network twice")
  func whole() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let first = try compare([Self.features], in: folder)
      #expect(first.code == 0 && first.errors.isEmpty, "\(first.summary)")
      #expect(first.output.hasSuffix("reports/tiny/report.md\n"))
      let before = try trainings(in: folder)
      #expect(before.keys.contains("tiny/seed-2/\(Self.folderName)/epoch-002.safetensors"))

      let report = try text("reports/tiny/report.md", in: folder)
      let teacher = try Data(
        contentsOf: folder.appendingPathComponent("runs/tiny/seed-1/teacher/epoch-002.safetensors"))
      #expect(report.contains(SHA256.hexDigest(of: Array(teacher))))
      for part in [
        "feature-l2 layers=[conv2, layer2]", "## Ranking", "no difference shown", "(H1)", "figures/accuracy.png",
      ] {
        #expect(report.contains(part), "\(part)")
      }
      try requireConsistentTables(in: folder)
      try requireFirstScreen(report)

      // The same again does nothing; the report does not change.
      let again = try compare([Self.features], in: folder)
      #expect(again.code == 0 && again.output == first.output, "\(again.summary)")
      #expect(try trainings(in: folder) == before)

      // One more method trains that one alone, and the others' maps are kept.
      let more = try compare([Self.features, "logits"], in: folder)
      #expect(more.code == 0, "\(more.summary)")
      let after = try trainings(in: folder)
      #expect(before.allSatisfy { after[$0.key] == $0.value })
      let fresh = after.keys.filter { before[$0] == nil }
      #expect(!fresh.isEmpty && fresh.allSatisfy { $0.contains("/logits/") })
      #expect(try rows("networks", in: folder).count == 4 * 3)

      // A stored comparison is reported as one, from what is there.
      let forms = ["--html", "--slide", "--figures", "svg", "--figures", "pdf"]
      let stored = try CommandLineTool.run(["report", "tiny", "--quiet"] + forms, in: folder)
      #expect(stored.code == 0, "\(stored.summary)")
      #expect(try text("reports/tiny/report.html", in: folder).contains("<svg"))
      let slide = try text("reports/tiny/slide.html", in: folder)
      #expect(slide.contains("<svg") && slide.contains("<h1>On part-shapes, a cnn2"))
      for name in ["verdicts.svg", "verdicts.pdf", "concepts-conv2.svg", "accuracy.pdf"] {
        #expect(FileManager.default.fileExists(atPath: folder.path + "/reports/tiny/figures/\(name)"), "\(name)")
      }
      #expect(try text("reports/tiny/report.md", in: folder).contains("## Ranking"))
      #expect(try trainings(in: folder) == after)
      #expect(try text("tiny.yaml", in: folder) == Self.recipe)
    }
  }

  /// What was found stands before everything else: sentence, answers, strip, sizes.
  private func requireFirstScreen(_ report: String) throws {
    let places = try [
      "On part-shapes, a cnn2 taught by a resnet8 in 2 ways, against the same network trained on labels alone:",
      "against plain `kd`:", "**Table 1.** Each method against the baseline", "(figures/verdicts.png)",
      "**Sizes.** 3 seeds · ", " epochs · 24 test images · 4 probe images", "one teacher for all seeds",
      "smallest effect", "## Ranking",
      "The ranking in numbers</summary>", "## Method", "The same for all",
    ].map { try #require(report.range(of: $0)?.lowerBound, "\($0): \(report.prefix(2000))") }
    #expect(places == places.sorted())
    // A symbol of a figure is explained where it stands; numbers of each figure can be drawn again.
    #expect(report.contains("`kdscope plot reports/tiny/figures/verdicts.csv --style paper --width 180mm`"))
    #expect(report.contains("`kdscope plot reports/tiny/figures/accuracy.csv --style paper --width 180mm`"))
  }

  /// Means and differences are those of the networks' own numbers.
  private func requireConsistentTables(in folder: URL) throws {
    let networks = try rows("networks", in: folder)
    func values(_ role: String, _ quantity: String) -> [Double] {
      networks.filter { $0["role"] == role }.compactMap { $0[quantity].flatMap(Double.init) }
    }
    let plain = values("kd", "test_accuracy")
    for row in try rows("methods", in: folder) {
      let own = values(row["role"] ?? "", row["quantity"] ?? "")
      let value = try #require(row["value"].flatMap(Double.init))
      #expect(own.count == 3 && abs(own.reduce(0, +) / 3 - value) <= 1e-12 * max(1, abs(value)), "\(row)")
    }
    for row in try rows("comparisons", in: folder) where row["reference"] == "kd" {
      let own = values(row["role"] ?? "", "test_accuracy")
      let value = try #require(row["difference"].flatMap(Double.init))
      #expect(abs(zip(own, plain).map { $0 - $1 }.reduce(0, +) / 3 - value) < 1e-12)
      #expect(["better", "worse", "no difference shown"].contains(row["verdict"] ?? ""))
    }
    let ranks = try rows("methods", in: folder).filter { $0["quantity"] == "test_accuracy" }
    let ranked = ranks.compactMap { $0["value"].flatMap(Double.init) }
    #expect(ranked.count == 3 && ranked == ranked.sorted(by: >) && ranks.map { $0["rank"] } == ["1", "2", "3"])
    for quantity in ["seconds_per_epoch", "peak_bytes"] {
      #expect(values("kd", quantity).allSatisfy { $0 > 0 } && values("kd", quantity).count == 3)
    }
  }

  @Test(
    "goes on where it was killed, to the same bits",
    arguments: ["seed-1/kd/epoch-001.safetensors", "seed-2/\(folderName)/state/latest.safetensors"])
  func killed(_ moment: String) throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let arguments = ["compare", Self.features, "--recipe", "tiny.yaml", "--quiet", "--seeds", "2"]
      let program = try CommandLineTool.start(arguments, in: folder)
      let file = folder.appendingPathComponent("runs/tiny/\(moment)").path
      program.wait(until: { access(file, F_OK) == 0 })
      program.send(SIGKILL)
      _ = program.wait()
      let resumed = try CommandLineTool.run(arguments, in: folder)
      #expect(resumed.code == 0 && resumed.errors.isEmpty, "\(resumed.summary)")
      try withTemporaryDirectory { other in
        try lay(into: other)
        #expect(try CommandLineTool.run(arguments, in: other).code == 0)
        #expect(
          try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
            == Fingerprints.tensors(below: other.appendingPathComponent("runs")))
      }
    }
  }

  @Test("goes on without a method whose loss is not a number, and says so")
  func diverging() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let result = try compare(["logits:weight=1000000", "logits"], in: folder)
      #expect(result.code == 1 && result.output.hasSuffix("/report.md\n"), "\(result.summary)")
      let report = try text("reports/tiny/report.md", in: folder)
      #expect(report.contains("seed 1: logits.weight-1000000 diverged: "), "\(report.prefix(3000))")
      #expect(report.contains(": left out, and with it its other seeds"))
      #expect(Set(try rows("networks", in: folder).compactMap { $0["role"] }) == ["baseline", "kd", "logits"])
      #expect(try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder).code == 0)
    }
  }

  @Test("is refused in one line before anything is done")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      func refused(_ arguments: [String], _ line: String) throws {
        let result = try CommandLineTool.run(["compare"] + arguments + ["--recipe", "tiny.yaml"], in: folder)
        #expect(result.failed(2, line), "\(result.summary)")
      }
      try refused(["kdd"], "compare: there is no method 'kdd'; did you mean 'kd'?")
      try refused(["kd:heat=3"], "compare kd:heat=3: 'heat' is no key of kd")
      try refused(["fsp:layers=[conv9]"], "compare fsp:layers=[conv9]: ")
      try refused(["kd", "--set", "distillation.0.weight=1"], "--set distillation.0.weight: compare takes methods")
      try refused([], "compare: missing expected argument")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs").path))

      // What stands there under the name is not overwritten: neither another budget nor another weight.
      #expect(try compare(["kd"], in: folder).code == 0)
      let run = folder.appendingPathComponent("runs/tiny").path
      try refused(["kd", "--set", "training.epochs=3"], "\(run)/recipe.yaml: the run was started with another recipe")
      #expect(try compare(["logits"], in: folder).code == 0)
      try refused(
        ["logits", "--set", "labels.weight=0.5"],
        "\(run)/seed-1/logits/state/latest.safetensors: logits was trained with other weights or options")
    }
  }
}
