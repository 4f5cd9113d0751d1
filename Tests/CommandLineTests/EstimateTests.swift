import Foundation
import Support
import TestSupport
import Testing

@Suite("What a run will take", .tags(.cli, .slow))
struct EstimateTests {
  private func estimate(_ more: [String] = [], in folder: URL) throws -> [String: Any] {
    let outcome = try CommandLineTool.run(["recipe", "--check", "tiny.yaml", "--json"] + more, in: folder)
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.summary)")
    let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    return try #require(page["estimate"] as? [String: Any])
  }

  /// Bytes of everything below the run's folder.
  private func written(in folder: URL) throws -> Int {
    let run = folder.appendingPathComponent("runs")
    return try Fingerprints.files(below: run).reduce(0) { sum, file in
      let path = run.appendingPathComponent(file).path
      return try sum + (FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    }
  }

  @Test(
    "on disk is what it writes, and little more, whatever is kept",
    arguments: [
      [], ["--set", "training.keep=measured", "--set", "analysis.epochs=[0, 6]", "--set", "training.epochs=6"],
      ["--set", "training.keep=last", "--set", "analysis=none", "--set", "training.epochs=6"],
    ])
  func bytes(_ settings: [String]) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let bytes = try #require(estimate(settings, in: folder)["bytes"] as? Int)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"] + settings, in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      // A second state stands beside the first while it is written, and a checkpoint until the next one is safe, which
      // are most of so short a run; headers, logs and answers are not counted.
      let written = try written(in: folder)
      #expect(bytes > written * 9 / 10 && bytes < written * 5 / 2, "\(bytes) of \(written)")
    }
  }

  @Test("is counted exactly, and told before the work; what is done is no more told")
  func counts() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let estimate = try estimate(in: folder)
      #expect(estimate["trainings"] as? Int == 4 && estimate["epochs"] as? Int == 8)
      let maps = try #require(estimate["maps"] as? Int)
      #expect((estimate["seconds"] as? Double).map { (0...600).contains($0) } == true)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml"], in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let line = "\n4 networks to train, 8 epochs; \(maps) maps to measure; about "
      let told = try #require(outcome.errors.range(of: line), "\(outcome.summary)")
      let begun = try #require(outcome.errors.range(of: "training teacher: epoch 1/2"))
      #expect(told.upperBound < begun.lowerBound)
      let files = Fingerprints.files(below: folder).filter { $0.contains("/maps-") }
      #expect(maps == 4 * files.count)
      let again = try CommandLineTool.run(["run", "tiny.yaml", "--resume"], in: folder, timeout: 300)
      #expect(again.code == 0 && !again.errors.contains("to train"), "\(again.summary)")
      // A seed more, which has no teacher of its own.
      let own = maps - 4 * files.count { $0.contains("/teacher/") }
      let more = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--seeds", "2"], in: folder, timeout: 300)
      #expect(more.errors.contains("3 networks to train, 6 epochs; \(own) maps to measure; "), "\(more.summary)")
    }
  }

  @Test("is listed job by job: what each needs comes before it, and together they are the whole")
  func jobs() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(["recipe", "--check", "tiny.yaml", "--jobs", "--json"], in: folder)
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let (estimate, jobs) = (
        try #require(page["estimate"] as? [String: Any]), try #require(page["jobs"] as? [[String: Any]])
      )
      var seen: Set<String> = []
      for job in jobs {
        let needs = try #require(job["needs"] as? [String])
        #expect(seen.isSuperset(of: needs), "\(job)")
        seen.insert(try #require(job["name"] as? String))
      }
      #expect(seen.count == jobs.count && jobs.count == 4 + 4 + 3)
      let student = jobs.first { $0["name"] as? String == "training features, seed 1" }
      #expect(student?["needs"] as? [String] == ["training teacher"] && student?["amount"] as? String == "2 epochs")
      #expect(jobs.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) } == estimate["bytes"] as? Int)
      let seconds = jobs.reduce(0) { $0 + ($1["seconds"] as? Double ?? .nan) }
      #expect(abs(seconds - (estimate["seconds"] as? Double ?? .nan)) < 1.5)
      let text = try CommandLineTool.run(["recipe", "--check", "tiny.yaml", "--jobs"], in: folder)
      #expect(text.output.contains("measuring conv2 of features, seed 1") && text.output.contains("jobs above"))
      let refused = try CommandLineTool.run(["recipe", "--example", "--jobs"], in: folder)
      #expect(refused.failed(2, "--jobs: needs a recipe; add --check FILE"), "\(refused.summary)")
    }
  }

  @Test(
    "is refused in one line where no disk has that much room", arguments: ["recipe --check tiny.yaml", "run tiny.yaml"])
  func room(_ command: String) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let huge = ["--seeds", "200", "--set", "training.epochs=10000", "--set", "student.model=resnet20"]
      let students = ["--set", "students={ logits: { distillation: [ { method: kd } ] } }"]
      let outcome = try CommandLineTool.run(
        command.split(separator: " ").map(String.init) + huge + students
          + ["--set", "analysis=none"], in: folder, timeout: 120)
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)")
      #expect(outcome.errors.contains("/runs/tiny: the run writes about ") && outcome.errors.contains(" TiB"))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs"))
    }
  }
}
