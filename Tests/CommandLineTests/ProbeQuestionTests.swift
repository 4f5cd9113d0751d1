import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Probes that ask about labelled images: accuracy, compare, layers, features, entropy, concepts.
@Suite("A question to checkpoints", .tags(.cli))
struct ProbeQuestionTests {
  /// 60 images of 16×16 for each split.
  static let data = [
    "--data", "part-shapes", "--set", "data.size=16", "--set", "data.train=60", "--set", "data.development=60",
    "--set", "data.test=60", "--threads", "1",
  ]

  private func ask(_ folder: URL, _ arguments: [String]) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe"] + arguments, in: folder)
  }

  private func json(_ result: CommandLineTool.Result) throws -> Any {
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.summary)")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }

  @Test("about layers lists them, marks the recommended ones, and knows the nearest of a wrong one")
  func layers() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let text = try ask(folder, ["layers", "own.safetensors"])
      #expect(text.code == 0 && text.output.contains("layer3") && text.output.contains("recommended for measurements"))
      let pages = try #require(try json(ask(folder, ["layers", "own.safetensors", "--json"])) as? [[String: Any]])
      let layers = try #require(pages[0]["layers"] as? [[String: Any]])
      let third = try #require(layers.first { $0["name"] as? String == "layer3" })
      #expect(third["output"] as? [Int] == [4, 4, 64] && third["recommended"] as? Bool == true)
      let wrong = try ask(folder, ["layers", "own.safetensors", "--layer", "layer33"])
      #expect(wrong.failed(2, "--layer: resnet8 has no layer 'layer33'; did you mean 'layer3'?"), "\(wrong.summary)")
    }
  }

  @Test("about features writes the network's own in PyTorch's axis order, of images that are not square")
  func features() throws {
    try withTemporaryDirectory { folder in
      let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 3, height: 16, width: 24), seed: 2)
      let facts = CheckpointFacts(
        model: network.specification, role: "teacher", epoch: 1, data: "none", mean: [0, 0, 0], deviation: [1, 1, 1],
        classes: ["a", "b", "c"], recipeHash: "")
      try Checkpoint.write(network, facts, to: folder.appendingPathComponent("net.safetensors"))
      let images = Tensor.normal([2, 3, 16, 24], Philox(seed: 6))
      try Safetensors(tensors: [StoredTensor(name: "images", shape: [2, 3, 16, 24], floats: images.floats)]).write(
        to: folder.appendingPathComponent("x.safetensors"))
      let expected = withoutRecording { network.feature(FeaturePoint("layer2"), of: images.permuted([0, 2, 3, 1])) }
        .permuted([0, 3, 1, 2])
      let asked = ["features", "layer2", "net.safetensors", "--images", "x.safetensors", "--out"]
      let written = try ask(folder, asked + ["f.safetensors"])
      #expect(written.code == 0 && written.output == "f.safetensors: features [2, 32, 8, 12]\n", "\(written.summary)")
      let stored = try #require(try Safetensors.read(folder.appendingPathComponent("f.safetensors"))["features"])
      #expect(stored.shape == [2, 32, 8, 12])
      try expectClose(stored.floats(), expected.floats, relative: 1e-5, absolute: 1e-5, shape: stored.shape)

      #expect(try ask(folder, asked + ["f.csv"]).code == 0)
      let lines = try String(contentsOf: folder.appendingPathComponent("f.csv"), encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 3 && lines[0].hasPrefix("index,features_0,features_1,"))
      let row = lines[2].split(separator: ",").dropFirst().compactMap { Float($0) }
      try expectClose(row, Array(stored.floats()[(32 * 8 * 12)...]), relative: 1e-6, absolute: 0)

      let wrong = try ask(
        folder, ["features", "layer9", "net.safetensors", "--images", "x.safetensors", "--out", "g.safetensors"])
      #expect(wrong.failed(2, "LAYER: resnet8 has no layer 'layer9'; did you mean 'layer1'?"), "\(wrong.summary)")
    }
  }

  @Test("about accuracy tells it with interval, bins, classes and confusion, and leaves figures and tables")
  func accuracy() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let asked = ["accuracy", "own.safetensors"] + Self.data
      let pages = try #require(try json(ask(folder, asked + ["--json", "--out", "q"])) as? [[String: Any]])
      let page = pages[0]
      #expect(page["images"] as? Int == 60)
      let accuracy = try #require(page["accuracy"] as? [String: Any])
      let (value, lower) = (try #require(accuracy["value"] as? Double), try #require(accuracy["lower"] as? Double))
      #expect(lower <= value && (accuracy["method"] as? String)?.contains("Wilson") == true)
      let confusion = try #require(page["confusion"] as? [[Int]])
      let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
      #expect(confusion.joined().reduce(0, +) == 60 && abs(value - Double(right) / 60) < 1e-12)
      let bins = try #require(page["bins"] as? [[String: Any]])
      #expect(bins.count == 15 && bins.reduce(0) { $0 + ($1["images"] as? Int ?? 0) } == 60)
      let error = bins.reduce(0.0) { sum, bin in
        guard let c = bin["confidence"] as? Double, let a = bin["accuracy"] as? Double else { return sum }
        return sum + Double(bin["images"] as? Int ?? 0) / 60 * abs(a - c)
      }
      #expect(abs(try #require(page["ece"] as? Double) - error) < 1e-12)
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("q"))
          == [
            "accuracy.png", "accuracy.safetensors", "calibration.csv", "classes.csv", "confusion.csv", "confusion.png",
            "reliability.png",
          ])
      let text = try ask(folder, asked)
      for part in ["own.safetensors\n", "Wilson over 60 images", "15 equal-width bins", "0.933–1.000", "precision"] {
        #expect(text.output.contains(part), "\(text.output)")
      }
    }
  }

  /// Netron#321: another element type and another order of tensors are the same network.
  @Test("about two checkpoints finds one network in two layouts to be equal, and two networks not")
  func compare() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let file = try Safetensors.read(folder.appendingPathComponent("own.safetensors"))
      let wide = try file.tensors.reversed().map { tensor in
        StoredTensor(name: tensor.name, shape: tensor.shape, doubles: try tensor.doubles())
      }
      try Safetensors(metadata: file.metadata, tensors: wide).write(
        to: folder.appendingPathComponent("f64.safetensors"))
      let asked = ["compare", "own.safetensors", "f64.safetensors"] + Self.data
      let page = try #require(try json(ask(folder, asked + ["--json", "--out", "q"])) as? [String: Any])
      #expect(page["agreement"] as? Double == 1 && page["mcnemar_p"] as? Double == 1)
      #expect(abs(try #require(page["divergence"] as? Double)) < 1e-12)
      let weights = try #require(page["weights"] as? [[String: Any]])
      #expect(!weights.isEmpty && weights.allSatisfy { $0["relative"] as? Double == 0 })
      #expect((page["unmatched"] as? [String])?.isEmpty == true)
      let cka = try #require(page["cka"] as? [[[String: Any]]])
      for layer in cka.indices { #expect(abs(try #require(cka[layer][layer]["value"] as? Double) - 1) < 1e-9) }
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("q"))
          == [
            "classes.csv", "compare.csv", "compare.png", "compare.safetensors", "disagreements.csv", "similarity.csv",
            "similarity.png", "weights.csv",
          ])
      // Two layouts of one network have the same borders, and nothing wrong that the other has right.
      #expect(page["boundary_agreement"] as? Double == 1 && page["error_consistency"] as? Double == 1)
      let divergences = try #require(page["kl"] as? [[String: Double]])
      #expect(divergences.map { $0["temperature"] } == [1, 2, 4])
      #expect(divergences.allSatisfy { abs($0["value"] ?? 1) < 1e-12 })

      let other = try ModelCatalog.build(ModelSpecification("resnet14", classes: 10, height: 16, width: 16), seed: 9)
      let facts = CheckpointFacts(
        model: other.specification, role: "student", epoch: 0, data: "part-shapes", mean: [0.5, 0.4, 0.3],
        deviation: [0.2, 0.2, 0.2], classes: ProbeSamples.classes, recipeHash: "")
      try Checkpoint.write(other, facts, to: folder.appendingPathComponent("other.safetensors"))
      let text = try ask(folder, ["compare", "own.safetensors", "other.safetensors"] + Self.data)
      #expect(text.code == 0 && text.errors.isEmpty, "\(text.summary)")
      for part in ["McNemar", "(debiased, n = 60, ±", "layer1.0.conv1.weight", "only in one of them"] {
        #expect(text.output.contains(part), "\(text.output)")
      }
    }
  }

  @Test("about entropy and concepts measures maps, counts them, and draws them")
  func maps() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let few = Self.data + ["--count", "3", "--grid", "4", "--iterations", "4", "--draws", "4", "--quiet"]
      let entropy = try #require(
        try json(ask(folder, ["entropy", "own.safetensors"] + few + ["--json", "--out", "e"])) as? [[String: Any]])
      let maps = try #require(entropy[0]["maps"] as? [[String: Any]])
      #expect(entropy[0]["layer"] as? String == "layer3" && maps.count == 3)
      #expect((maps[0]["entropies"] as? [Double])?.count == 16)
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("e")) == ["entropy.csv", "entropy.png"])

      let concepts = try ask(
        folder, ["concepts", "own.safetensors", "foreign.safetensors", "--model", "resnet8"] + few + ["--out", "c"])
      #expect(
        concepts.code == 0
          && concepts.errors.contains("foreign.safetensors: the file does not say how its images are normalised"),
        "\(concepts.summary)")
      for part in ["own.safetensors: layer3, 4×4 cells", "foreign.safetensors: layer3", "N_fg", "0.80"] {
        #expect(concepts.output.contains(part), "\(concepts.output)")
      }
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("c"))
          == ["counts.csv", "entropy.csv", "entropy.png"])
    }
  }

  @Test(
    "about entropy takes out of the maps what a cell's place decides", arguments: ["background", "scrambled", "fit"])
  func position(_ correction: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let few = Self.data + ["--count", "3", "--grid", "4", "--iterations", "4", "--draws", "4", "--quiet", "--json"]
      func maps(_ options: [String]) throws -> [[Double]] {
        let pages = try #require(
          try json(ask(folder, ["entropy", "own.safetensors"] + few + options)) as? [[String: Any]])
        let maps = try #require(pages[0]["maps"] as? [[String: Any]])
        return try maps.map { try #require($0["entropies"] as? [Double]) }
      }
      let raw = try maps([])
      let adjusted = try maps(["--position", correction, "--position-images", "4"])
      // The same maps but for one profile, whose mean is 0.
      let profiles = zip(raw, adjusted).map { zip($0, $1).map { $0 - $1 } }
      #expect(profiles[0].contains { abs($0) > 1e-3 } && abs(profiles[0].reduce(0, +)) < 1e-4)
      for profile in profiles { #expect(zip(profile, profiles[0]).allSatisfy { abs($0 - $1) < 1e-5 }) }
    }
  }

  static let refused: [(String, String)] = [
    ("accuracy own.safetensors", "probe accuracy: no images are given; add --data SET"),
    ("accuracy own.safetensors --data part-shapes", "--data: part-shapes has images of 3×32×32; resnet8 of "),
    ("accuracy own.safetensors --data part-shapes", "takes 3×16×16: add --set data.size=16"),
    ("accuracy own.safetensors --data part-shapes --set data.sise=16", "'sise' is no key of data; did you mean"),
    ("accuracy own.safetensors --data part-shapes --set size=16", "--set size=16: is no option of the data set; write"),
    ("accuracy own.safetensors --data part-shapes --bins 0", "--bins: is 0; it takes a whole number from 1 to 1000"),
    ("accuracy own.safetensors --data part-shapes --out own.safetensors", "the folder cannot be made"),
    ("compare own.safetensors none.safetensors --data part-shapes --set data.size=16", "none.safetensors: no such"),
    ("compare own.safetensors own.safetensors --data part-shapes --similarity-images 3", "--similarity-images: is 3;"),
    ("entropy own.safetensors --data part-shapes --set data.size=16 --layer no", "--layer: resnet8 has no layer 'no'"),
    ("concepts own.safetensors --data part-shapes --thresholds 0", "--thresholds: takes different numbers above 0"),
    ("entropy own.safetensors --data part-shapes --position edge", "'edge' is invalid for '--position <position>'"),
    ("features layer1 own.safetensors --out f.safetensors", "probe features: no images are given; add --images PATH"),
    ("features fc own.safetensors --images x.safetensors --before-relu --out f.csv", "--before-relu: fc ends in no"),
  ]

  @Test("that cannot be answered ends with exit code 2 and one line, and writes nothing", arguments: refused)
  func refusals(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let before = Fingerprints.files(below: folder)
      let outcome = try ask(folder, line.split(separator: " ").map(String.init))
      let said = outcome.errors.replacing(folder.path, with: "")
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(said.contains(expected) && said.count { $0 == "\n" } == 1, "\(said)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
