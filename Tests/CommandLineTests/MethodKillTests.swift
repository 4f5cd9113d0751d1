import Distillation
import Foundation
import Support
import TestSupport
import Testing

/// Every method of the registry as a student of one run, through the program itself.
@Suite("A run with every method that is killed", .tags(.cli, .slow))
struct MethodKillTests {
  /// Stages of one epoch, and few negatives.
  private static func line(_ entry: CatalogEntry) -> String {
    let stages = entry.options.filter { $0.name.hasSuffix("epochs") }.map { "\($0.name): 1" }
    let options = stages + (entry.name == "crd" ? ["negatives: 32"] : [])
    return "  \(entry.name): { distillation: [ { \((["method: \(entry.name)"] + options).joined(separator: ", ")) } ] }"
  }

  /// All but what needs a file of a further teacher; ``SchemeTests`` has it.
  private static let entries = MethodRegistry.entries.filter { $0.name != "ca-mkd" }
  private static let names = entries.map(\.name)

  private static var recipe: String {
    """
    name: tiny
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24, pad-crop: 1 }
    teacher: { model: resnet8, epochs: 1 }
    student: { model: resnet8 }
    students:
    \(entries.map(line).joined(separator: "\n"))
    training: { epochs: 2, batch: 16, learning-rate: 0.001, clip-norm: 1 }
    analysis: { layers: [layer1], probe-images: 2, grid: 4, draws: 4, iterations: 4 }
    threads: 1

    """
  }

  /// Runs until a file is there, and kills the program then.
  private func run(in folder: URL, until file: String) throws {
    let program = try CommandLineTool.start(["run", "tiny.yaml", "--resume", "--quiet"], in: folder)
    let path = folder.appendingPathComponent("runs/tiny/\(file)").path
    program.wait(until: { access(path, F_OK) == 0 })
    program.send(SIGKILL)
    _ = program.wait()
    try #require(access(path, F_OK) == 0, "the run ended before \(file) was there")
  }

  private func trainings(in folder: URL) throws -> [String: String] {
    try Fingerprints.tensors(below: folder.appendingPathComponent("runs")).filter { !$0.key.contains("maps-") }
  }

  @Test("in the training of every fifth one has the same weights and states in the end")
  func bits() throws {
    // The first map is made when all is trained.
    let trained = "seed-1/baseline/maps-layer1/epoch-0.safetensors"
    try withTemporaryDirectory { whole in
      try withTemporaryDirectory { parts in
        for folder in [whole, parts] {
          try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("tiny.yaml"))
        }
        try run(in: whole, until: trained)
        for (place, name) in Self.names.enumerated() where place % 5 == 0 {
          // Alternately in the first epoch, behind its checkpoint, and behind its state.
          let moments = ["epoch-000.safetensors", "epoch-001.safetensors", "state/latest.safetensors"]
          try run(in: parts, until: "seed-1/\(name)/\(moments[place / 5 % 3])")
        }
        try run(in: parts, until: trained)
        let (expected, found) = (try trainings(in: whole), try trainings(in: parts))
        #expect(expected.count > 100 * Self.names.count / 2)
        #expect(Set(expected.keys) == Set(found.keys))
        let different = expected.keys.filter { found[$0] != expected[$0] }.sorted()
        #expect(different.isEmpty, "\(different.prefix(5))")
      }
    }
  }
}
