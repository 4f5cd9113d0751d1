import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("A probe", .tags(.cli))
struct ProbeTests {
  private func ask(_ folder: URL, _ arguments: String...) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe"] + arguments, in: folder)
  }

  private func list(_ result: CommandLineTool.Result) throws -> [[String: Any]] {
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.summary)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
  }

  @Test("for a summary tells network, size, facts and layers of an own and of a foreign checkpoint")
  func summary() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let pages = try list(
        ask(folder, "summary", "own.safetensors", "foreign.safetensors", "--model", "resnet8", "--json"))
      #expect(pages.count == 2)
      for page in pages {
        #expect(page["model"] as? String == "resnet8" && page["classes"] as? Int == 10)
        #expect(page["parameters"] as? Int == 78_042)
        let weights = try #require(page["weights"] as? [[String: Any]])
        #expect(weights.contains { $0["name"] as? String == "fc.weight" && $0["shape"] as? [Int] == [10, 64] })
        let points = try #require(page["probe_points"] as? [[String: Any]])
        #expect(points.contains { $0["name"] as? String == "layer3" && $0["recommended"] as? Bool == true })
      }
      let facts = try #require(pages[0]["facts"] as? [String: Any])
      #expect(facts["role"] as? String == "teacher" && facts["epoch"] as? Int == 12)
      #expect(facts["data"] as? String == "part-shapes" && facts["development_accuracy"] as? Double == 0.75)
      #expect(pages[0]["input"] as? [Int] == [16, 16, 3])
      #expect(pages[1]["facts"] is NSNull)

      let text = try ask(folder, "summary", "own.safetensors")
      #expect(text.code == 0 && text.errors.isEmpty)
      for part in [
        "own.safetensors\n", "resnet8, 10 classes", "78042", "teacher, epoch 12, trained on part-shapes", "75",
      ] {
        #expect(text.output.contains(part))
      }
    }
  }

  @Test("for logits gives the network's own, from own and foreign checkpoints, as file, text and JSON")
  func logits() throws {
    try withTemporaryDirectory { folder in
      let samples = try ProbeSamples(folder)
      let expected = try samples.logits()
      for checkpoint in [["own.safetensors"], ["foreign.safetensors", "--model", "resnet8"]] {
        let asked = ["probe", "logits"] + checkpoint + ["--images", "x.safetensors"]
        let file = try CommandLineTool.run(asked + ["--out", "y.safetensors"], in: folder)
        #expect(file.code == 0 && file.errors.isEmpty, "\(file.summary)")
        #expect(file.output == "y.safetensors: logits [3, 10]\n")
        let tensor = try #require(try Safetensors.read(folder.appendingPathComponent("y.safetensors"))["logits"])
        #expect(tensor.shape == [3, 10])
        // The program and the tests may use another number of threads, which orders sums differently.
        try expectClose(tensor.floats(), expected, relative: 1e-5, absolute: 1e-5, shape: [3, 10])

        let page = try list(CommandLineTool.run(asked + ["--json"], in: folder))
        #expect(page[0]["images"] as? Int == 3 && page[0]["classes"] as? Int == 10)
        let rows = try #require(page[0]["logits"] as? [[Double]]).flatMap(\.self)
        expectClose(rows.map(Float.init), try tensor.floats(), relative: 1e-6, absolute: 0)

        #expect(try CommandLineTool.run(asked + ["--out", "y.csv"], in: folder).code == 0)
        let table = try String(contentsOf: folder.appendingPathComponent("y.csv"), encoding: .utf8)
        let text = try CommandLineTool.run(asked, in: folder)
        let lines = text.output.split(separator: "\n")
        let columns = checkpoint.count == 1 ? "class bird,class fish" : "class 0,class 1"
        #expect(lines.count == 4 && lines[0].hasPrefix("checkpoint,image,\(columns),"))
        #expect(table.hasPrefix("index,\(columns),") && table.hasSuffix(lines[3].split(separator: ",")[11] + "\n"))
        let last = lines[3].split(separator: ",").dropFirst(2).compactMap { Float($0) }
        try expectClose(last, Array(tensor.floats()[20...]), relative: 1e-6, absolute: 0)
      }
      let both = try ask(
        folder, "logits", "own.safetensors", "own.safetensors", "--images", "x.safetensors", "--json", "--model", "cnn2"
      )
      let pages = try list(both)
      #expect(pages.count == 2 && pages[0]["logits"] as? [[Double]] == pages[1]["logits"] as? [[Double]])
    }
  }

  static let refused: [(String, String)] = [
    ("summary missing.safetensors", "/missing.safetensors: no such file; check the path"),
    ("summary .", ": is a folder; a file of weights (safetensors, PyTorch or npz) is expected"),
    (
      "summary foreign.safetensors --model resnet21", "--model: ResNet depth 21 does not exist; depths are 6n+2: 8, 14,"
    ),
    ("summary foreign.safetensors --model vgg11", "/foreign.safetensors: the tensors are not those of vgg11; check"),
    ("summary x.safetensors --model resnet8", "/x.safetensors: the tensors are not those of resnet8; check --model"),
    ("logits own.safetensors", "probe logits: no images are given; add --images PATH or --data SET"),
    ("logits own.safetensors --images x.safetensors --data part-shapes", "--images: stands beside --data; give one"),
    ("logits own.safetensors --images own.safetensors", "/own.safetensors: has no tensor 'images'; name it so"),
    ("logits own.safetensors --images none.safetensors", "/none.safetensors: no such file; check the path"),
    ("logits own.safetensors --images wide.safetensors", "/wide.safetensors: the images are 3×16×24; resnet8 of "),
    (
      "logits own.safetensors --images flat.safetensors",
      "/flat.safetensors: tensor 'images' has shape [3, 16]; it takes"
    ),
    (
      "logits own.safetensors --images whole.safetensors", "/whole.safetensors: tensor 'images' has type I64; F32, F64,"
    ),
    ("logits own.safetensors --images nan.safetensors", "/nan.safetensors: tensor 'images' holds values that are not"),
    (
      "logits own.safetensors --images empty.safetensors",
      "/empty.safetensors: tensor 'images' has shape [0, 3, 16, 16]"
    ),
    ("logits own.safetensors --data part-shapes", "--data: part-shapes has images of 3×32×32; resnet8 of "),
    ("logits own.safetensors --data partshapes", "data.set: 'partshapes' is no data set; did you mean 'part-shapes'?"),
    (
      "logits own.safetensors own.safetensors --images x.safetensors --out y.safetensors",
      "--out: takes the logits of one"
    ),
    (
      "logits own.safetensors --images x.safetensors --out no/y.safetensors",
      "/no/y.safetensors: cannot be written (No such"
    ),
  ]

  @Test("that cannot be answered ends with exit code 2 and one line, and writes nothing", arguments: refused)
  func refusals(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      func lay(_ name: String, _ tensor: StoredTensor) throws {
        try Safetensors(tensors: [tensor]).write(to: folder.appendingPathComponent("\(name).safetensors"))
      }
      let zeros = Array(repeating: Float(0), count: 3 * 3 * 16 * 24)
      try lay("wide", StoredTensor(name: "images", shape: [3, 3, 16, 24], floats: zeros))
      try lay("flat", StoredTensor(name: "images", shape: [3, 16], floats: Array(zeros[..<48])))
      try lay("whole", StoredTensor(name: "images", shape: [1, 3, 16, 16], integers: Array(repeating: 0, count: 768)))
      try lay("nan", StoredTensor(name: "images", shape: [1, 3, 16, 16], floats: zeros[..<767] + [.nan]))
      try lay("empty", StoredTensor(name: "images", shape: [0, 3, 16, 16], floats: []))
      let before = Fingerprints.files(below: folder)
      let outcome = try CommandLineTool.run(["probe"] + line.split(separator: " ").map(String.init), in: folder)
      let said = outcome.errors.replacing(folder.path, with: "").replacing("/private", with: "")
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(said.hasPrefix("kdscope: \(expected)") && said.count { $0 == "\n" } == 1, "\(said)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
