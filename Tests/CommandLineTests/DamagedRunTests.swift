import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A run with damaged files", .tags(.cli))
struct DamagedRunTests {
  private func tables(_ folder: URL) throws -> [String: Data] {
    let tables = folder.appendingPathComponent("notebooks-data/tiny")
    return try Fingerprints.files(below: tables).filter { $0.hasSuffix(".csv") }
      .reduce(into: [:]) { $0[$1] = try Data(contentsOf: tables.appendingPathComponent($1)) }
  }

  private func withRun(_ body: (_ folder: URL, _ tables: [String: Data]) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder, timeout: 300)
      #expect(outcome.code == 0, "\(outcome.summary)")
      try body(folder, tables(folder))
    }
  }

  @Test("is the same to the last digit when it is reported or resumed")
  func same() throws {
    try withRun { folder, first in
      #expect(first.count > 5)
      for arguments in [["report", "tiny"], ["run", "tiny.yaml", "--resume"]] {
        let outcome = try CommandLineTool.run(arguments, in: folder, timeout: 300)
        #expect(outcome.code == 0, "\(outcome.summary)")
        for (name, data) in try tables(folder) { #expect(data == first[name], "\(arguments): \(name)") }
      }
    }
  }

  /// A valid file of the same key, whose tensor has another shape.
  private func reshape(_ file: URL, _ name: String) throws {
    let stored = try Safetensors.read(file)
    try Safetensors(
      metadata: stored.metadata,
      tensors: stored.tensors.map { tensor in
        tensor.name == name ? StoredTensor(name: name, shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]) : tensor
      }
    ).write(to: file)
  }

  @Test("measures results that do not fit anew, says so, and comes to the same")
  func results() throws {
    try withRun { folder, first in
      let student = TinyRun.training("logits", in: folder)
      try reshape(student.appendingPathComponent("logits-test.safetensors"), "logits")
      let similarity = student.appendingPathComponent("similarity/epoch-002.json")
      let text = try String(contentsOf: similarity, encoding: .utf8)
      try Data(text.replacing("\"rows\":[", with: "\"rows\":[\"more\",").utf8).write(to: similarity)
      let report = try CommandLineTool.run(["report", "tiny"], in: folder, timeout: 300)
      #expect(report.code == 0, "\(report.summary)")
      for line in ["test.safetensors: the stored answers are damaged", "002.json: the stored result is damaged"] {
        #expect(report.errors.components(separatedBy: line).count == 2, "\(report.errors)")
      }
      try reshape(student.appendingPathComponent("maps-conv2/epoch-1.safetensors"), "entropies")
      let refused = try CommandLineTool.run(["report", "tiny"], in: folder, timeout: 300)
      #expect(
        refused.code == 2 && refused.errors.contains("measure it with kdscope analyze tiny"), "\(refused.summary)")
      let again = try CommandLineTool.run(["analyze", "tiny", "--quiet"], in: folder, timeout: 300)
      #expect(again.code == 0 && again.errors.contains("the stored maps are damaged"), "\(again.summary)")
      for (name, data) in try tables(folder) { #expect(data == first[name], "\(name)") }
    }
  }

  @Test("is not reported by a recipe that it was not trained by, and heals the mark of the one that it was")
  func recipe() throws {
    try withRun { folder, first in
      let run = folder.appendingPathComponent("runs/tiny")
      let recipe = run.appendingPathComponent("recipe.yaml")
      let whole = try String(contentsOf: recipe, encoding: .utf8)
      try Data(whole.replacing("momentum: 0.9", with: "momentum: 0.8").utf8).write(to: recipe)
      for arguments in [["report", "tiny"], ["analyze", "tiny"]] {
        let outcome = try CommandLineTool.run(arguments + ["--quiet"], in: folder, timeout: 300)
        #expect(
          outcome.failed(2, "\(recipe.path): is not the recipe that the run was trained by"), "\(outcome.summary)")
      }
      try Data(whole.utf8).write(to: recipe)
      let mark = run.appendingPathComponent("training.sha256")
      let hash = try Data(contentsOf: mark)
      for damaged in [Data(), hash.prefix(20), Data("x".utf8) + hash.dropFirst()] {
        try damaged.write(to: mark)
        let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--resume", "--quiet"], in: folder, timeout: 300)
        #expect(outcome.code == 0 && outcome.errors.contains("training.sha256: is damaged"), "\(outcome.summary)")
        #expect(try Data(contentsOf: mark) == hash)
      }
      for (name, data) in try tables(folder) { #expect(data == first[name], "\(name)") }
    }
  }

  @Test("is refused where a bit of a checkpoint or a word of a state has turned, with the file's name")
  func weights() throws {
    try withRun { folder, _ in
      let student = TinyRun.training("logits", in: folder)
      let checkpoint = student.appendingPathComponent("epoch-001.safetensors")
      let whole = try Data(contentsOf: checkpoint)
      var bytes = whole
      bytes[bytes.count - 4] ^= 1
      try bytes.write(to: checkpoint)
      for arguments in [["analyze", "tiny", "--quiet"], ["run", "tiny.yaml", "--resume", "--quiet"]] {
        let outcome = try CommandLineTool.run(arguments, in: folder, timeout: 300)
        #expect(outcome.failed(2, "\(checkpoint.path): the file is damaged"), "\(outcome.summary)")
      }
      try whole.write(to: checkpoint)

      let state = student.appendingPathComponent("state/latest.safetensors")
      let stored = try Safetensors.read(state)
      let resume = ["train", "tiny.yaml", "--role", "logits", "--quiet"]
      var words = stored.metadata
      words["kdscope.steps"] = "9223372036854775807"
      try Safetensors(metadata: words, tensors: stored.tensors).write(to: state)
      var outcome = try CommandLineTool.run(resume, in: folder)
      #expect(outcome.failed(2, "\(state.path): the state is damaged or that of another network"), "\(outcome.summary)")
      // A state from before there was a checksum of its words.
      words["kdscope.words.crc32"] = nil
      try Safetensors(metadata: words, tensors: stored.tensors).write(to: state)
      outcome = try CommandLineTool.run(resume, in: folder)
      #expect(outcome.failed(2, "\(state.path): the state speaks of '9223372036854775807' steps"), "\(outcome.summary)")

      // Another network's state, and another epoch's weights under the last one's name.
      try FileManager.default.removeItem(at: state)
      try FileManager.default.copyItem(
        at: TinyRun.training("features", in: folder).appendingPathComponent("state/latest.safetensors"), to: state)
      outcome = try CommandLineTool.run(resume, in: folder)
      #expect(outcome.failed(2, "\(state.path): the state is damaged or that of another network"), "\(outcome.summary)")
      try stored.write(to: state)
      let last = student.appendingPathComponent("epoch-002.safetensors")
      try FileManager.default.removeItem(at: last)
      try FileManager.default.copyItem(at: checkpoint, to: last)
      outcome = try CommandLineTool.run(resume, in: folder)
      #expect(
        outcome.failed(2, "\(last.path): is not the checkpoint that the state beside it belongs to"),
        "\(outcome.summary)")
    }
  }
}
