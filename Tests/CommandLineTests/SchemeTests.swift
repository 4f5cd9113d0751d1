import Foundation
import Support
import TestSupport
import Testing

/// Trainings in which not one teacher teaches one student: chains, early teachers, peers, averages, several teachers.
@Suite("A run with schemes of many networks", .tags(.cli, .slow))
struct SchemeTests {
  static let recipe = """
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet14, epochs: 2, accuracy: 0 }
    student: { model: resnet8 }
    teachers:
      wide: { model: resnet8, epochs: 1 }
      filed: { checkpoint: other.safetensors, accuracy: 0 }
    assistants:
      small: { model: cnn2, teacher: large, distillation: [ { method: kd } ] }
      copy: { model: resnet8, distillation: [ { method: label-smoothing, weight: 0 } ] }
      twin: { model: resnet8, apart: true, distillation: [ { method: label-smoothing, weight: 0 } ] }
      large: { model: cnn4, labels: { weight: 0.5 }, distillation: [ { method: kd, weight: 0.5 } ] }
    students:
      chain: { teacher: small, distillation: [ { method: kd } ] }
      early: { teacher: { epoch: 1 }, distillation: [ { method: kd } ] }
      again: { teacher: { by: chain, epoch: 1 }, distillation: [ { method: kd } ] }
      by-twin: { teacher: twin, distillation: [ { method: kd } ] }
      by-copy: { teacher: copy, distillation: [ { method: kd } ] }
      direct: { distillation: [ { method: kd } ] }
      last: { teacher: { epoch: 2 }, distillation: [ { method: kd } ] }
      dml: { distillation: [ { method: dml, peers: [cnn2, resnet8] } ] }
      mean: { distillation: [ { method: mean-teacher, decay: 0.9 } ] }
      byot: { distillation: [ { method: byot } ] }
      several: { distillation: [ { method: ca-mkd, further-teachers: [other.safetensors] } ] }
      wide-taught: { teacher: { by: wide, epoch: 1 }, distillation: [ { method: kd } ] }
      file-taught: { teacher: filed, distillation: [ { method: kd } ] }
      mixed: { distillation: [ { method: multi-average, further-teachers: [wide, filed, direct] } ] }
      unseen: { omit: [3], teacher-view: clean, distillation: [ { method: kd } ] }
      shares: { distillation: [ { method: multi-average, further-teachers: [other.safetensors] } ] }
    training: { epochs: 2, batch: 16, learning-rate: 0.01, keep: last }
    analysis: none
    threads: 1

    """

  /// Folder with the recipe and the file of a further teacher.
  private func lay(into folder: URL) throws {
    try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
    let other = """
      name: other
      data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24 }
      teacher: { model: resnet8, epochs: 1 }
      student: { model: resnet8 }
      distillation: [ { method: kd } ]
      training: { epochs: 1, batch: 16 }
      analysis: none
      threads: 1
      """
    try Data(other.utf8).write(to: folder.appendingPathComponent("other.yaml"))
    let trained = try CommandLineTool.run(["train", "other.yaml", "--role", "teacher", "--quiet"], in: folder)
    #expect(trained.code == 0, "\(trained.summary)")
    try FileManager.default.copyItem(
      at: folder.appendingPathComponent("runs/other/seed-1/teacher/epoch-001.safetensors"),
      to: folder.appendingPathComponent("other.safetensors"))
    try FileManager.default.removeItem(at: folder.appendingPathComponent("runs"))
  }

  @Test("goes on after kills to the same weights of every network, and says in its report who taught whom")
  func kills() throws {
    try withTemporaryDirectory { whole in
      try withTemporaryDirectory { parts in
        for folder in [whole, parts] { try lay(into: folder) }
        let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: whole)
        #expect(outcome.code == 0, "\(outcome.summary)")
        for file in [
          "large/epoch-001.safetensors", "small/state/latest.safetensors", "chain/epoch-001.safetensors",
          "early/state/latest.safetensors", "again/epoch-000.safetensors", "dml/peer-2/epoch-001.safetensors",
          "dml/state/latest.safetensors", "mean/learner/epoch-001.safetensors", "byot/state/latest.safetensors",
          "several/epoch-001.safetensors", "wide/epoch-001.safetensors", "mixed/state/latest.safetensors",
          "unseen/epoch-001.safetensors",
        ] {
          let program = try CommandLineTool.start(["run", "tiny.yaml", "--resume", "--quiet"], in: parts)
          let path = parts.appendingPathComponent("runs/tiny/seed-1/\(file)").path
          program.wait(until: { access(path, F_OK) == 0 })
          program.send(SIGKILL)
          _ = program.wait()
        }
        let resumed = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: parts)
        #expect(resumed.code == 0, "\(resumed.summary)")
        let (expected, found) = (try runs(in: whole), try runs(in: parts))
        #expect(Set(expected.keys) == Set(found.keys))
        let different = expected.keys.filter { found[$0] != expected[$0] }.sorted()
        #expect(different.isEmpty, "\(different.prefix(5))")
        try hold(expected)
        let report = try String(
          contentsOf: whole.appendingPathComponent("reports/tiny/report.md"), encoding: .utf8)
        for text in [
          "assistant large", "assistant small", "teacher wide, a resnet8, 1 epoch",
          "teacher filed, a resnet8, read from", "peer-3 of dml", "learner of mean",
          "chain learns from small of the same",
          "early learns from the teacher as it is after epoch 1", "wide-taught learns from wide as it is",
        ] { #expect(report.contains(text), "\(text)") }
      }
    }
  }

  private func runs(in folder: URL) throws -> [String: String] {
    try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
  }

  /// A teacher at its last epoch is that of no epoch; what teaches is kept although `keep: last`.
  private func hold(_ tensors: [String: String]) throws {
    func weights(_ role: String, _ epoch: Int) -> [String: String] {
      let start = "tiny/seed-1/\(role)/epoch-00\(epoch).safetensors"
      return tensors.filter { $0.key.hasPrefix(start) || $0.key.contains("/\(start)") }
        .reduce(into: [:]) { $0[String($1.key.split(separator: ".safetensors").last ?? "")] = $1.value }
    }
    #expect(!weights("direct", 2).isEmpty && weights("direct", 2) == weights("last", 2))
    // An assistant of the students' model that learns from labels is the baseline, unless it is apart.
    #expect(!weights("baseline", 2).isEmpty && weights("copy", 2) == weights("baseline", 2))
    #expect(!weights("twin", 2).isEmpty && weights("twin", 2) != weights("baseline", 2))
    #expect(weights("early", 2) != weights("direct", 2))
    #expect(!weights("teacher", 1).isEmpty && !weights("chain", 1).isEmpty && weights("early", 1).isEmpty)
  }
}
