import Foundation
import Support
import TestSupport
import Testing

/// Trainings that come to a number that is none.
@Suite("A run in which a training diverges", .tags(.cli, .slow))
struct FailedTrainingTests {
  private func recipe(_ students: String, teacher: String = "resnet8", student: String = "cnn2", more: String = "")
    -> String
  {
    """
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: \(teacher) }
    student: { model: \(student) }
    students:
    \(students)
    training: { epochs: 2, batch: 16 }
    analysis: none
    threads: 1
    \(more)
    """
  }

  private func lay(_ recipe: String, into folder: URL) throws {
    try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
  }

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The networks that stand in a table.
  private func networks(_ table: String, in folder: URL) throws -> Set<String> {
    let lines = try text("notebooks-data/tiny/\(table).csv", in: folder).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    return Set(lines.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: " ") })
  }

  private static let students = """
      broken: { distillation: [ { method: logits, weight: 1000000 } ] }
      after: { teacher: broken, distillation: [ { method: kd } ] }
      good: { distillation: [ { method: kd } ] }
    """

  @Test("goes on with everything else, says so in log, report and exit code, and does not try again unless asked")
  func student() throws {
    try withTemporaryDirectory { folder in
      try lay(recipe(Self.students), into: folder)
      let line = "seed 1: broken diverged: "
      let outcome = try CommandLineTool.run(["run", "tiny.yaml"], in: folder)
      #expect(outcome.code == 1 && outcome.output.contains(line), "\(outcome.summary)")
      #expect(outcome.errors.contains(": left out, and with it after"), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").last?.contains("--retry-failed tries again") == true)
      #expect(try networks("tests", in: folder) == ["teacher 1", "baseline 1", "good 1"])
      #expect(try networks("training", in: folder) == ["teacher 1", "baseline 1", "good 1"])
      #expect(try text("reports/tiny/report.md", in: folder).contains(line))
      #expect(try text("reports/tiny/recipe.yaml", in: folder).contains("broken"))
      let shown = try CommandLineTool.run(["runs", "show", "tiny"], in: folder)
      #expect(shown.output.contains("left out with broken, which diverged"), "\(shown.output)")
      #expect(shown.output.contains("reported"))

      // A mark that a second try would overwrite.
      let failure = folder.appendingPathComponent("runs/tiny/seed-1/broken/failure.json")
      let noted = try String(contentsOf: failure, encoding: .utf8)
      let marked = noted.replacing("is not a number", with: "is marked")
      #expect(marked != noted)
      try Data(marked.utf8).write(to: failure)
      let resumed = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: folder)
      #expect(resumed.code == 1 && resumed.errors.contains("is marked"), "\(resumed.summary)")
      #expect(resumed.errors.count { $0 == "\n" } == 1, "\(resumed.errors)")
      let report = try CommandLineTool.run(["report", "tiny", "--quiet", "--card"], in: folder)
      #expect(report.code == 0 && report.errors.isEmpty, "\(report.summary)")
      let cards = report.output.split(separator: "\n").filter { $0.contains("/cards/") }
      #expect(cards.count == 1 && cards.allSatisfy { FileManager.default.fileExists(atPath: String($0)) })
      #expect(try text("reports/tiny/report.md", in: folder).contains("is marked"))
      let again = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet", "--retry-failed"], in: folder)
      #expect(again.code == 1 && !again.errors.contains("is marked"), "\(again.summary)")
      #expect(try String(contentsOf: failure, encoding: .utf8) == noted)

      let trained = try CommandLineTool.run(["train", "tiny.yaml", "--role", "good", "--quiet"], in: folder)
      #expect(trained.code == 0, "\(trained.summary)")
      let other = try CommandLineTool.run(["train", "tiny.yaml", "--role", "after", "--quiet"], in: folder)
      #expect(other.code == 1 && other.errors.contains(line), "\(other.summary)")
    }
  }

  @Test("reports what does not ask the teacher where the teacher diverges")
  func teacher() throws {
    try withTemporaryDirectory { folder in
      let students = """
          asks: { distillation: [ { method: kd } ] }
          alone: { distillation: [ { method: label-smoothing } ] }
        """
      try lay(recipe(students), into: folder)
      let trained = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder)
      #expect(trained.code == 0, "\(trained.summary)")
      try noteFailure(of: "teacher", seed: 1, in: folder)
      for role in ["teacher", "asks"] {
        try FileManager.default.removeItem(
          at: folder.appendingPathComponent("runs/tiny/seed-1/\(role)/epoch-002.safetensors"))
      }
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: folder)
      #expect(outcome.code == 1, "\(outcome.summary)")
      #expect(
        outcome.errors.contains("teacher diverged: not a number: left out, and with it asks"), "\(outcome.errors)")
      #expect(try networks("tests", in: folder) == ["baseline 1", "alone 1"])
    }
  }

  @Test("ends in one line without a report where nothing is left to be held against anything")
  func all() throws {
    try withTemporaryDirectory { folder in
      try lay(recipe(Self.students), into: folder)
      let outcome = try CommandLineTool.run(
        ["run", "tiny.yaml", "--quiet", "--set", "training.learning-rate=100"], in: folder)
      #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(outcome.errors.contains("; without them there is nothing to report; lower training.learning-rate"))
      #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/reports/tiny/report.md"))
    }
  }

  /// As a training leaves it that diverges.
  private func noteFailure(of role: String, seed: Int, in folder: URL) throws {
    let mark = try text("runs/tiny/training.sha256", in: folder)
    let failure = #"{ "recipe": "\#(mark)", "problem": "not a number", "description": "" }"#
    try Data(failure.utf8).write(to: folder.appendingPathComponent("runs/tiny/seed-\(seed)/\(role)/failure.json"))
  }

  @Test("measures and judges the seeds that are left", arguments: ["good", "baseline"])
  func seeds(_ role: String) throws {
    try withTemporaryDirectory { folder in
      let analysis = "{ layers: [conv2], probe-images: 4, position-images: 4, grid: 4, draws: 4, iterations: 4 }"
      let students = """
          good: { distillation: [ { method: kd } ] }
          other: { distillation: [ { method: logits } ] }
        """
      try lay(
        recipe(students, more: "seeds: 3").replacing("analysis: none", with: "analysis: \(analysis)"), into: folder)
      let whole = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder, timeout: 300)
      #expect(whole.code == 0, "\(whole.summary)")
      let before = try networks("tests", in: folder)
      // The first seed is that of the figures.
      try noteFailure(of: role, seed: 1, in: folder)
      let report = try CommandLineTool.run(["report", "tiny", "--quiet"], in: folder)
      #expect(report.code == 0, "\(report.summary)")
      #expect(try text("reports/tiny/report.md", in: folder).contains("seed 1: \(role) diverged: not a number"))
      #expect(try networks("tests", in: folder) == before.subtracting(["\(role) 1"]))
      #expect(try !networks("conv2-maps", in: folder).contains("\(role) 1"))
      let judged = try text("notebooks-data/tiny/accuracy-comparisons.csv", in: folder).split(separator: "\n")
      let good = try #require(judged.first { $0.hasPrefix("good,") }?.split(separator: ","))
      #expect(good[1] == "2", "\(good)")
      let resumed = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet", "--retry-failed"], in: folder)
      #expect(resumed.code == 0, "\(resumed.summary)")
      #expect(try networks("tests", in: folder) == before)
    }
  }
}
