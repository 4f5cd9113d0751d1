import Foundation
import TestSupport
import Testing

@Suite("A run that is there is asked for by another recipe", .tags(.cli))
struct OtherRecipeTests {
  private func run(_ more: [String], in folder: URL) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["run", "small.yaml", "--resume", "--quiet"] + more, in: folder)
  }

  @Test(
    "and the line names the key with its old and its new value",
    arguments: [
      ("training.batch=6", "training.batch was 8 and is 6"),
      ("training.learning-rate=0.01", "training.learning-rate was 0.05 and is 0.01"),
      ("distillation.0.temperature=3", "students.student.distillation.0.temperature was 4 and is 3"),
      ("data.development=5", "data.development was 6 and is 5"),
      ("data.cutout=3", "data.cutout was not there and is 3"),
      ("student.model=cnn4", "student.model was \"cnn2\" and is \"cnn4\""),
      ("training.epochs=2", "training.epochs was 1 and is 2; more epochs cannot be added: a cosine schedule"),
    ])
  func differences(_ change: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder)
      #expect(try run(["--set", "analysis.epochs=[1]"], in: folder).code == 0)
      let measured = change.hasPrefix("training.epochs") ? "analysis.epochs=[2]" : "analysis.epochs=[1]"
      let outcome = try run(["--set", change, "--set", measured], in: folder)
      #expect(
        outcome.failed(2, "") && outcome.errors.contains("started with another recipe: \(expected)"),
        "\(outcome.summary)")
    }
  }

  private static let constant = "training: { epochs: 1, batch: 8, schedule: { kind: constant } }"

  /// A recipe of some epochs, laid into a folder.
  private func lay(
    _ epochs: Int, into folder: URL, training: String = constant, student: String = "[ { method: kd } ]",
    teacher: String = "{ model: resnet8, epochs: 1 }"
  ) throws {
    try SmallArrays.lay(
      into: folder,
      [
        ("training: { epochs: 1, batch: 8 }", training), ("epochs: 1, batch", "epochs: \(epochs), batch"),
        ("epochs: [1]", "epochs: [\(epochs)]"), ("{ model: resnet8 }", teacher),
        ("distillation: [ { method: kd } ]", "distillation: \(student)"),
      ])
  }

  @Test("that adds epochs, which come to the bits of a training that had them from the start, twice")
  func longer() throws {
    try withTemporaryDirectory { folder in
      let (steps, whole) = (folder.appendingPathComponent("steps"), folder.appendingPathComponent("whole"))
      for place in [steps, whole] {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      }
      for epochs in 1...3 {
        try lay(epochs, into: steps)
        let outcome = try run([], in: steps)
        #expect(outcome.code == 0, "\(outcome.summary)")
      }
      try lay(3, into: whole)
      #expect(try run([], in: whole).code == 0)
      func weights(_ place: URL) throws -> [String: String] {
        try Fingerprints.tensors(below: place.appendingPathComponent("runs/small/seed-1"))
          .filter { !$0.key.contains("maps-") && !$0.key.contains("logits") }
      }
      let (found, expected) = (try weights(steps), try weights(whole))
      #expect(found.count > 10 && found == expected)
      // What is finished stays so.
      #expect(try run([], in: steps).code == 0)
    }
  }

  @Test(
    "that adds epochs where the training would be another one, which is said",
    arguments: [
      ("{ kind: polynomial }", "[ { method: kd } ]", "{ model: resnet8, epochs: 1 }", "a polynomial schedule falls"),
      ("{ kind: constant }", "[ { method: kd } ]", "{ model: resnet8 }", "the teacher's follow training.epochs"),
      ("{ kind: exponential }", "[ { method: kd } ]", "{ model: resnet8, epochs: 1 }", "stretched to its epochs"),
      ("{ kind: constant }", "[ { method: bss } ]", "{ model: resnet8, epochs: 1 }", "bss of student changes over all"),
    ])
  func refused(_ schedule: String, _ student: String, _ teacher: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      let training = "training: { epochs: 1, batch: 8, schedule: \(schedule) }"
      try lay(1, into: folder, training: training, student: student, teacher: teacher)
      let first = try run([], in: folder)
      #expect(first.code == 0, "\(first.summary)")
      try lay(2, into: folder, training: training, student: student, teacher: teacher)
      let outcome = try run([], in: folder)
      #expect(outcome.failed(2, "") && outcome.errors.contains(expected), "\(outcome.summary)")
    }
  }
}
