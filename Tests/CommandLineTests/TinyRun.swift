import Foundation
import Support
import TestSupport

/// An experiment of half a second: a teacher, a baseline and two students, two epochs each, measured on four images.
enum TinyRun {
  /// A student by logits, and one by features through a projection, which a resume must find again.
  static let recipe = """
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    students:
      logits: { labels: { weight: 0.1 }, distillation: [ { method: kd, weight: 0.9 } ] }
      features: { distillation: [ { method: feature-l2, layers: [conv2, layer2], weight: 5 } ] }
    training: { epochs: 2, batch: 16 }
    analysis: { layers: [conv2], probe-images: 4, position-images: 4, grid: 4, draws: 4, iterations: 4 }
    threads: 1

    """

  /// Lays the recipe into a folder.
  static func lay(into folder: URL) throws {
    try Data(recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
  }

  /// The folder of a network's training.
  static func training(_ role: String, in folder: URL) -> URL {
    folder.appendingPathComponent("runs/tiny/seed-1/\(role)")
  }

  /// Every tensor of a run that nothing disturbed: checkpoints, states, maps.
  static let undisturbed = Result<[String: String], any Error> {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet"], in: folder)
      guard outcome.code == 0 else { throw Failed(line: outcome.errors) }
      return try Fingerprints.tensors(below: folder.appendingPathComponent("runs"))
    }
  }

  /// The undisturbed run did not end well.
  struct Failed: Error { let line: String }
}

extension CommandLineTool.Result {
  /// Whether it failed as promised: this code, one line that begins so, nothing on standard output.
  func failed(_ code: Int32, _ line: String) -> Bool {
    self.code == code && output.isEmpty && errors.hasPrefix("kdscope: \(line)") && errors.hasSuffix("\n")
      && errors.count { $0 == "\n" } == 1
  }

  /// For messages of tests.
  var summary: String { "exit \(code), output '\(output.prefix(200))', errors '\(errors.prefix(600))'" }
}
