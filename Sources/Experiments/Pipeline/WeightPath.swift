import Checkpoints
import Foundation
import Models
import Training

/// How far the weights below a layer have travelled (Cheng et al., CVPR 2020, section 3).
enum WeightPath {
  /// d_k = Σ_{j≤k} ‖w_j − w_{j−1}‖ / ‖w_0‖ at every epoch; w is all convolution and linear weights up to and including
  /// the layer, without biases and normalisation.
  ///
  /// - Parameters:
  ///   - folder: of one training, with the checkpoint of every epoch.
  ///   - epochs: at which the distance is wanted, ascending.
  ///   - layer: name of a probe point.
  /// - Returns: one for each of the epochs.
  /// - Throws: ``InputError`` if a checkpoint is missing or broken.
  static func distances(_ folder: RunFolder, epochs: [Int], layer: String) throws -> [Double] {
    let all = try everyDistance(folder, epochs: Array(0...(epochs.last ?? 0)), layer: layer)
    return epochs.map { all[$0] }
  }

  private static func everyDistance(_ folder: RunFolder, epochs: [Int], layer: String) throws -> [Double] {
    var before: [Float] = []
    var norm = 0.0
    var distance = 0.0
    return try epochs.map { epoch in
      let network = try Checkpoint.read(folder.checkpoint(epoch: epoch)).network
      let names = Set(network.weightNames(upTo: layer))
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

  /// The distances that a training added up over its optimiser steps, over ‖w_0‖; nil where it did not.
  ///
  /// - Parameters:
  ///   - history: of the training.
  ///   - folder: with the first checkpoint.
  ///   - epochs: at which the distance is wanted.
  ///   - layer: name of a probe point.
  /// - Returns: at each epoch, of the layer's weight alone and of all weights up to it.
  /// - Throws: ``InputError`` if the first checkpoint is missing or broken.
  static func stepDistances(
    _ history: TrainingHistory, _ folder: RunFolder, epochs: [Int], layer: String
  ) throws -> (layer: [Double], upTo: [Double])? {
    let rows = history.epochs.map(\.stepDistances)
    guard let last = epochs.last, last <= rows.count else { return nil }
    let network = try Checkpoint.read(folder.checkpoint(epoch: 0)).network
    let names = network.weightNames(upTo: layer)
    let norms = names.map { name -> Double in
      let weights = network.namedParameters.first { $0.name == name }?.parameter.tensor.floats ?? []
      return weights.reduce(0) { $0 + Double($1) * Double($1) }
    }
    guard let own = norms.last else { return nil }
    let together = norms.reduce(0, +)
    var result: (layer: [Double], upTo: [Double]) = ([], [])
    for epoch in epochs {
      guard epoch > 0 else {
        result.layer.append(0)
        result.upTo.append(0)
        continue
      }
      guard let row = rows[epoch - 1], let index = row.weights.firstIndex(of: names[names.count - 1]) else {
        return nil
      }
      result.layer.append(row.own[index] / own.squareRoot())
      result.upTo.append(row.upTo[index] / together.squareRoot())
    }
    return result
  }
}
