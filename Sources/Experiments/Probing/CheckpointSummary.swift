import Checkpoints
import Foundation
import Models
import NeuralNetworks

/// What a checkpoint holds: network, layers, weights.
public struct CheckpointSummary {
  /// Statistics of one weight tensor.
  public struct Weights {
    /// Name as in the file.
    public let name: String
    /// Extents in PyTorch axis order.
    public let shape: [Int]
    /// Mean of the values.
    public let mean: Double
    /// Standard deviation of the values.
    public let deviation: Double
    /// Largest absolute value.
    public let largest: Double
    /// Share of values that are exactly 0.
    public let zeros: Double
  }

  /// Where it was read from.
  public let path: String
  /// The network.
  public let network: any Network
  /// What the file says about itself; nil for a foreign file.
  public let facts: CheckpointFacts?
  /// Every tensor, running statistics too, in forward order.
  public let weights: [Weights]

  /// - Parameters:
  ///   - url: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  /// - Throws: ``InputError`` if the file is no checkpoint of the network.
  public init(of url: URL, model: String?) throws {
    let read = try Checkpoint.read(url, model: model)
    path = url.path
    network = read.network
    facts = read.facts
    weights = read.network.namedParameters.map { name, parameter in
      let values = parameter.tensor.floats.map(Double.init)
      let count = Double(max(1, values.count))
      let mean = values.reduce(0, +) / count
      return Weights(
        name: name, shape: parameter.tensor.shape.dimensions, mean: mean,
        deviation: (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot(),
        largest: values.reduce(0) { max($0, abs($1)) }, zeros: Double(values.count { $0 == 0 }) / count)
    }
  }

  /// Trainable values.
  public var parameters: Int { network.layers.reduce(0) { $0 + $1.parameters } }
}
