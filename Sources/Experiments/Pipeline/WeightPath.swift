import Checkpoints
import Foundation
import Models
import Support

/// How far the weights below a layer have travelled (Cheng et al., CVPR 2020, section 3).
enum WeightPath {
  /// d_k = Σ_{j≤k} ‖w_j − w_{j−1}‖ / ‖w_0‖ at every epoch; w is all convolution and linear weights up to and including
  /// the layer, without biases and normalisation.
  static func distances(_ folder: RunFolder, epochs: [Int], layer: String) throws -> [Double] {
    var before: [Float] = []
    var norm = 0.0
    var distance = 0.0
    return try epochs.map { epoch in
      let network = try Checkpoint.read(folder.checkpoint(epoch: epoch)).network
      let names = network.weightNames(upTo: layer)
      let weights = network.namedParameters.filter { names.contains($0.name) }.flatMap { $0.parameter.tensor.floats }
      defer { before = weights }
      guard !before.isEmpty else {
        norm = weights.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return 0
      }
      let square = zip(weights, before).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      distance += square.squareRoot()
      return distance / norm
    }
  }
}
