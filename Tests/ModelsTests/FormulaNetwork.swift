import Foundation
import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Weights and images by the formula of `Tests/Golden/models.py`.
enum Formula {
  /// The place of images among the arrays.
  static let images = 1000

  static func value(_ k: Int, _ i: Int, shift: Double, scale: Double) -> Float {
    var h = UInt32(truncatingIfNeeded: UInt64(i) &* 2_654_435_761 &+ UInt64(k) &* 40503 &* 65537 &+ 12345)
    h ^= h >> 16
    h = h &* 0x45D_9F3B
    h ^= h >> 16
    return Float(shift + scale * (Double(h) / 0x1p32 - 0.5))
  }

  private static func shiftAndScale(_ name: String, _ shape: Shape) -> (Double, Double) {
    if name.hasSuffix("running_mean") { return (0, 0.2) }
    if name.hasSuffix("running_var") { return (1, 0.4) }
    if name.hasSuffix("bias") { return (0, 0.2) }
    if name.hasPrefix("layer"), name.hasSuffix(".bn2.weight") { return (0.25, 0.05) }
    if shape.rank == 1 { return (1, 0.2) }
    return (0, 2 * (6 / Double(shape.count / shape[0])).squareRoot())
  }

  /// Gives a network the formula's weights.
  static func fill(_ network: any Network) {
    for (k, (name, parameter)) in network.namedParameters.enumerated() {
      let (shift, scale) = shiftAndScale(name, parameter.tensor.shape)
      parameter.tensor.mutate { values in
        nonisolated(unsafe) let values = values
        parallelFor(count: values.count, grain: 10_000) { range in
          for i in range { values[i] = value(k, i, shift: shift, scale: scale) }
        }
      }
    }
  }

  /// The formula's images, [batch, height, width, channels].
  static func images(batch: Int, _ specification: ModelSpecification, array k: Int = images) -> Tensor {
    let shape = [batch, specification.channels, specification.height, specification.width]
    let values = (0..<shape.reduce(1, *)).map { value(k, $0, shift: 0, scale: 4) }
    let (moved, order) = movedChannels(values, shape)
    return Tensor(moved, shape: Shape(order))
  }
}

extension GoldenCase {
  func specification() throws -> ModelSpecification {
    try ModelSpecification(
      text("model"), classes: integer("classes"), channels: integer("channels"), height: integer("height"),
      width: integer("width"))
  }

  /// The network of the case, with the formula's weights.
  func network() throws -> any Network {
    let network = try ModelCatalog.build(specification(), seed: 1)
    Formula.fill(network)
    return network
  }
}

/// A state dict as PyTorch has it.
struct RecordedState: Decodable {
  /// A name, then a list of extents.
  struct Entry: Decodable {
    let name: String
    let shape: [Int]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      shape = try list.decode([Int].self)
    }
  }

  let parameters: Int
  let tensors: [Entry]

  static func all() throws -> [String: RecordedState] {
    let text = try #require(Golden.load("models").metadata["states"])
    return try JSONDecoder().decode([String: RecordedState].self, from: Data(text.utf8))
  }
}
