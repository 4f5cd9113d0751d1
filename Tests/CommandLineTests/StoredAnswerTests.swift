import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

/// `probe accuracy --logits` and `probe compare --logits`.
@Suite("Answers in files", .tags(.cli))
struct StoredAnswerTests {
  static let qualities = (try? Golden.cases("probes").filter { $0.operation == "quality" }) ?? []
  static let comparisons = (try? Golden.cases("probes").filter { $0.operation == "comparison" }) ?? []

  private func ask(_ folder: URL, _ arguments: [String]) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe"] + arguments, in: folder)
  }

  private func json(_ result: CommandLineTool.Result) throws -> Any {
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.summary)")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }

  private func near(_ actual: Any?, _ expected: Double, within bound: Double, _ name: String) {
    if expected.isNaN {
      #expect(actual is NSNull, "\(name) is not null")
      return
    }
    #expect(abs((actual as? Double ?? .nan) - expected) <= bound, "\(name): \(actual ?? "none"), not \(expected)")
  }

  /// Arrays of a case of a golden file, labels as 64-bit integers.
  private func arrays(_ golden: GoldenCase, _ parts: [(name: String, part: String)]) throws -> [StoredTensor] {
    try parts.map { name, part in
      let stored = try golden.stored(part)
      guard name.hasSuffix("labels") else {
        return StoredTensor(name: name, shape: stored.shape, floats: try stored.floats())
      }
      return StoredTensor(name: name, shape: stored.shape, integers: try stored.doubles().map { Int64($0) })
    }
  }

  @Test("are judged as torchmetrics judges them, from safetensors and npz alike", arguments: qualities)
  func accuracy(_ golden: GoldenCase) throws {
    try withTemporaryDirectory { folder in
      let arrays = try arrays(
        golden,
        [
          ("logits", "input.0"), ("labels", "input.1"), ("development_logits", "input.2"),
          ("development_labels", "input.3"),
        ])
      try Safetensors(tensors: arrays).write(to: folder.appendingPathComponent("x.safetensors"))
      try NumPyWriter.writeArchive(arrays, to: folder.appendingPathComponent("x.npz"))
      let expected = try golden.stored("output").doubles()
      for file in ["x.safetensors", "x.npz"] {
        let pages = try json(ask(folder, ["accuracy", "--logits", file, "--json"])) as? [[String: Any]]
        let page = try #require(pages?.first)
        near((page["accuracy"] as? [String: Any])?["value"], expected[0], within: 1e-12, "accuracy")
        near((page["top5"] as? [String: Any])?["value"] ?? page["top5"], expected[1], within: 1e-6, "top5")
        near(page["nll"], expected[2], within: 2e-5, "nll")
        near(page["brier"], expected[3], within: 2e-5, "brier")
        near(page["ece"], expected[4], within: 2e-5, "ece")
        near(page["mce"], expected[5], within: 2e-5, "mce")
        near(page["ece_equal_mass"], expected[6], within: 1e-4, "ece_equal_mass")
        near(page["temperature"], expected[7], within: 2e-3, "temperature")
      }
    }
  }

  @Test("of two networks are compared as PyTorch and scikit-learn do", arguments: comparisons)
  func compare(_ golden: GoldenCase) throws {
    try withTemporaryDirectory { folder in
      try Safetensors(tensors: arrays(golden, [("logits", "input.0"), ("labels", "input.1")])).write(
        to: folder.appendingPathComponent("a.safetensors"))
      try NumPyWriter.writeArchive(
        arrays(golden, [("logits", "input.2"), ("labels", "input.1")]), to: folder.appendingPathComponent("b.npz"))
      let asked = ["compare", "--logits", "a.safetensors", "b.npz"]
      let page = try #require(try json(ask(folder, asked + ["--json", "--out", "q"])) as? [String: Any])
      let expected = try golden.stored("output").doubles()
      let divergences = try #require(page["kl"] as? [[String: Double]])
      for (place, one) in divergences.enumerated() {
        #expect(one["temperature"] == [1, 2, 4][place])
        near(one["value"], expected[place], within: 1e-4 * max(1, abs(expected[place])), "KL")
      }
      near(page["error_consistency"], expected[3], within: 1e-9, "error_consistency")
      near(page["both_wrong_alike"], expected[4], within: 1e-9, "both_wrong_alike")
      for key in ["boundary_agreement", "layers_a", "cka", "weights"] { #expect(page[key] is NSNull, "\(key)") }
      #expect(
        Fingerprints.files(below: folder.appendingPathComponent("q"))
          == ["classes.csv", "compare.csv", "compare.png", "compare.safetensors", "disagreements.csv"])
      #expect(try ask(folder, asked).code == 0)
    }
  }

  @Test("are those that the probe of a checkpoint leaves, and give the same numbers again")
  func again() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      let first = try json(
        ask(folder, ["accuracy", "own.safetensors", "--out", "q", "--json"] + ProbeQuestionTests.data))
      let second = try json(ask(folder, ["accuracy", "--logits", "q/accuracy.safetensors", "--json"]))
      let pages = try [first, second].map { try #require(($0 as? [[String: Any]])?.first) }
      for key in ["nll", "brier", "ece", "mce", "ece_equal_mass", "temperature", "ece_at_temperature"] {
        let (one, other) = (pages[0][key] as? Double, pages[1][key] as? Double)
        #expect(one != nil && one == other, "\(key)")
      }
    }
  }

  static let refused: [(line: String, expected: String)] = [
    ("accuracy --logits none.npz", "none.npz: no such file"),
    ("accuracy --logits .", ".: is a folder; give a .safetensors or .npz file"),
    ("accuracy --logits x.csv", "x.csv: is no file of arrays"),
    ("accuracy --logits nolabels.safetensors", "nolabels.safetensors: has no array 'labels'; known: logits"),
    ("accuracy --logits flat.safetensors", "flat.safetensors: 'logits' has shape [6]; it takes [images, classes]"),
    ("accuracy --logits one.safetensors", "one.safetensors: 'logits' has shape [3, 1]; it takes [images, classes]"),
    ("accuracy --logits empty.safetensors", "empty.safetensors: 'logits' has shape [0, 4]; it takes"),
    ("accuracy --logits short.safetensors", "short.safetensors: 'labels' has shape [2]; [3] is needed"),
    ("accuracy --logits high.safetensors", "high.safetensors: 'labels' holds 2; labels are 0 to 1"),
    ("accuracy --logits low.safetensors", "low.safetensors: 'labels' holds -1; labels are 0 to 1"),
    ("accuracy --logits nan.safetensors", "nan.safetensors: 'logits' holds values that are not finite numbers"),
    ("accuracy --logits words.safetensors", "words.safetensors: tensor 'logits': its type is I64; F32, F64, F16 or"),
    ("accuracy --logits real.safetensors", "real.safetensors: tensor 'labels': its type is F32; an integer type is"),
    ("accuracy --logits half.safetensors", "half.safetensors: has no array 'development_labels'"),
    ("accuracy --logits wide.safetensors", "wide.safetensors: 'development_logits' have 3 classes; 'logits' have 2"),
    ("accuracy own.safetensors --logits good.safetensors", "--logits: stands beside a checkpoint; give one of them"),
    ("accuracy --logits good.safetensors --data mnist", "--data: stands beside --logits; give one of them"),
    ("accuracy --logits good.safetensors --count 2", "--count: stands beside --logits; the answers of that file are"),
    ("accuracy --logits good.safetensors --set data.size=16", "--set data.size=16: stands beside --logits"),
    ("accuracy", "probe accuracy: no checkpoint is given; name one, or add --logits FILE"),
    ("compare --logits good.safetensors", "--logits: takes two files, and there is 1"),
    ("compare --logits good.safetensors other.safetensors", "other.safetensors: 'labels' are not those of"),
    ("compare --logits good.safetensors four.safetensors", "four.safetensors: 'logits' have 4 classes; those of"),
    ("compare --logits good.safetensors more.safetensors", "more.safetensors: 'labels' are of 6 images; answers to"),
    ("compare own.safetensors", "probe compare: two checkpoints are needed; name them, or add --logits FILE FILE"),
    ("compare own.safetensors own.safetensors --report", "--report: needs a folder; add --out DIR"),
    ("compare own.safetensors own.safetensors --html", "--html: needs a folder; add --out DIR"),
    ("compare own.safetensors own.safetensors --slide", "--slide: needs a folder; add --out DIR"),
  ]

  @Test("that are none are refused with one line, and nothing is written", arguments: refused)
  func refusals(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      func lay(_ name: String, _ tensors: StoredTensor...) throws {
        try Safetensors(tensors: tensors).write(to: folder.appendingPathComponent("\(name).safetensors"))
      }
      func logits(_ shape: [Int], name: String = "logits", value: Float = 0.5) -> StoredTensor {
        StoredTensor(name: name, shape: shape, floats: Array(repeating: value, count: shape.reduce(1, *)))
      }
      func labels(_ values: [Int64]) -> StoredTensor {
        StoredTensor(name: "labels", shape: [values.count], integers: values)
      }
      try lay("good", logits([3, 2]), labels([0, 1, 1]))
      try lay("other", logits([3, 2]), labels([1, 1, 1]))
      try lay("four", logits([3, 4]), labels([0, 1, 1]))
      try lay("more", logits([6, 2]), labels([0, 1, 1, 0, 1, 1]))
      try lay("nolabels", logits([3, 2]))
      try lay("flat", logits([6]), labels([0, 1, 1]))
      try lay("one", logits([3, 1]), labels([0, 0, 0]))
      try lay("empty", logits([0, 4]), labels([]))
      try lay("short", logits([3, 2]), labels([0, 1]))
      try lay("high", logits([3, 2]), labels([0, 1, 2]))
      try lay("low", logits([3, 2]), labels([0, 1, -1]))
      try lay("nan", logits([3, 2], value: .nan), labels([0, 1, 1]))
      try lay("words", StoredTensor(name: "logits", shape: [1, 2], integers: [1, 2]), labels([0]))
      try lay("real", logits([3, 2]), logits([3], name: "labels"))
      try lay("half", logits([3, 2]), labels([0, 1, 1]), logits([3, 2], name: "development_logits"))
      try lay(
        "wide", logits([3, 2]), labels([0, 1, 1]), logits([1, 3], name: "development_logits"),
        StoredTensor(name: "development_labels", shape: [1], integers: [2]))
      try Data("a,b\n".utf8).write(to: folder.appendingPathComponent("x.csv"))
      let before = Fingerprints.files(below: folder)
      let outcome = try ask(folder, line.split(separator: " ").map(String.init))
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(outcome.errors.contains(expected) && outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
