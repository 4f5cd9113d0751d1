import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Tensors

/// Checkpoints and images that the probes are asked about, in a folder of a test.
struct ProbeSamples {
  /// A ResNet-8 for images of 16×16 in 3 colours and 10 classes, with facts.
  let own: URL
  /// The same as PyTorch would write it: no facts, and counters of batches.
  let foreign: URL
  /// `images` [3, 3, 16, 16].
  let images: URL
  /// `images` [400, 3, 16, 16].
  let manyImages: URL
  /// The network itself.
  let network: any Network

  /// Those of the images of objects.
  static let classes = ["bird", "fish", "dog", "giraffe", "turtle", "butterfly", "car", "truck", "plane", "boat"]

  init(_ folder: URL) throws {
    network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 10, height: 16, width: 16), seed: 3)
    let facts = CheckpointFacts(
      model: network.specification, role: "teacher", epoch: 12, data: "part-shapes", mean: [0.5, 0.4, 0.3],
      deviation: [0.2, 0.2, 0.2], classes: Self.classes, recipeHash: "", developmentAccuracy: 0.75)
    own = folder.appendingPathComponent("own.safetensors")
    try Checkpoint.write(network, facts, to: own)
    let file = try Safetensors.read(own)
    let counters = file.tensors.filter { $0.name.hasSuffix("running_mean") }.map { tensor in
      StoredTensor(name: tensor.name.replacing("running_mean", with: "num_batches_tracked"), shape: [], integers: [9])
    }
    foreign = folder.appendingPathComponent("foreign.safetensors")
    try Safetensors(metadata: ["format": "pt"], tensors: file.tensors + counters).write(to: foreign)
    images = folder.appendingPathComponent("x.safetensors")
    manyImages = folder.appendingPathComponent("many.safetensors")
    for (url, count) in [(images, 3), (manyImages, 400)] {
      let values = Tensor.normal([count, 3, 16, 16], Philox(seed: 4))
      try Safetensors(tensors: [StoredTensor(name: "images", shape: [count, 3, 16, 16], floats: values.floats)]).write(
        to: url)
    }
  }

  /// What the network says of the three images, computed here.
  func logits() throws -> [Float] {
    let values = try Safetensors.read(images)["images"]?.floats() ?? []
    return network.logits(Tensor(values, shape: [3, 3, 16, 16]).permuted([0, 2, 3, 1])).floats
  }
}
