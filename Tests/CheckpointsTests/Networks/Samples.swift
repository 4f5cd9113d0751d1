import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// A network with weights and running statistics of its own.
func sampleNetwork(_ name: String, classes: Int = 5, channels: Int = 3, size: Int = 32, seed: UInt64 = 7) throws
  -> any Network
{
  let options: [String: OptionValue] = name == "vgg11" ? ["dropout": .number(0.25)] : [:]
  let network = try ModelCatalog.build(
    ModelSpecification(name, classes: classes, channels: channels, height: size, width: size, options: options),
    seed: seed)
  for (index, entry) in network.namedParameters.enumerated() where entry.parameter.role == .runningStatistic {
    let values = Tensor.normal(entry.parameter.tensor.shape, Philox(seed: seed, stream: UInt64(index)))
    entry.parameter.assign(entry.name.hasSuffix("var") ? values.squared() + 0.5 : values)
  }
  return network
}

func sampleFacts(of network: any Network) -> CheckpointFacts {
  CheckpointFacts(
    model: network.specification, role: "a \"student\"", epoch: 7, data: "part-shapes",
    mean: (0..<network.specification.channels).map { 0.1 + 0.25 * Float($0) },
    deviation: (0..<network.specification.channels).map { 0.3 + 0.125 * Float($0) },
    classes: (0..<network.specification.classes).map { "class \($0)" }, recipeHash: String(repeating: "a", count: 64),
    developmentAccuracy: 0.625)
}

func values(of network: any Network) -> [String: [Float]] {
  Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter.tensor.floats) })
}

extension Safetensors {
  /// The same file with one tensor changed or, where nil is given back, left out.
  func changing(_ name: String, _ change: (StoredTensor) throws -> StoredTensor?) rethrows -> Safetensors {
    Safetensors(metadata: metadata, tensors: try tensors.compactMap { $0.name == name ? try change($0) : $0 })
  }

  /// The same tensors with other metadata.
  func with(_ metadata: [String: String]) -> Safetensors { Safetensors(metadata: metadata, tensors: tensors) }
}
