import Checkpoints
import Experiments
import Foundation
import Models
import Support

/// Networks and images for probes that are asked in this process.
enum ProbeSample {
  /// Small images of objects, so many of them asked about.
  static func data(count: Int) throws -> ProbeData {
    try ProbeData(
      "part-shapes", assignments: ["data.size=16", "data.train=48", "data.development=24", "data.test=40"],
      count: count)
  }

  /// Writes an untrained network of the images' classes.
  static func lay(_ folder: URL, _ name: String, _ model: String, seed: UInt64, size: Int = 16) throws -> URL {
    let network = try ModelCatalog.build(ModelSpecification(model, classes: 10, height: size, width: size), seed: seed)
    let url = folder.appendingPathComponent("\(name).safetensors")
    let facts = CheckpointFacts(
      model: network.specification, role: "student", epoch: 0, data: "part-shapes", mean: [0.5, 0.4, 0.3],
      deviation: [0.2, 0.2, 0.2], classes: try data(count: 1).asked.classes, recipeHash: "")
    try Checkpoint.write(network, facts, to: url)
    return url
  }
}
