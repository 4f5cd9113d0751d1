import Experiments
import Foundation
import Support
import TestSupport
import Testing

@Suite("What a run leaves for other programs", .tags(.cli, .slow))
struct RunFilesTests {
  /// Where one network's events lie.
  private func events(_ name: String, _ folder: URL) throws -> [URL] {
    let place = folder.appendingPathComponent("runs/tiny/tensorboard/\(name)")
    return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
  }

  @Test("figures draw again from their tables, tables are there for LaTeX, events for TensorBoard, and cards are valid")
  func everything() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let run = try CommandLineTool.run(["run", "tiny.yaml", "--quiet", "--tensorboard"], in: folder, timeout: 300)
      #expect(run.code == 0, "\(run.summary)")
      let report = folder.appendingPathComponent("reports/tiny")
      let markdown = try String(contentsOf: report.appendingPathComponent("report.md"), encoding: .utf8)
      let figures = try FileManager.default.contentsOfDirectory(atPath: report.path + "/figures")
      let names = figures.filter { $0.hasSuffix(".png") }.map { String($0.dropLast(4)) }
      #expect(names.count >= 7)
      for name in names {
        let table = "reports/tiny/figures/\(name).csv"
        #expect(markdown.contains("](figures/\(name).csv)"), "\(name)")
        let plot = try CommandLineTool.run(["plot", table, "--out", "again.png"], in: folder)
        #expect(plot.code == 0, "\(plot.summary)")
        #expect(
          try Data(contentsOf: folder.appendingPathComponent("again.png"))
            == Data(contentsOf: report.appendingPathComponent("figures/\(name).png")), "\(name)")
      }
      #expect(markdown.contains("kdscope plot reports/tiny/figures/h1-object.csv --style paper --width 180mm"))
      let gallery = try String(contentsOf: report.appendingPathComponent("figures/gallery.json"), encoding: .utf8)
      #expect(gallery.contains("\"colourBarLabel\":\"H − H̄_{bg} / nats\""), "a colour bar has a unit")
      for table in ["questions", "networks", "comparisons"] {
        let latex = try String(contentsOf: report.appendingPathComponent("tables/\(table).tex"), encoding: .utf8)
        #expect(latex.contains("\\toprule") && latex.contains("\\label{tab:\(table)}"))
      }
      for network in ["report", "seed-1-teacher", "seed-1-baseline", "seed-1-logits", "seed-1-features"] {
        let files = try events(network, folder)
        #expect(files.count == 1 && files[0].lastPathComponent.hasPrefix("events.out.tfevents."))
      }
      let picture = try Data(contentsOf: report.appendingPathComponent("figures/training.png"))
      #expect(try Data(contentsOf: events("report", folder)[0]).range(of: picture) != nil)

      let cards = try CommandLineTool.run(["report", "tiny", "--quiet", "--card"], in: folder, timeout: 300)
      #expect(cards.code == 0, "\(cards.summary)")
      for student in ["logits", "features"] {
        let url = report.appendingPathComponent("cards/\(student)/README.md")
        let card = try String(contentsOf: url, encoding: .utf8)
        #expect(cards.output.contains(url.path))
        #expect(ModelCardCheck.problems(in: card).isEmpty)
        #expect(card.contains("runs/tiny/seed-1/\(student)/epoch-002.safetensors"))
      }

      try forms(report, figures: names, folder)

      let list = try CommandLineTool.run(["runs"], in: folder)
      #expect(list.output.contains("tiny  reported  part-shapes  resnet8  cnn2     1      4 of 4"), "\(list.summary)")
      let refused = try CommandLineTool.run(["runs", "remove", "tiny"], in: folder)
      #expect(refused.failed(2, "runs remove: there is nobody to ask; add --yes"), "\(refused.summary)")
      let removed = try CommandLineTool.run(["runs", "remove", "tiny", "--yes"], in: folder)
      #expect(removed.code == 0 && !FileManager.default.fileExists(atPath: folder.path + "/runs/tiny"))
      #expect(FileManager.default.fileExists(atPath: report.appendingPathComponent("report.md").path))
    }
  }

  /// Asks for page, slide and vector figures, and then for nothing: what lies there is written anew.
  private func forms(_ report: URL, figures names: [String], _ folder: URL) throws {
    let asked = ["report", "tiny", "--quiet", "--html", "--slide", "--figures", "svg", "--figures", "pdf"]
    let first = try CommandLineTool.run(asked, in: folder, timeout: 300)
    let lines = ["report.md", "report.html", "slide.html"].map { report.appendingPathComponent($0).path + "\n" }
    #expect(first.code == 0 && first.output == lines.joined(), "\(first.summary)")
    let files = ["report.html", "slide.html"] + names.flatMap { ["figures/\($0).svg", "figures/\($0).pdf"] }
    let contents = try files.map { try Data(contentsOf: report.appendingPathComponent($0)) }
    let page = String(decoding: contents[0], as: UTF8.self)
    let markdown = try String(contentsOf: report.appendingPathComponent("report.md"), encoding: .utf8)
    // Each figure of the markdown is drawn in the page, and none is only linked.
    #expect(page.components(separatedBy: "<figure").count == markdown.components(separatedBy: "\n![").count)
    #expect(!page.contains("<figure><p>") && page.utf8.count < 2_000_000)
    #expect(String(decoding: contents[1], as: UTF8.self).contains("class=\"slide\""))
    for file in files { try Data("stale".utf8).write(to: report.appendingPathComponent(file)) }
    #expect(try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder, timeout: 300).code == 0)
    for (file, data) in zip(files, contents) {
      #expect(try Data(contentsOf: report.appendingPathComponent(file)) == data, "\(file)")
    }
  }

  @Test("logits go into the format that the file's name says", arguments: ["npy", "npz", "csv", "safetensors"])
  func logits(_ format: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let asked = ["probe", "logits", "own.safetensors", "--images", "x.safetensors", "--out"]
      let outcome = try CommandLineTool.run(asked + ["y.\(format)"], in: folder)
      #expect(outcome.code == 0 && outcome.output == "y.\(format): logits [3, 10]\n", "\(outcome.summary)")
      let start = try Data(contentsOf: folder.appendingPathComponent("y.\(format)")).prefix(400)
      let marks: [String: [UInt8]] = [
        "npy": [0x93] + Array("NUMPY".utf8), "npz": [0x50, 0x4B, 3, 4],
        "csv": Array("index,class bird,class fish,".utf8),
      ]
      #expect(start.starts(with: marks[format] ?? []))
      let unknown = try CommandLineTool.run(asked + ["y.pt"], in: folder)
      #expect(
        unknown.failed(2, "--out: the extension of 'y.pt' names no format; end it in .safetensors, .npy, .npz, .csv"))
    }
  }
}
