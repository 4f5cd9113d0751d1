import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("A checkpoint")
struct CheckpointTests {
  @Test(
    "gives back network, weights, statistics and facts from the file alone",
    arguments: [
      "cnn4", "resnet14", "vgg11", "vgg8", "resnet8x4", "resnet18", "wrn-10-3", "alexnet", "mobilenet-v2",
      "mobilenet-v2-small", "shufflenet-v1", "shufflenet-v2-x0.5",
    ])
  func roundTrip(_ name: String) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("c.safetensors")
      let network = try sampleNetwork(name, channels: name == "cnn4" ? 1 : 3)
      try Checkpoint.write(network, sampleFacts(of: network), to: url)
      let read = try Checkpoint.read(url)
      #expect(read.facts == sampleFacts(of: network))
      #expect(read.network.specification == network.specification)
      #expect(values(of: read.network) == values(of: network))
      #expect(read.network.namedParameters.map(\.name) == network.namedParameters.map(\.name))
      let images = Tensor.normal([3, 32, 32, network.specification.channels], Philox(seed: 2))
      let logits = read.network.logits(images).floats
      #expect(logits == network.logits(images).floats && Set(logits).count > 3)
      // The name that is given counts only where the file has none.
      #expect(try Checkpoint.read(url, model: "resnet110").network.specification == network.specification)
    }
  }

  @Test("has the metadata that are promised, and PyTorch's mark")
  func metadata() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("c.safetensors")
      let network = try sampleNetwork("vgg11")
      var facts = sampleFacts(of: network)
      try Checkpoint.write(network, facts, to: url)
      var metadata = try Safetensors.header(of: url).metadata
      // Of the data, which are random: `DataSealTests`.
      #expect(metadata.removeValue(forKey: DataSeal.key)?.count == 8)
      #expect(
        metadata == [
          "format": "pt", "kdscope.format": "1", "kdscope.role": "a \"student\"", "kdscope.epoch": "7",
          "kdscope.data": "part-shapes", "kdscope.recipe.sha256": String(repeating: "a", count: 64),
          "kdscope.normalization": #"{"mean":[0.1,0.35,0.6],"std":[0.3,0.425,0.55]}"#,
          "kdscope.classes": #"["class 0","class 1","class 2","class 3","class 4"]"#,
          "kdscope.model":
            #"{"channels":3,"classes":5,"height":32,"name":"vgg11","options":{"dropout":0.25},"width":32}"#,
          "kdscope.development.accuracy": "0.625",
        ])
      facts.developmentAccuracy = nil
      try Checkpoint.write(network, facts, to: url)
      metadata = try Safetensors.header(of: url).metadata
      #expect(metadata["kdscope.development.accuracy"] == nil && metadata.count == 10)
    }
  }

  @Test("has tensors in PyTorch's axis order under torchvision's names")
  func names() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("c.safetensors")
      let network = try sampleNetwork("resnet8")
      try Checkpoint.write(network, sampleFacts(of: network), to: url)
      let entries = try Safetensors.header(of: url).entries
      let shapes = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
      #expect(shapes["conv1.weight"] == [16, 3, 3, 3])
      #expect(shapes["layer2.0.downsample.0.weight"] == [32, 16, 1, 1])
      #expect(shapes["layer2.0.downsample.1.running_var"] == [32])
      #expect(shapes["fc.weight"] == [5, 64] && shapes["fc.bias"] == [5])
      #expect(entries.allSatisfy { $0.type == .f32 })
    }
  }

  @Test("of a run has a place by its epoch")
  func places() throws {
    try withTemporaryDirectory { url in
      let folder = RunFolder(url.appendingPathComponent("runs/n/seed-1/student"))
      try folder.create()
      #expect(folder.checkpoint(epoch: 7).lastPathComponent == "epoch-007.safetensors")
      #expect(folder.checkpoint(epoch: 1234).lastPathComponent == "epoch-1234.safetensors")
      for name in [
        "epoch-010.safetensors", "epoch-002.safetensors", ".epoch-003.safetensors.1.part", "epoch-x.safetensors",
      ] {
        try Data().write(to: folder.url.appendingPathComponent(name))
      }
      #expect(folder.epochs == [2, 10])
      #expect(folder.state.path.hasSuffix("/runs/n/seed-1/student/state/latest.safetensors"))
    }
  }
}
