import Checkpoints
import Foundation
import Models
import Support
import TestSupport
import Testing

@Suite("Two checkpoints of different kinds", .tags(.cli))
struct CompareProbeTests {
  private func ask(_ folder: URL, _ arguments: [String]) throws -> CommandLineTool.Result {
    try CommandLineTool.run(
      ["probe", "compare"] + arguments + ["--threads", "1", "--similarity-images", "8"], in: folder)
  }

  private func page(_ result: CommandLineTool.Result) throws -> [String: Any] {
    #expect(result.code == 0, "\(result.summary)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  /// A small WideResNet for larger pictures, its classes in another order.
  private func layWide(_ folder: URL, classes: [String] = ProbeSamples.classes.reversed()) throws {
    let network = try ModelCatalog.build(
      ModelSpecification("wrn-10-1", classes: classes.count, height: 32, width: 32), seed: 5)
    let facts = CheckpointFacts(
      model: network.specification, role: "student", epoch: 0, data: "part-shapes", mean: [0, 0, 0],
      deviation: [1, 1, 1], classes: classes, recipeHash: "")
    try Checkpoint.write(network, facts, to: folder.appendingPathComponent("wide-net.safetensors"))
    let plain = try Safetensors.read(folder.appendingPathComponent("wide-net.safetensors"))
    try Safetensors(tensors: plain.tensors).write(to: folder.appendingPathComponent("bare.safetensors"))
  }

  private func layPhotos(_ folder: URL) throws {
    let photos = folder.appendingPathComponent("photos")
    try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
    for place in 0..<6 {
      let pixels = (0..<20 * 30).map { UInt8(truncatingIfNeeded: $0 * (place + 3) >> place) }
      try greyPNG(height: 20, width: 30, pixels).write(to: photos.appendingPathComponent("\(place).png"))
    }
  }

  /// What needs labels is null, what needs none is there.
  private func expectNull(_ found: [String: Any]) {
    let labelled = [
      "accuracy_a", "accuracy_b", "difference", "only_a", "only_b", "mcnemar_p", "error_consistency",
      "both_wrong_alike", "classes",
    ]
    let told = labelled.filter { !(found[$0] is NSNull) }
    #expect(told.isEmpty)
    let (images, boundary) = (found["images"] as? Int, found["boundary_agreement"] as? Double)
    #expect(images == 6 && boundary != nil)
    let similarities = found["cka"] as? [[Any]]
    #expect(similarities?.isEmpty == false)
  }

  /// How often the answers of each network alone are the same, by name.
  private func agreementByName(_ folder: URL) throws -> Double {
    var answers: [[String]] = []
    for name in ["own.safetensors", "wide-net.safetensors"] {
      let answer = try CommandLineTool.run(
        ["probe", "predict", name, "--images", "photos", "--top", "1", "--json"], in: folder)
      let pages = try #require(JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]])
      let images = try #require(pages[0]["images"] as? [[String: Any]])
      var names: [String] = []
      for image in images {
        let top = try #require(image["top"] as? [[String: Any]])
        names.append(try #require(top[0]["class"] as? String))
      }
      answers.append(names)
    }
    #expect(answers[0].count == 6)
    return Double(zip(answers[0], answers[1]).count { $0 == $1 }) / 6
  }

  @Test("are compared on photos, each in its own size, classes matched by name; what needs labels is null")
  func photos() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try layWide(folder)
      try layPhotos(folder)
      let asked = ["own.safetensors", "wide-net.safetensors", "--images", "photos"]
      // A page or a slide is one of the report's forms, and needs no other word.
      let forms = ["--out", "q", "--html", "--slide", "--figures", "svg"]
      let result = try ask(folder, asked + ["--json"] + forms)
      let found = try page(result)
      #expect(result.errors.contains("its classes stand in another order; they are matched by name"))
      expectNull(found)
      let agreement = try agreementByName(folder)
      let told = try #require(found["agreement"] as? Double)
      #expect(abs(told - agreement) < 1e-12)

      let report = try String(contentsOf: folder.appendingPathComponent("q/report.md"), encoding: .utf8)
      for part in [
        "# own beside wide-net", "(compare.png)", "(similarity.png)", "KL(B ‖ A)", "kdscope probe compare own",
      ] {
        #expect(report.contains(part), "\(report)")
      }
      #expect(report.contains("(disagreements.png)") == (agreement < 1))
      for (name, part) in [
        ("report.html", "<h2"), ("slide.html", "<div class=\"slide\">"), ("similarity.svg", "debiased linear CKA"),
      ] {
        let text = try String(contentsOf: folder.appendingPathComponent("q/\(name)"), encoding: .utf8)
        #expect(text.contains(part) && text.contains("<svg") && !text.contains("src=\"http"), "\(name)")
      }
      let disagreements = try String(contentsOf: folder.appendingPathComponent("q/disagreements.csv"), encoding: .utf8)
      #expect(disagreements.split(separator: "\n").count == 1 + Int(((1 - agreement) * 6).rounded()))
    }
  }

