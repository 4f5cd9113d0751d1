import Foundation
import TestSupport
import Testing

@Suite("The example of a program of one's own", .tags(.cli))
struct ExampleTests {
  @Test("trains its network by five methods of the registry and one of its own, and reads it back")
  func runs() throws {
    try withTemporaryDirectory { folder in
      let outcome = try CommandLineTool.run(
        [], in: folder, environment: ["OMP_NUM_THREADS": "1"], timeout: 180, program: "OwnNetwork")
      #expect(outcome.code == 0, "\(outcome.summary)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 7)
      for (line, name) in zip(lines.dropFirst(), ["kd", "crd", "rkd", "review-kd", "fitnet", "huber"]) {
        let words = line.split(separator: " ")
        #expect(line.hasPrefix("student by \(name): "))
        // Chance is a third.
        #expect(Double(words[3]).map { $0 > 50 } == true, "\(line)")
      }
    }
  }

  @Test("has its network, method, measurement and images in recipes, runs, reports and probes")
  func commands() throws {
    let recipe = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Examples/OwnNetwork/own.yaml"
    ).standardized.path
    try withTemporaryDirectory { folder in
      func own(_ arguments: [String]) throws -> CommandLineTool.Result {
        try CommandLineTool.run(arguments, in: folder, program: "OwnNetwork")
      }
      let smaller = ["training.epochs=2", "data.train=96", "seeds=2", "threads=1", "analysis.probe-images=2"]
      let run = try own(["run", recipe, "--quiet"] + smaller.flatMap { ["--set", $0] })
      try #require(run.code == 0, "\(run.summary)")
      let report = try String(contentsOf: folder.appendingPathComponent("reports/own/report.md"), encoding: .utf8)
      for part in ["student (huber)", "own-network", "## Silent filters", "figures/silent.png", "OwnNetwork run "] {
        #expect(report.contains(part), "\(part)")
      }
      let table = try String(
        contentsOf: folder.appendingPathComponent("notebooks-data/own/silent.csv"), encoding: .utf8)
      let rows = table.split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(rows.first == "role,seed,epoch,layer,silent")
      // The teacher has a conv1, too; of the rest two seeds of four networks at epochs 0 to 2, two layers.
      #expect(rows.dropFirst().filter { !$0.hasSuffix(",") }.count == 1 + 2 * 4 * 3 * 2)
      #expect(
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs/own/seed-1/peers/peer-2").path))

      let again = try own(["run", recipe, "--resume", "--quiet"] + smaller.flatMap { ["--set", $0] })
      #expect(again.code == 0, "\(again.summary)")
      let checkpoint = "runs/own/seed-1/huber/epoch-002.safetensors"
      #expect(try own(["probe", "layers", checkpoint]).output.contains("conv2"))
      let asked = try own(["probe", "entropy", checkpoint, "--layer", "conv2", "--data", "stripes", "--count", "2"])
      #expect(asked.code == 0, "\(asked.summary)")
      for (list, name) in [("models", "own-network"), ("methods", "huber"), ("datasets", "stripes")] {
        #expect(try own([list]).output.contains(name) && own([list, "show", name]).code == 0, "\(name)")
      }
      let nothing = try own(["recipe", "--check", recipe, "--set", "analysis.silent.layers=[]"])
      #expect(nothing.code == 2 && nothing.errors.contains("silent has nothing to measure"), "\(nothing.summary)")
      let summary = try CommandLineTool.run(["probe", "summary", checkpoint], in: folder)
      #expect(
        summary.code == 0 && summary.output.contains("none of the catalogue") && summary.output.contains("conv2"),
        "\(summary.summary)")
      #expect(summary.errors.contains("is of own-network, which this program does not have"))
      // The program that does not know them says so, under its own name.
      let foreign = try CommandLineTool.run(["recipe", "--check", recipe], in: folder)
      #expect(foreign.code == 2 && foreign.errors.contains("there is no model 'own-network'"), "\(foreign.summary)")
      let wrong = try own(["recipe", "--check", recipe, "--set", "students.huber.distillation=[{method: huger}]"])
      #expect(
        wrong.code == 2 && wrong.errors.contains("OwnNetwork: ") && wrong.errors.contains("huber"), "\(wrong.summary)")
    }
  }

  @Test("has files of at most 40 lines")
  func short() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Examples/OwnNetwork")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 3)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 45, "\(file.lastPathComponent)")
    }
  }
}
