import Foundation
import Support
import TestSupport
import Testing

/// Networks that another run below the same folder has trained already.
@Suite("A run that would train what another one has", .tags(.cli, .slow))
struct SharedTrainingTests {
  private static let head = """
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    training: { epochs: 2, batch: 16 }
    analysis: none
    threads: 1

    """
  private static let one = "name: one\n\(head)students: { same: { distillation: [ { method: kd } ] } }\n"
  private static let two = """
    name: two
    \(head)students:
      same: { distillation: [ { method: kd } ] }
      other: { teacher: same, distillation: [ { method: logits } ] }

    """

  private func lay(into folder: URL) throws {
    try Data(Self.one.utf8).write(to: folder.appendingPathComponent("one.yaml"))
    try Data(Self.two.utf8).write(to: folder.appendingPathComponent("two.yaml"))
  }

  private func run(_ name: String, _ more: [String] = [], in folder: URL) throws -> String {
    let outcome = try CommandLineTool.run(["run", "\(name).yaml"] + more, in: folder)
    #expect(outcome.code == 0, "\(outcome.summary)")
    return outcome.errors
  }

  private func tensors(_ name: String, in folder: URL) throws -> [String: String] {
    try Fingerprints.tensors(below: folder.appendingPathComponent("runs/\(name)"))
  }

  /// The networks that a run took over, by its log.
  private func taken(_ log: String) -> [String] {
    log.split(separator: "\n").filter { $0.contains("taken over from") }
      .compactMap { $0.split(separator: ",").first?.split(separator: ":").first?.split(separator: " ").last }
      .map(String.init)
  }

  @Test("takes it over to the same bits, goes on from it after a resume, and trains what is another")
  func taken() throws {
    try withTemporaryDirectory { folder in
      try withTemporaryDirectory { alone in
        for place in [folder, alone] { try lay(into: place) }
        #expect(try taken(run("one", in: folder)).isEmpty)
        let first = try tensors("one", in: folder)
        #expect(try taken(run("two", in: folder)) == ["teacher", "baseline", "same"])
        _ = try run("two", in: alone)
        let (shared, own) = (try tensors("two", in: folder), try tensors("two", in: alone))
        #expect(shared == own && shared.keys.contains { $0.contains("other/") })
        #expect(try tensors("one", in: folder) == first)
        let key = try Data(contentsOf: folder.appendingPathComponent("runs/two/seed-1/other/key.json"))
        #expect(try key == Data(contentsOf: alone.appendingPathComponent("runs/two/seed-1/other/key.json")))
        #expect(try taken(run("two", ["--resume"], in: folder)).isEmpty)
        // The other run may go.
        try FileManager.default.removeItem(at: folder.appendingPathComponent("runs/one"))
        _ = try run("two", ["--resume", "--seeds", "2"], in: folder)
      }
    }
  }

  static let changes: [(changes: [String], taken: [String])] = [
    (["--set", "training.gradients=1"], []), (["--set", "data.pad-crop=0"], []), (["--set", "training.batch=32"], []),
    (["--seed", "2"], []), (["--set", "teacher.epochs=1"], ["baseline"]), (["--tensorboard"], []),
    (
      ["--set", "analysis={ layers: [conv2], probe-images: 2, grid: 4, draws: 4, iterations: 4, position: none }"], all
    ),
    (["--set", "teacher.model=resnet14"], ["baseline"]), (["--set", "data.test=20"], all),
  ]
  private static let all = ["teacher", "baseline", "same"]

  @Test("takes nothing over that something else decides", arguments: changes.indices)
  func others(_ index: Int) throws {
    let (changes, expected) = Self.changes[index]
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      _ = try run("one", in: folder)
      #expect(try taken(run("one", ["--set", "name=again"] + changes, in: folder)) == expected, "\(changes)")
    }
  }

  @Test("takes nothing over from a run without keys, of another machine, or that is not finished")
  func strange() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      _ = try run("one", in: folder)
      let place = folder.appendingPathComponent("runs/one/seed-1")
      try FileManager.default.removeItem(at: place.appendingPathComponent("teacher/key.json"))
      let key = place.appendingPathComponent("baseline/key.json")
      let text = try String(contentsOf: key, encoding: .utf8)
      #expect(text.contains("libdnnl.so.") && text.contains("libopenblas"), "\(text)")
      let changed = text.replacing(#/"made" : "/#, with: "\"made\" : \"other ")
      #expect(changed != text)
      try Data(changed.utf8).write(to: key)
      try FileManager.default.removeItem(at: place.appendingPathComponent("same/state/latest.safetensors"))
      #expect(try taken(run("one", ["--set", "name=again"], in: folder)).isEmpty)
    }
  }
}
