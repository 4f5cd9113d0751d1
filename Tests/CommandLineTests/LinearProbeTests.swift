import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A linear classifier on a layer", .tags(.cli))
struct LinearProbeTests {
  private func ask(_ folder: URL, _ arguments: [String]) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe", "linear"] + arguments, in: folder)
  }

  private func page(_ result: CommandLineTool.Result) throws -> [String: Any] {
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.summary)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private static let data = ProbeQuestionTests.data

  @Test("is fitted on the training images, its penalty chosen on development, and judged on test")
  func usual() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let found = try page(ask(folder, ["layer2", "own.safetensors", "--json", "--out", "q"] + Self.data))
      #expect(found["layer"] as? String == "layer2" && found["features"] as? String == "pooled")
      #expect(found["images"] as? Int == 60 && found["images_train"] as? Int == 60)
      #expect(found["dimensions"] as? Int == 32)
      #expect(try #require(found["gradient_norm"] as? Double) <= 1e-5)
      let trials = try #require(found["penalties"] as? [[String: Double]])
      #expect(trials.map { $0["penalty"] } == [1, 0.1, 0.01, 0.001, 0.0001])
      let best = trials.min { $0["nll"] ?? .infinity < $1["nll"] ?? .infinity }
      #expect(best?["penalty"] == found["penalty"] as? Double)
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("q"))
          == ["classes.csv", "linear.csv", "linear.png", "linear.safetensors"])

      // What the tensors say of the features that another command writes is what the page tells.
      let tensors = try Safetensors.read(folder.appendingPathComponent("q/linear.safetensors"))
      func floats(_ name: String) throws -> [Float] { try #require(tensors[name]).floats() }
      let (weight, bias) = (try floats("weight"), try floats("bias"))
      let (mean, deviation) = (try floats("mean"), try floats("deviation"))
      #expect(weight.count == 320 && bias.count == 10 && mean.count == 32 && deviation.count == 32)
      let written = try CommandLineTool.run(
        ["probe", "features", "layer2", "own.safetensors", "--out", "f.safetensors"] + Self.data, in: folder)
      #expect(written.code == 0, "\(written.summary)")
      let maps = try #require(try Safetensors.read(folder.appendingPathComponent("f.safetensors"))["features"])
      let values = try maps.floats()
      let answers = try CommandLineTool.run(
        ["probe", "accuracy", "own.safetensors", "--out", "a"] + Self.data, in: folder)
      #expect(answers.code == 0)
      let stored = try Safetensors.read(folder.appendingPathComponent("a/accuracy.safetensors"))
      let labels = try #require(stored["labels"]).integers()
      let area = maps.shape[2] * maps.shape[3]
      var loss = 0.0
      for image in 0..<60 {
        var scores = bias
        for channel in 0..<32 {
          let start = (image * 32 + channel) * area
          let pooled: Float = values[start..<start + area].reduce(0, +) / Float(area)
          let scaled = (pooled - mean[channel]) / deviation[channel]
          for k in 0..<10 { scores[k] += weight[k * 32 + channel] * scaled }
        }
        let sum: Double = scores.reduce(0.0) { $0 + exp(Double($1)) }
        loss += log(sum) - Double(scores[Int(labels[image])])
      }
      #expect(abs(loss / 60 - (try #require(found["nll"] as? Double))) < 1e-3)
    }
  }

  @Test("takes all positions, a penalty, few images, and parts of objects")
  func options() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let flat = try page(
        ask(
          folder,
          ["layer3", "own.safetensors", "--features", "flattened", "--penalty", "0.1", "--count", "30", "--json"]
            + Self.data))
      #expect(flat["dimensions"] as? Int == 1024 && flat["penalty"] as? Double == 0.1)
      #expect(flat["images"] as? Int == 30 && flat["images_train"] as? Int == 30)
      #expect((flat["penalties"] as? [Any])?.isEmpty == true)
      let (loss, plain) = (flat["loss_train"] as? Double, flat["nll_train"] as? Double)
      #expect(try #require(loss) > (try #require(plain)))

      let parts = try page(
        ask(
          folder,
          ["layer3", "own.safetensors", "--target", "part", "--penalty", "0.01", "--count", "20", "--json"]
            + Self.data))
      #expect((parts["classes"] as? [String])?.prefix(3) == ["none", "body", "head"])
      #expect(parts["features"] as? String == "positions" && parts["dimensions"] as? Int == 64)
      let accuracy = try #require(parts["accuracy"] as? [String: Any])
      #expect(accuracy["count"] as? Int == 20 && (accuracy["method"] as? String)?.contains("20 images") == true)
      let text = try ask(folder, ["fc", "own.safetensors", "--penalty", "1"] + Self.data)
      for part in ["fc, 10 features pooled, of 60 training images", "Wilson over 60 images", "Newton steps"] {
        #expect(text.output.contains(part), "\(text.summary)")
      }
    }
  }

  static let refused: [(line: String, expected: String)] = [
    ("layr2 own.safetensors DATA", "LAYER: resnet8 has no layer 'layr2'; did you mean 'layer2'?"),
    ("layer2 own.safetensors", "probe linear: no images are given; add --data SET"),
    ("layer2 own.safetensors DATA --penalty 0", "--penalty: is 0.0; it takes a number from 1e-8 to 10000"),
    ("layer2 own.safetensors DATA --penalty nan", "--penalty: is nan; it takes a number from 1e-8 to 10000"),
    (
      "layer2 own.safetensors DATA --split development", "--split development: chooses the penalty, and cannot judge it"
    ),
    ("layer2 own.safetensors DATA --target part --features pooled", "--features: stands beside --target part"),
    ("fc own.safetensors DATA --target part", "LAYER: fc has no positions; parts are read off maps"),
    ("layer2 own.safetensors --data arrays --set data.path=x.npz --target part", "x.npz: no such file"),
    ("layer2 own.safetensors --data image-folder --set data.path=halves", "--data: there are no training images of"),
    ("layer2 x.safetensors DATA", "x.safetensors: no network of the catalogue has"),
  ]

  @Test("that cannot be fitted is refused with one line, and nothing is written", arguments: refused)
  func refusals(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      for name in ["a", "b"] {
        let pictures = folder.appendingPathComponent("halves/test/\(name)")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        try greyPNG(height: 16, width: 16, Array(repeating: 9, count: 256)).write(
          to: pictures.appendingPathComponent("1.png"))
      }
      let before = Fingerprints.files(below: folder)
      let arguments = line.split(separator: " ").flatMap { $0 == "DATA" ? Self.data : [String($0)] }
      let outcome = try ask(folder, arguments + ["--out", "q"])
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(outcome.errors.contains(expected) && outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
