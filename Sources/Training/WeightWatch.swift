import Models
import NeuralNetworks
import Support
import Tensors

/// How far weights have gone, added up over optimiser steps (Cheng et al., CVPR 2020, section 3.2, in the published
/// form): sums of norms, not divided by ‖w_0‖.
public struct StepDistances: Sendable, Equatable, Codable {
  /// The convolution and linear weights in forward order.
  public let weights: [String]
  /// Σ_t ‖w_t − w_{t−1}‖ of each weight alone.
  public var own: [Double]
  /// Σ_t ‖w_t − w_{t−1}‖ of each weight together with all weights before it.
  public var upTo: [Double]
}

/// Adds up how far weights go in each step, in one pass over them.
final class WeightWatch {
  private let tensors: [Tensor]
  private let before: [Tensor]
  private(set) var soFar: StepDistances

  /// - Parameters:
  ///   - network: with the weights that the next step starts from.
  ///   - earlier: what an interrupted training had added up.
  init(_ network: any Network, from earlier: StepDistances?) {
    let names = network.weightNames
    let parameters = Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter.tensor) })
    tensors = names.map { name in
      guard let tensor = parameters[name] else { preconditionFailure("WeightWatch: the network has no \(name)") }
      return tensor
    }
    before = tensors.map { Tensor($0.floats, shape: $0.shape) }
    let zeros = Array(repeating: 0.0, count: names.count)
    soFar = earlier ?? StepDistances(weights: names, own: zeros, upTo: zeros)
  }

  /// Call it after each step.
  func note() {
    var together = 0.0
    for (index, tensor) in tensors.enumerated() {
      let square = WeightWatch.moved(tensor, before[index])
      together += square
      soFar.own[index] += square.squareRoot()
      soFar.upTo[index] += together.squareRoot()
    }
  }

  /// ‖w − old‖², and old ← w. Always in the same order, so that a resumed training adds up the same bits.
  private static func moved(_ tensor: Tensor, _ old: Tensor) -> Double {
    tensor.withFloats { new in
      old.mutate { old in
        var total = 0.0
        var start = 0
        // Runs in single precision, added up in double: fast, and exact to the last digits of a float.
        while start < new.count {
          var run: Float = 0
          let end = min(new.count, start + 256)
          for i in start..<end {
            let step = new[i] - old[i]
            run += step * step
            old[i] = new[i]
          }
          total += Double(run)
          start = end
        }
        return total
      }
    }
  }
}
