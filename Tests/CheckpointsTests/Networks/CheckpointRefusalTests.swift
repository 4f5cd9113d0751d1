import Checkpoints
import Foundation
import Models
import Support
import TestSupport
import Testing

@Suite("A checkpoint that is wrong")
struct CheckpointRefusalTests {
  /// A change of a whole file, and what the one line says behind the path.
  struct Wrong: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let change: @Sendable (Safetensors) throws -> Safetensors
    let line: String

    init(_ name: String, _ line: String, _ change: @escaping @Sendable (Safetensors) throws -> Safetensors) {
      testDescription = name
      self.line = line
      self.change = change
    }
  }

  private static func filled(_ value: Float, at place: Int) -> @Sendable (StoredTensor) throws -> StoredTensor? {
    { tensor in
      var floats = try tensor.floats()
      floats[place] = value
      return StoredTensor(name: tensor.name, shape: tensor.shape, floats: floats)
    }
  }

  private static func entry(_ key: String, _ value: String?) -> @Sendable (Safetensors) -> Safetensors {
    { file in
      var metadata = file.metadata
      metadata["kdscope.\(key)"] = value
      return file.with(metadata)
    }
  }

  private static func model(_ old: String, _ new: String) -> @Sendable (Safetensors) -> Safetensors {
    { file in file.with(file.metadata.mapValues { $0.replacing(old, with: new) }) }
  }

  static let tensors = [
    Wrong("a tensor missing", "tensor 'layer2.0.conv2.weight' of resnet8 is missing; ") {
      $0.changing("layer2.0.conv2.weight") { _ in nil }
    },
    Wrong("the last tensor missing", "tensor 'fc.bias' of resnet8 is missing; ") {
      $0.changing("fc.bias") { _ in nil }
    },
    Wrong("a tensor too many", "tensor 'layer9.weight' does not belong to resnet8; check --model") {
      Safetensors(
        metadata: $0.metadata, tensors: $0.tensors + [StoredTensor(name: "layer9.weight", shape: [1], floats: [0])])
    },
    Wrong("a tensor too many with a name to deceive", "tensor 'x\\x0akdscope: all is well' does not belong to") {
      Safetensors(
        metadata: $0.metadata,
        tensors: $0.tensors + [StoredTensor(name: "x\nkdscope: all is well", shape: [1], floats: [0])])
    },
    Wrong("axes exchanged", "tensor 'fc.weight' has shape [64, 5]; resnet8 needs [5, 64]") {
      $0.changing("fc.weight") { StoredTensor(name: $0.name, type: $0.type, shape: [64, 5], bytes: $0.bytes) }
    },
    Wrong("an axis too few", "tensor 'conv1.weight' has shape [16, 27]; resnet8 needs [16, 3, 3, 3]") {
      $0.changing("conv1.weight") { StoredTensor(name: $0.name, type: $0.type, shape: [16, 27], bytes: $0.bytes) }
    },
    Wrong("bytes of eight bits", "tensor 'bn1.weight' has type F8_E4M3; F32, F64, F16, BF16 or integers are needed") {
      $0.changing("bn1.weight") {
        StoredTensor(name: $0.name, type: .f8e4m3, shape: $0.shape, bytes: $0.bytes.prefix(16))
      }
    },
    Wrong("NaN in a weight", "tensor 'layer3.0.conv1.weight' holds values that are not finite numbers; take") {
      try $0.changing("layer3.0.conv1.weight", filled(.nan, at: 1000))
    },
    Wrong("a negative variance", "tensor 'bn1.running_var' holds a negative variance; take a checkpoint") {
      try $0.changing("bn1.running_var", filled(-1, at: 3))
    },
    Wrong("infinity in a statistic", "tensor 'bn1.running_var' holds values that are not finite numbers; take") {
      try $0.changing("bn1.running_var", filled(.infinity, at: 15))
    },
  ]

  static let facts = [
    Wrong("a later format", "kdscope.format is '2'; this version reads format 1", entry("format", "2")),
    Wrong("no model", "metadata lacks kdscope.model; write the checkpoint again", entry("model", nil)),
    Wrong("no role", "metadata lacks kdscope.role", entry("role", nil)),
    Wrong("no hash", "metadata lacks kdscope.recipe.sha256", entry("recipe.sha256", nil)),
    Wrong(
      "a model that is no JSON", "metadata kdscope.model is broken; write the checkpoint again", entry("model", "{")),
    Wrong(
      "a model a hundred thousand levels deep", "metadata kdscope.model is broken; write",
      entry("model", String(repeating: "[", count: 100_000))),
    Wrong("classes that are numbers", "metadata kdscope.classes is broken; write", entry("classes", "[1,2]")),
    Wrong("an epoch that is no number", "metadata describes no possible network; write", entry("epoch", "seven")),
    Wrong(
      "a depth that does not exist", "ResNet depth 21 does not exist; depths are 6n+2: 8,", model("resnet8", "resnet21")
    ),
    Wrong("an unknown network", "there is no model 'lenet5'; known: alexnet,", model("resnet8", "lenet5")),
    Wrong(
      "10¹² colours", "metadata describes no possible network", model("\"channels\":3", "\"channels\":1000000000000")),
    Wrong("no classes", "metadata describes no possible network", model("\"classes\":5", "\"classes\":0")),
    Wrong("a negative height", "metadata describes no possible network", model("\"height\":32", "\"height\":-32")),
    Wrong("10²⁰ pixels", "metadata kdscope.model is broken", model("\"width\":32", "\"width\":100000000000000000000")),
    Wrong(
      "a deviation of zero", "metadata describes no possible network",
      entry("normalization", #"{"mean":[0,0,0],"std":[1,0,1]}"#)),
    Wrong(
      "a negative deviation", "metadata describes no possible network",
      entry("normalization", #"{"mean":[0,0,0],"std":[1,-1,1]}"#)),
    Wrong(
      "one deviation for three colours", "metadata describes no possible network",
      entry("normalization", #"{"mean":[0,0,0],"std":[1]}"#)),
    Wrong(
      "other classes than weights", "tensor 'fc.weight' has shape [5, 64]; resnet8 needs [6, 64]",
      model("\"classes\":5", "\"classes\":6")),
    Wrong(
      "another network than weights", "tensor 'layer1.1.conv1.weight' of resnet14 is missing",
      model("resnet8", "resnet14")),
  ]

  @Test("is refused in one line with the file's name, and the network stays as it was", arguments: tensors + facts)
  func refused(_ wrong: Wrong) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("c.safetensors")
      let network = try sampleNetwork("resnet8")
      try Checkpoint.write(network, sampleFacts(of: network), to: url)
      let file = try wrong.change(try Safetensors.read(url))
      let bad = folder.appendingPathComponent("bad.safetensors")
      try file.write(to: bad)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(bad) }
      let line = error?.description ?? ""
      #expect(line.hasPrefix("\(bad.path): \(wrong.line)"), "\(line)")
      #expect(!line.contains("\n") && line.count < 1000)
    }
  }

  @Test("puts nothing into a network that it does not fit", arguments: tensors)
  func untouched(_ wrong: Wrong) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("c.safetensors")
      let network = try sampleNetwork("resnet8")
      try Checkpoint.write(network, sampleFacts(of: network), to: url)
      let file = try wrong.change(try Safetensors.read(url))
      let other = try sampleNetwork("resnet8", seed: 8)
      let before = values(of: other)
      #expect(throws: InputError.self) { try Checkpoint.load(file, into: other, path: "bad") }
      #expect(values(of: other) == before)
    }
  }

  @Test("keeps the file from before if the disk fills up", .enabled(if: SmallDisk.isPossible, "mounting needs root"))
  func fullDisk() throws {
    let disk = try SmallDisk(kilobytes: 512)
    let network = try sampleNetwork("resnet8")
    let url = disk.url.appendingPathComponent("c.safetensors")
    try Checkpoint.write(network, sampleFacts(of: network), to: url)
    let before = try Data(contentsOf: url)
    let other = try sampleNetwork("resnet8", seed: 8)
    #expect(throws: WorkError.self) { try Checkpoint.write(other, sampleFacts(of: other), to: url) }
    #expect(try Data(contentsOf: url) == before)
    #expect(Fingerprints.files(below: disk.url) == ["c.safetensors"])
  }
}