  @Test(
    "have a name each where the files give none",
    arguments: [["--model", "resnet8", "--model", "wrn-10-1"], ["--model", "resnet8", "--model-b", "wrn-10-1"]])
  func names(_ models: [String]) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      // Of the size of the other's images.
      let network = try ModelCatalog.build(ModelSpecification("wrn-10-1", classes: 10, height: 16, width: 16), seed: 5)
      try Safetensors(
        tensors: network.namedParameters.map {
          StoredTensor(name: $0.name, shape: $0.parameter.tensor.shape.dimensions, floats: $0.parameter.tensor.floats)
        }
      ).write(to: folder.appendingPathComponent("bare.safetensors"))
      let images = ["--images", "many.safetensors", "--count", "12", "--json"]
      let found = try page(ask(folder, ["foreign.safetensors", "bare.safetensors"] + images + models))
      #expect(found["images"] as? Int == 12)
      #expect((found["layers_a"] as? [String])?.contains("layer3") == true)
      #expect((found["unmatched"] as? [String])?.isEmpty == false)
    }
  }

  @Test("of other classes, or named thrice, are refused with one line")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try layPhotos(folder)
      try layWide(folder, classes: ["x", "y"])
      let asked = ["own.safetensors", "wide-net.safetensors", "--images", "photos"]
      let other = try ask(folder, asked)
      let wide = folder.appendingPathComponent("wide-net.safetensors").path
      #expect(other.failed(2, "\(wide): the network has 2 classes; that of "), "\(other.summary)")
      try layWide(folder, classes: (0..<10).map { "class \($0)" })
      let named = try ask(folder, asked)
      #expect(
        named.code == 2 && named.errors.contains("the network's classes are class 0, class 1"), "\(named.summary)")
      let models = try ask(folder, asked + ["--model", "a", "--model", "b", "--model", "c"])
      #expect(models.code == 2 && models.errors.contains("--model: names more than two networks"))
      let both = try ask(folder, asked + ["--data", "part-shapes"])
      #expect(both.code == 2 && both.errors.contains("--images: stands beside --data"))
    }
  }

  @Test("have maps of pictures by which place and object can be told apart, or one line that says why not")
  func mapRefusals() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try layPhotos(folder)
      func expect(_ images: [String], _ position: String, _ line: String) throws {
        let refused = try ask(folder, ["own.safetensors", "own.safetensors", "--position", position] + images)
        #expect(refused.failed(2, line), "\(refused.summary)")
      }
      try expect(["--images", "photos"], "background", "--position: of photos no background without an object can")
      try expect(["--images", "photos"], "fit", "--position: fit cannot tell object and place apart")
      try expect(["--images", "many.safetensors"], "scrambled", "--position: maps are of pictures")
      let stored = try CommandLineTool.run(
        ["probe", "compare", "--logits", "a.npz", "b.npz", "--position", "fit"], in: folder)
      #expect(stored.failed(2, "--position: stands beside --logits"), "\(stored.summary)")
    }
  }
}
