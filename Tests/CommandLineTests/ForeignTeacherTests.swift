import Checkpoints
import Foundation
import Models
import TestSupport
import Testing

@Suite("A teacher of other normalisation or order of classes", .tags(.cli))
struct ForeignTeacherTests {
  /// Random weights of a network for the tiny run's images, under facts of another data set.
  private func lay(into folder: URL, classes: [String], accuracy: String = ", accuracy: 0") throws {
    let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 10, height: 16, width: 16), seed: 3)
    let facts = CheckpointFacts(
      model: network.specification, role: "teacher", epoch: 1, data: "elsewhere", mean: [0, 0.5, 0.25],
      deviation: [1, 0.5, 0.125], classes: classes, recipeHash: "")
    try Checkpoint.write(network, facts, to: folder.appendingPathComponent("other.safetensors"))
    let recipe = TinyRun.recipe
      .replacing("model: resnet8 }", with: "model: resnet8, checkpoint: other.safetensors\(accuracy) }")
    try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
  }

  private static let data = [
    "--data", "part-shapes", "--set", "data.size=16", "--set", "data.train=64", "--set", "data.development=40", "--set",
    "data.test=24",
  ]

  @Test("answers in a run as it does when it is probed, and the report says how it was read")
  func answers() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, classes: ProbeSamples.classes.reversed())
      let outcome = try CommandLineTool.run(["run", "tiny.yaml"], in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      #expect(outcome.errors.contains("teacher other.safetensors: classifies "), "\(outcome.errors)")
      let stored = try #require(
        try Safetensors.read(TinyRun.training("teacher", in: folder).appendingPathComponent("logits-test.safetensors"))[
          "logits"])
      let probed = try CommandLineTool.run(
        ["probe", "logits", "other.safetensors", "--out", "y.safetensors"] + Self.data, in: folder)
      #expect(probed.code == 0 && probed.errors.contains("matched by name"), "\(probed.summary)")
      let expected = try #require(try Safetensors.read(folder.appendingPathComponent("y.safetensors"))["logits"])
      try expectClose(
        stored.floats(), expected.floats(), relative: 1e-4, absolute: 1e-4, shape: [24, 10])
      let report = try String(contentsOf: folder.appendingPathComponent("reports/tiny/report.md"), encoding: .utf8)
      #expect(report.contains("its own normalisation, mean 0.0, 0.5, 0.25, deviation 1.0, 0.5, 0.125"))
      #expect(report.contains("its classes are matched by name") && report.contains("It may have seen"))

      // The same weights with the names in the data's order answer the same in reverse.
      try lay(into: folder, classes: ProbeSamples.classes)
      let straight = try CommandLineTool.run(
        ["probe", "logits", "other.safetensors", "--out", "z.safetensors"] + Self.data, in: folder)
      #expect(straight.code == 0 && straight.errors.isEmpty, "\(straight.summary)")
      let values = try #require(try Safetensors.read(folder.appendingPathComponent("z.safetensors"))["logits"]).floats()
      let reversed = (0..<24).flatMap { row in (0..<10).map { values[10 * row + 9 - $0] } }
      try expectClose(expected.floats(), reversed, relative: 1e-5, absolute: 1e-5, shape: [24, 10])
    }
  }

  @Test("is the same from a foreign file, its network and its classes unnamed, where its normalisation is said")
  func foreign() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, classes: (0..<10).map(String.init))
      let converted = try CommandLineTool.run(["convert", "other.safetensors", "other.pth"], in: folder)
      #expect(converted.code == 0, "\(converted.summary)")
      let recipe = TinyRun.recipe.replacing(
        "{ model: resnet8 }", with: "{ checkpoint: other.pth, normalization: '0,0.5,0.25/1,0.5,0.125', accuracy: 0 }")
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      let outcome = try CommandLineTool.run(["run", "tiny.yaml"], in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let stored = try #require(
        try Safetensors.read(TinyRun.training("teacher", in: folder).appendingPathComponent("logits-test.safetensors"))[
          "logits"])
      let report = try String(contentsOf: folder.appendingPathComponent("reports/tiny/report.md"), encoding: .utf8)
      #expect(report.contains("its own normalisation, mean 0.0, 0.5, 0.25, deviation 1.0, 0.5, 0.125"))
      for (file, more) in [
        ("other.safetensors", []), ("other.pth", ["--normalization", "0,0.5,0.25/1,0.5,0.125"]),
      ] {
        let probed = try CommandLineTool.run(
          ["probe", "logits", file, "--out", "y.safetensors"] + Self.data + more, in: folder)
        #expect(probed.code == 0, "\(probed.summary)")
        let expected = try #require(try Safetensors.read(folder.appendingPathComponent("y.safetensors"))["logits"])
        try expectClose(stored.floats(), expected.floats(), relative: 1e-4, absolute: 1e-4, shape: [24, 10])
      }
      // Another one gives other answers, and one that is none is refused.
      let half = try CommandLineTool.run(
        ["probe", "logits", "other.pth", "--out", "z.safetensors", "--normalization", "half"] + Self.data, in: folder)
      #expect(half.code == 0, "\(half.summary)")
      let other = try #require(try Safetensors.read(folder.appendingPathComponent("z.safetensors"))["logits"]).floats()
      #expect(try zip(other, stored.floats()).contains { abs($0 - $1) > 0.01 })
      for (wrong, problem) in [
        ("imagenot", "is no"), ("1,2/3,4,5", "is no"), ("0,0,0/1,1,0", "is no"),
        ("127,127,127/58,58,58", "has means above 1"),
      ] {
        let refused = try CommandLineTool.run(
          ["probe", "logits", "other.pth", "--normalization", wrong] + Self.data, in: folder)
        #expect(refused.failed(2, "--normalization: '\(wrong)' \(problem)"), "\(refused.summary)")
      }
    }
  }

  @Test("is told of in the report where it is a further one, and what it takes for granted is never silent")
  func further() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, classes: ProbeSamples.classes.reversed())
      let recipe = TinyRun.recipe.replacing(
        "{ method: kd, weight: 0.9 }", with: "{ method: kd, weight: 0.9, further-teachers: [other.safetensors] }"
      ).replacing("{ model: resnet8 }", with: "{ model: resnet8, accuracy: 0 }")
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      let named = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder, timeout: 300)
      #expect(named.code == 0 && named.errors.isEmpty, "\(named.summary)")
      let report = try String(contentsOf: folder.appendingPathComponent("reports/tiny/report.md"), encoding: .utf8)
      #expect(report.contains("further teacher other.safetensors: it sees its images by its own normalisation"))
      #expect(report.contains("further teacher other.safetensors: its classes are matched by name"))

      try lay(into: folder, classes: (0..<10).map(String.init))
      let unnamed = try CommandLineTool.run(
        ["run", "tiny.yaml", "--quiet", "--set", "name=b"], in: folder, timeout: 300)
      #expect(
        unnamed.code == 0 && unnamed.errors.contains("the classes of file and data are not both named; output k"),
        "\(unnamed.summary)")
    }
  }

  @Test("is refused where its classes are others, with both names, in a run and by probes")
  func otherClasses() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, classes: (0..<10).map { "kind-\($0)" })
      let line = "other.safetensors: the network's classes are kind-0, kind-1,"
      for arguments in [
        ["run", "tiny.yaml"], ["probe", "accuracy", "other.safetensors"] + Self.data,
        ["probe", "compare", "other.safetensors", "other.safetensors"] + Self.data,
      ] {
        let outcome = try CommandLineTool.run(arguments, in: folder)
        #expect(
          outcome.code == 2 && outcome.errors.contains(line)
            && outcome.errors.contains("those of part-shapes are bird, fish, dog"), "\(outcome.summary)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs/tiny").path))
      // Logits are no judgement: they come in the network's own order, under its own names.
      let logits = try CommandLineTool.run(["probe", "logits", "other.safetensors"] + Self.data, in: folder)
      #expect(
        logits.code == 0 && logits.output.hasPrefix("checkpoint,image,class kind-0,")
          && logits.errors.contains("outputs are the network's own"), "\(logits.summary)")
    }
  }

  @Test(
    "is refused at chance, unless the recipe says that it is meant; so is a further teacher", arguments: [false, true])
  func chance(_ isFurther: Bool) throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder, classes: ProbeSamples.classes, accuracy: "")
      if isFurther {
        let recipe = TinyRun.recipe.replacing(
          "{ method: kd, weight: 0.9 }", with: "{ method: kd, weight: 0.9, further-teachers: [other.safetensors] }")
        try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
      }
      let outcome = try CommandLineTool.run(["train", "tiny.yaml", "--role", "baseline", "--quiet"], in: folder)
      #expect(
        outcome.failed(2, "other.safetensors: the teacher classifies ")
          && outcome.errors.contains("no more than by chance (95 % interval "), "\(outcome.summary)")
      let meant = try CommandLineTool.run(
        ["train", "tiny.yaml", "--role", "baseline", "--set", "teacher.accuracy=0", "--quiet"], in: folder)
      #expect(meant.code == 0, "\(meant.summary)")
    }
  }
}
