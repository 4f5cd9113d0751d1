import Experiments
import Foundation
import Support
import TestSupport
import Testing

@Suite("Runs side by side")
struct RunComparisonTests {
  /// Lays a run whose networks have these test accuracies by seed.
  private func lay(_ name: String, _ accuracies: [Int: Double], _ root: URL) throws {
    let folders = ExperimentFolders(root: root, name: name)
    try Folders.create(folders.run)
    try Data("name: \(name)\nbroken".utf8).write(to: folders.recipe)
    try Folders.create(folders.tables)
    let rows = accuracies.sorted { $0.key < $1.key }.map { "kd,\($0.key),\($0.value),1.5,,\n" }.joined()
    try Data(("role,seed,test_accuracy,test_loss,agreement,divergence\n" + rows).utf8).write(
      to: folders.tables.appendingPathComponent("tests.csv"))
  }

  private func verdict(_ a: [Int: Double], _ b: [Int: Double]) throws -> RunComparison.Row? {
    try withTemporaryDirectory { root in
      try lay("a", a, root)
      try lay("b", b, root)
      let runs = try ["a", "b"].map { try StoredRun($0, below: root) }
      return try RunComparison(runs).rows.first { $0.run == "b" && $0.quantity == "test_accuracy" }
    }
  }

  @Test("are paired over the seeds that both have")
  func paired() throws {
    // Differences 0.10, 0.11, 0.12: mean 0.11, half-width 4.3027 · 0.01 / √3.
    let row = try #require(try verdict([1: 0.5, 2: 0.6, 3: 0.4, 9: 0.1], [1: 0.6, 2: 0.71, 3: 0.52, 8: 0.9]))
    let difference = try #require(row.difference)
    #expect(difference.count == 3 && row.estimate.count == 4)
    #expect(abs(difference.value - 0.11) < 1e-12 && abs((difference.halfWidth ?? 0) - 0.024842) < 1e-5)
    #expect(row.verdict == "better")
  }

  @Test("are judged only as far as the seeds go")
  func verdicts() throws {
    #expect(try verdict([1: 0.5, 2: 0.6], [1: 0.4, 2: 0.5])?.verdict == "worse")
    #expect(try verdict([1: 0.5], [1: 0.6])?.verdict == "cannot tell with one seed")
    #expect(try verdict([1: 0.5], [2: 0.6])?.verdict == "no seeds in common")
    #expect(try verdict([1: 0.5, 2: 0.5], [1: 0.5, 2: 0.5])?.verdict == "equal")
    // Differences 0.01 and 0.03: t(0.975; n − 1) · 0.0141421 / √n falls below 0.02 at n = 5 (0.01756; n = 4: 0.0225).
    #expect(
      try verdict([1: 0.5, 2: 0.5], [1: 0.51, 2: 0.53])?.verdict
        == "cannot tell with 2 seeds; about 5 would be needed")
  }

  @Test("on other test images are refused, with what differs")
  func otherData() throws {
    try withTemporaryDirectory { root in
      try lay("a", [1: 0.5], root)
      try lay("b", [1: 0.6], root)
      func note(_ name: String, images: String, classes: String) throws {
        let split = "{\"count\": 3, \"images\": \"\(images)\", \"labels\": \"l\"}"
        let text = """
          {"seed": 1, "threads": 1, "takesAllThreads": false, "classes": [\(classes)], "teachers": {},
           "splits": {"test": \(split)}}
          """
        try Data(text.utf8).write(
          to: ExperimentFolders(root: root, name: name).run.appendingPathComponent("basis.json"))
      }
      func line() throws -> String? {
        let runs = try ["a", "b"].map { try StoredRun($0, below: root) }
        do { _ = try RunComparison(runs) } catch let error as InputError { return error.description }
        return nil
      }
      try note("a", images: "one", classes: "\"x\", \"y\"")
      // A run from before its data were noted.
      #expect(try line() == nil)
      try note("b", images: "one", classes: "\"x\", \"y\"")
      #expect(try line() == nil)
      try note("b", images: "two", classes: "\"x\", \"y\"")
      #expect(try line() == "b: was tested on other data than a: test images; compare runs on the same data")
      try note("b", images: "one", classes: "\"y\", \"x\"")
      #expect(try line() == "b: has the classes y, x, and a has x, y; compare runs on the same data")
    }
  }

  @Test("are found by name and by the path of their folder, which tells two of one name apart", arguments: ["", "/"])
  func paths(_ end: String) throws {
    try withTemporaryDirectory { root in
      let other = root.appendingPathComponent("other")
      try lay("a", [1: 0.5, 2: 0.6], root)
      try lay("b", [1: 0.4, 2: 0.5], root)
      try lay("a", [1: 0.7, 2: 0.8], other)
      let path = other.appendingPathComponent("runs/a").path
      let runs = try ["a", "\(root.path)/runs/b\(end)", path + end].map { try StoredRun($0, below: root) }
      #expect(runs.map(\.name) == ["a", "b", "a"])
      #expect(runs[2].folders.tables.path == other.appendingPathComponent("notebooks-data/a").path)
      let rows = try RunComparison(runs).rows.filter { $0.quantity == "test_accuracy" }
      #expect(rows.map(\.run) == ["\(root.path)/runs/a", "b", path])
      #expect(rows.map(\.verdict) == ["", "worse", "better"])
    }
  }

  @Test("are refused by a path that leads to no run")
  func wrongPaths() throws {
    try withTemporaryDirectory { root in
      try lay("a", [1: 0.5], root)
      for (path, expected) in [
        ("/runs/c", "there is no such run; known: a"),
        ("/notebooks-data/a", "is no folder of a run; give its name, or its path as …/runs/NAME"),
        ("/runs", "is no folder of a run; give its name"),
      ] {
        let error = #expect(throws: InputError.self) { try StoredRun(root.path + path, below: root) }
        #expect(error?.description.hasPrefix("\(root.path + path): \(expected)") == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test("with a broken recipe are told to be broken, and unknown ones are refused with those that are there")
  func states() throws {
    try withTemporaryDirectory { root in
      try lay("a", [1: 0.5], root)
      let runs = StoredRun.all(below: root)
      #expect(runs.map(\.name) == ["a"] && runs[0].state == .unreadable && runs[0].problem != nil)
      for name in ["b", ".", ""] {
        let error = #expect(throws: InputError.self) { try StoredRun(name, below: root) }
        #expect(error?.description == "\(name): there is no such run; known: a")
      }
    }
  }

  @Test("are removed whole, and nothing outside runs/ is")
  func removal() throws {
    try withTemporaryDirectory { root in
      try lay("a", [1: 0.5], root)
      try lay("target", [1: 0.5], root)
      let link = root.appendingPathComponent("runs/link")
      try FileManager.default.createSymbolicLink(
        at: link, withDestinationURL: root.appendingPathComponent("runs/target"))
      #expect(throws: InputError.self) { try StoredRun("link", below: root).remove() }
      try StoredRun("a", below: root).remove()
      #expect(StoredRun.all(below: root).map(\.name) == ["link", "target"])
      #expect(FileManager.default.fileExists(atPath: root.path + "/notebooks-data/a/tests.csv"))
    }
  }
}
