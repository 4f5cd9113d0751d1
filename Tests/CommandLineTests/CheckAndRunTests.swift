import Checkpoints
import Foundation
import Models
import TestSupport
import Testing

@Suite("A recipe is checked", .tags(.cli))
struct CheckAndRunTests {
  /// What a user asks for that cannot be done.
  struct Impossible: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var changes: [(String, String)] = []
    var masks = SmallArrays.Masks.box
    var labels: [Int64] = (0..<24).map { $0 % 3 }
    /// Beginning of the line that refuses it.
    let line: String
  }

  private static func teacher(_ file: String) -> [(String, String)] {
    [("teacher: { model: resnet8 }", "teacher: { model: resnet8, checkpoint: \(file).safetensors, accuracy: 0 }")]
  }

  static let impossible = [
    Impossible(testDescription: "no masks", masks: .none, line: "data.set: arrays has no masks"),
    Impossible(testDescription: "empty masks", masks: .empty, line: "data.set: no development image of arrays has"),
    Impossible(testDescription: "full masks", masks: .full, line: "data.set: no development image of arrays has"),
    Impossible(
      testDescription: "masks of one pixel", masks: .onePixel, line: "data.set: no development image of arrays has"),
    Impossible(
      testDescription: "no such data", changes: [("path: images", "path: other")], line: "other.safetensors: "),
    Impossible(
      testDescription: "no such array", changes: [("development: 6", "development: 6, labels: classes")],
      line: "images.safetensors: has no array 'classes'"),
    Impossible(
      testDescription: "more development images than there are", changes: [("development: 6", "development: 60")],
      line: "data.development: 60 development"),
    Impossible(
      testDescription: "more test images than are left", changes: [("development: 6", "development: 6, test: 18")],
      line: "data.development: 6 development, 18 test"),
    Impossible(
      testDescription: "teacher of other classes", changes: teacher("classes"),
      line: "classes.safetensors: the teacher has 10 classes"),
    Impossible(
      testDescription: "teacher of other colours", changes: teacher("colours"),
      line: "colours.safetensors: the teacher has 3 classes and 1 colours"),
    Impossible(
      testDescription: "teacher of another size", changes: teacher("size"),
      line: "size.safetensors: the teacher takes images of 32x32"),
    Impossible(
      testDescription: "teacher of another model", changes: teacher("model"),
      line: "model.safetensors: the teacher is a cnn2"),
    Impossible(
      testDescription: "teacher that is no checkpoint", changes: teacher("images"), line: "images.safetensors: "),
    Impossible(
      testDescription: "teacher worse than is stated",
      changes: [("model: resnet8 }", "model: resnet8, checkpoint: good.safetensors, accuracy: 1 }")],
      line: "good.safetensors: the teacher classifies "),
    Impossible(
      testDescription: "grid finer than the images", changes: [("grid: 4", "grid: 32")], line: "analysis.grid: is 32"),
  ]

  private func teachers(into folder: URL) throws {
    let kinds = [
      ("good", ModelSpecification("resnet8", classes: 3, height: 16, width: 16)),
      ("classes", ModelSpecification("resnet8", classes: 10, height: 16, width: 16)),
      ("colours", ModelSpecification("resnet8", classes: 3, channels: 1, height: 16, width: 16)),
      ("size", ModelSpecification("resnet8", classes: 3, height: 32, width: 32)),
      ("model", ModelSpecification("cnn2", classes: 3, height: 16, width: 16)),
    ]
    for (name, specification) in kinds {
      let facts = CheckpointFacts(
        model: specification, role: "teacher", epoch: 1, data: "other",
        mean: Array(repeating: 0.5, count: specification.channels),
        deviation: Array(repeating: 0.2, count: specification.channels),
        classes: (0..<specification.classes).map(String.init), recipeHash: "")
      try Checkpoint.write(
        ModelCatalog.build(specification, seed: 1), facts, to: folder.appendingPathComponent("\(name).safetensors"))
    }
  }

  @Test("and refused in the words of the run, which leaves nothing either", arguments: impossible)
  func refused(_ what: Impossible) throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder, what.changes, masks: what.masks, labels: what.labels)
      try teachers(into: folder)
      let before = Fingerprints.files(below: folder)
      let check = try CommandLineTool.run(["recipe", "--check", "small.yaml"], in: folder)
      let said = check.errors.replacing(folder.path + "/", with: "")
      #expect(check.failed(2, "") && said.hasPrefix("kdscope: \(what.line)"), "\(check.summary)")
      let run = try CommandLineTool.run(["run", "small.yaml", "--quiet"], in: folder)
      #expect(run.code == 2 && run.errors == check.errors, "\(run.summary)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }

  static let possible: [[(String, String)]] = [
    [], teacher("good"), [("method: kd", "method: crd"), ("training: {", "training: { learning-rate: 1e-3,")],
  ]

  @Test("and accepted as the run accepts it, and leaves nothing", arguments: possible.indices)
  func accepted(_ index: Int) throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder, Self.possible[index])
      try teachers(into: folder)
      let before = Fingerprints.files(below: folder)
      let check = try CommandLineTool.run(["recipe", "--check", "small.yaml"], in: folder)
      #expect(check.code == 0 && check.output.hasPrefix("small.yaml: OK: "), "\(check.summary)")
      #expect(Fingerprints.files(below: folder) == before)
      let run = try CommandLineTool.run(["run", "small.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.summary)")
    }
  }

  @Test("and its comparison is refused as a run is, before any work")
  func comparison() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder, masks: .full)
      let before = Fingerprints.files(below: folder)
      let outcome = try CommandLineTool.run(["compare", "fitnet", "--recipe", "small.yaml", "--quiet"], in: folder)
      #expect(outcome.failed(2, "data.set: no development image of arrays has cells"), "\(outcome.summary)")
      #expect(Fingerprints.files(below: folder) == before)
    }
  }
}
