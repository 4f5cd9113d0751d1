import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Pictures that checkpoints name", .tags(.cli))
struct PredictProbeTests {
  private func ask(_ folder: URL, _ arguments: [String]) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe", "predict"] + arguments + ["--threads", "1"], in: folder)
  }

  private func pages(_ result: CommandLineTool.Result) throws -> [[String: Any]] {
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.summary)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
  }

  private func tops(_ page: [String: Any]) throws -> [[[String: Any]]] {
    try #require(page["images"] as? [[String: Any]]).map { try #require($0["top"] as? [[String: Any]]) }
  }

  @Test("get the likeliest classes with their probabilities, as the network's logits say")
  func likeliest() throws {
    try withTemporaryDirectory { folder in
      let samples = try ProbeSamples(folder)
      let found = try tops(pages(ask(folder, ["own.safetensors", "--images", "x.safetensors", "--json"]))[0])
      let logits = try samples.logits()
      #expect(found.count == 3)
      for (image, top) in found.enumerated() {
        let row = logits[image * 10..<(image + 1) * 10].map { exp(Double($0)) }
        let shares = row.map { $0 / row.reduce(0, +) }
        let order = shares.indices.sorted { shares[$0] > shares[$1] }.prefix(5)
        #expect(top.map { $0["index"] as? Int } == Array(order))
        #expect(top.map { $0["class"] as? String } == order.map { ProbeSamples.classes[$0] })
        for (one, index) in zip(top, order) {
          #expect(abs((one["probability"] as? Double ?? 0) - shares[index]) < 1e-5)
        }
      }
    }
  }

  @Test("of several checkpoints have a page each, a figure, a table and logits, and bars as text")
  func files() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let pictures = folder.appendingPathComponent("photos")
      try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
      for (place, name) in ["b.png", "a.png"].enumerated() {
        let pixels = (0..<20 * 30).map { UInt8(truncatingIfNeeded: $0 * (place + 3)) }
        try greyPNG(height: 20, width: 30, pixels).write(to: pictures.appendingPathComponent(name))
      }
      let both = ["own.safetensors", "own.safetensors", "--images", "photos", "--top", "2"]
      let answers = try pages(ask(folder, both + ["--json", "--out", "q"]))
      #expect(answers.count == 2)
      let names = (answers[0]["images"] as? [[String: Any]])?.map { $0["name"] as? String }
      #expect(names == ["a.png", "b.png"])
      #expect(try tops(answers[0]).allSatisfy { $0.count == 2 })
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("q"))
          == ["predict-1.safetensors", "predict-2.safetensors", "predict.csv", "predict.png"])
      let logits = try Safetensors.read(folder.appendingPathComponent("q/predict-1.safetensors"))["logits"]
      #expect(logits?.shape == [2, 10])
      let text = try ask(folder, both)
      for part in ["own.safetensors\n", "a.png", " %  ", "█"] { #expect(text.output.contains(part), "\(text.output)") }
      let first = try ask(folder, both + ["--count", "1"])
      #expect(!first.output.contains("b.png"))
    }
  }

  @Test("have the names of a file", arguments: ["lines.txt", "list.json", "map.json"])
  func labels(_ file: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try Self.lay(folder)
      let asked = ["own.safetensors", "--images", "x.safetensors", "--json", "--labels", file]
      for choice in try tops(pages(ask(folder, asked))[0]).joined() {
        #expect(choice["class"] as? String == "name \(choice["index"] as? Int ?? -1)")
      }
    }
  }

  /// Ten names in each form that is read, and what is none.
  private static func lay(_ folder: URL) throws {
    let names = (0..<10).map { "name \($0)" }
    let map = names.enumerated().map { "\"\($0)\": [\"n0\($0)\", \"\($1)\"]" }.joined(separator: ", ")
    let files = [
      "lines.txt": "\u{FEFF}" + names.joined(separator: "\r\n") + "\r\n\n",
      "list.json": "[" + names.map { "\"\($0)\"" }.joined(separator: ",\n") + "]",
      "map.json": "{\(map)}", "few.txt": "a\nb\n", "gap.txt": "a\n\nb\n", "none.txt": "\n", "odd.json": "{\"a\": 1}",
      "deep.json": String(repeating: "[", count: 100_000),
    ]
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    try Data([0xFF, 0xFE, 0x41]).write(to: folder.appendingPathComponent("bytes.txt"))
  }

  static let refused: [(line: String, expected: String)] = [
    ("own.safetensors", "probe predict: no images are given; add --images PATH or --data SET"),
    ("own.safetensors --images none.png", "none.png: no such file"),
    ("own.safetensors --images x.safetensors --top 0", "--top: is 0; it takes a whole number from 1 to 100000"),
    ("own.safetensors --images x.safetensors --split test", "--split test: stands beside --images; it is a part of"),
    ("own.safetensors --images x.safetensors --labels few.txt", "few.txt: holds 2 names; resnet8 of "),
    ("own.safetensors --images x.safetensors --labels gap.txt", "gap.txt:2: is an empty line; one name of a class"),
    ("own.safetensors --images x.safetensors --labels none.txt", "none.txt: holds no name; one on each line"),
    ("own.safetensors --images x.safetensors --labels odd.json", "odd.json: is no JSON list or map of class names"),
    ("own.safetensors --images x.safetensors --labels deep.json", "deep.json: is no JSON list or map of class names"),
    ("own.safetensors --images x.safetensors --labels bytes.txt", "bytes.txt: is no text in UTF-8"),
    ("own.safetensors --images x.safetensors --out own.safetensors", "the folder cannot be made"),
    ("x.safetensors --images x.safetensors", "x.safetensors: no network of the catalogue has"),
  ]

  @Test("with a wrong argument are refused with one line, and nothing is written", arguments: refused)
  func refusals(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try Self.lay(folder)
      let before = Fingerprints.files(below: folder)
      let outcome = try ask(folder, line.split(separator: " ").map(String.init))
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(outcome.errors.contains(expected) && outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
