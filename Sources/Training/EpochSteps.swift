import Models
import NeuralNetworks

/// How far the weights went in one epoch: noted where the checkpoint before it does not stay.
public struct EpochSteps: Sendable, Equatable, Codable {
  /// ‖w_e − w_{e−1}‖² of each parameter, by its name.
  public let squares: [String: Double]

  /// - Parameters:
  ///   - network: after the epoch.
  ///   - before: its weights before, by name.
  init(_ network: any Network, from before: [String: [Float]]) {
    squares = network.namedParameters.reduce(into: [:]) { squares, item in
      squares[item.name] = zip(item.parameter.tensor.floats, before[item.name] ?? []).reduce(0.0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      }
    }
  }

  /// The weights of a network by name.
  static func weights(of network: any Network) -> [String: [Float]] {
    network.namedParameters.reduce(into: [:]) { $0[$1.name] = $1.parameter.tensor.floats }
  }
}
