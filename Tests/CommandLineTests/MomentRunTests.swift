import Foundation
import Support
import TestSupport
import Testing

/// Weights inside of epochs: kept, measured, learned from, and none of them changes a training.
@Suite("A run with moments inside of its epochs", .tags(.cli, .slow))
struct MomentRunTests {
  private static let recipe = """
    name: parts
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet8, epochs: 2, accuracy: 0 }
    student: { model: cnn2 }
    students:
      kd: { distillation: [ { method: kd } ] }
      early: { teacher: { epoch: 0.5 }, distillation: [ { method: kd } ] }
      dml: { distillation: [ { method: dml } ] }
      ft: { distillation: [ { method: factor-transfer } ] }
    training: { epochs: 2, batch: 16, learning-rate: 0.01, checkpoints: [0.25, 0.5] }
    analysis:
      layers: [conv2]
      probe-images: 2
      position-images: 4
      grid: 4
      draws: 4
      iterations: 4
      procedure: both
      published: { candidates: 2, draws: 2, steps: 2, extra-steps: 2 }
    threads: 1

    """

  private func run(_ arguments: [String], in folder: URL) throws {
    try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("parts.yaml"))
    let outcome = try CommandLineTool.run(arguments + ["--quiet"], in: folder)
    #expect(outcome.code == 0, "\(outcome.summary)")
  }

  @Test("has them for every network, in tables and as a teacher, and goes on after kills to the same bits")
  func parts() throws {
    try withTemporaryDirectory { folder in
      let names = ["whole", "killed", "without"].map(folder.appendingPathComponent)
      for name in names { try FileManager.default.createDirectory(at: name, withIntermediateDirectories: true) }
      try run(["run", "parts.yaml"], in: names[0])
      try Data(Self.recipe.utf8).write(to: names[1].appendingPathComponent("parts.yaml"))
      for file in ["teacher/epoch-000.25", "kd/epoch-000.5", "dml/peer-2/epoch-000.25", "early/epoch-001"] {
        let program = try CommandLineTool.start(["run", "parts.yaml", "--resume", "--quiet"], in: names[1])
        let path = names[1].appendingPathComponent("runs/parts/seed-1/\(file).safetensors").path
        program.wait(until: { access(path, F_OK) == 0 })
        program.send(SIGKILL)
        _ = program.wait()
      }
      try run(["run", "parts.yaml", "--resume"], in: names[1])
      let (whole, killed) = (try weights(names[0]), try weights(names[1]))
      #expect(whole == killed)
      try run(
        ["run", "parts.yaml", "--set", "training.checkpoints=[]", "--set", "students.early.teacher.epoch=1"],
        in: names[2])
      let plain = try weights(names[2])
      let changed = plain.filter {
        !$0.key.contains("/early/") && !$0.key.contains("/maps-") && whole[$0.key] != $0.value
      }
      #expect(changed.isEmpty, "\(changed.keys.sorted().prefix(3))")
      // A stage before the joint training moves its moments.
      for file in ["teacher/epoch-000.5", "baseline/epoch-000.25", "dml/peer-2/epoch-000.5", "ft/epoch-005.25"] {
        #expect(whole.keys.contains { $0.contains("\(file).safetensors") }, "\(file)")
      }
      let gaps = try String(
        contentsOf: names[0].appendingPathComponent("notebooks-data/parts/conv2-gap.csv"), encoding: .utf8)
      let epochs = Set(
        gaps.split(separator: "\n").map { $0.split(separator: ",").dropFirst(2).first.map(String.init) ?? "" })
      #expect(epochs.isSuperset(of: ["0", "0.25", "0.5", "1", "2"]) && !epochs.contains("1.0"))
      try run(["report", "parts"], in: names[0])
    }
  }

  private func weights(_ folder: URL) throws -> [String: String] {
    try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
  }

  static let refused: [(change: (String, String), line: String)] = [
    (("checkpoints: [0.25, 0.5]", "checkpoints: [0.25, 2.5]"), "checkpoints cannot be used"),
    (("checkpoints: [0.25, 0.5]", "checkpoints: [0.5, 1]"), "checkpoints cannot be used"),
    (("checkpoints: [0.25, 0.5]", "checkpoints: [0.5, 0.5]"), "checkpoints cannot be used"),
    (
      ("epoch: 0.5", "epoch: 0.75"),
      "the weights of teacher at epoch 0.75 are not kept; those inside of epochs are 0.25, 0.5"
    ),
    (("epoch: 0.5", "epoch: 2.5"), "teacher has 2 epochs, and epoch is 2.5; it takes 0 to 2"),
    (("layers: [conv2]", "layers: [conv2]\n  epochs: [0.3, 2]"), "the weights at epoch 0.3 are not kept; add 0.3 to"),
  ]

  @Test("is refused where a moment is none", arguments: refused.indices)
  func refusals(_ index: Int) throws {
    try withTemporaryDirectory { folder in
      let (change, line) = Self.refused[index]
      #expect(Self.recipe.contains(change.0))
      try Data(Self.recipe.replacing(change.0, with: change.1).utf8).write(
        to: folder.appendingPathComponent("parts.yaml"))
      let outcome = try CommandLineTool.run(["recipe", "--check", "parts.yaml"], in: folder)
      #expect(outcome.failed(2, "parts.yaml:") && outcome.errors.contains(line), "\(outcome.summary)")
    }
  }

  static let same: [(moments: String, line: String)] = [
    ("[0.3, 0.26]", "0.3 and 0.26 have the same weights: an epoch has 4 steps; take moments that are multiples of 1/4"),
    ("[0.01, 0.2]", "0.2 and 0.01 have the same weights"),
    ("[1.99]", "1.99 and the end of epoch 2 have the same weights"),
  ]

  @Test("is refused where two moments are one step", arguments: same.indices)
  func coinciding(_ index: Int) throws {
    try withTemporaryDirectory { folder in
      let (moments, line) = Self.same[index]
      let text = Self.recipe.replacing("[0.25, 0.5]", with: moments).replacing("teacher: { epoch: 0.5 }, ", with: "")
      try Data(text.utf8).write(to: folder.appendingPathComponent("parts.yaml"))
      for command in [["recipe", "--check", "parts.yaml"], ["run", "parts.yaml", "--quiet"]] {
        let outcome = try CommandLineTool.run(command, in: folder)
        #expect(outcome.failed(2, "training.checkpoints: ") && outcome.errors.contains(line), "\(outcome.summary)")
      }
    }
  }

  @Test(
    "has the way of the weights grow from moment to moment, with few epochs kept, and its moments are past for a resume"
  )
  func way() throws {
    try withTemporaryDirectory { folder in
      let text = Self.recipe.replacing("teacher: { epoch: 0.5 }, ", with: "").replacing(
        "procedure: both", with: "position: none"
      )
      .replacing(
        "published: { candidates: 2, draws: 2, steps: 2, extra-steps: 2 }",
        with: "epochs: [0, 0.25, 0.5, 1.25, 1.75, 2]"
      )
      .replacing(
        "checkpoints: [0.25, 0.5]",
        with:
          "keep: measured, momentum: 0, nesterov: false, schedule: { kind: constant }, checkpoints: [0.25, 0.5, 1.25, 1.75]"
      )
      .replacing("learning-rate: 0.01", with: "learning-rate: 0.5")
      try Data(text.utf8).write(to: folder.appendingPathComponent("parts.yaml"))
      let outcome = try CommandLineTool.run(["run", "parts.yaml", "--quiet"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let table = try String(
        contentsOf: folder.appendingPathComponent("notebooks-data/parts/conv2-distances.csv"), encoding: .utf8)
      for role in ["baseline", "kd", "ft"] {
        let way = table.split(separator: "\n").filter { $0.hasPrefix("\(role),") }
          .compactMap { Double($0.split(separator: ",", omittingEmptySubsequences: false)[3]) }
        #expect(way.count == 6 && way == way.sorted() && Set(way).count == 6, "\(role) \(way)")
      }
      let other = try CommandLineTool.run(
        [
          "run", "parts.yaml", "--resume", "--quiet", "--set", "training.checkpoints=[0.75]", "--set",
          "analysis.epochs=[0, 2]",
        ],
        in: folder)
      #expect(
        other.code == 2 && other.errors.contains("is past epoch 0.75, whose weights were not kept"), "\(other.summary)")
    }
  }
}
