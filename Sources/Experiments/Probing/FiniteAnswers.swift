import Analysis
import Datasets
import Foundation
import Support
import Tensors
import Training

extension ProbeData.ProbedNetwork {
  /// Logits of all images of a split, [images, classes].
  ///
  /// - Throws: ``InputError`` if some are not finite numbers.
  func logits(on set: ImageSet) throws -> Tensor {
    let logits = Logits.of(network, on: set, normalization)
    try logits.requireFinite("logits", of: url.path)
    return logits
  }
}

extension ConceptProbe {
  /// The probe itself, if there is something to measure.
  ///
  /// - Parameters:
  ///   - layer: name of the probe point.
  ///   - path: the network's file.
  /// - Returns: the probe.
  /// - Throws: ``InputError`` if the layer's features are not finite numbers.
  func finite(_ layer: String, of path: String) throws -> ConceptProbe {
    guard hasFiniteFeatures else {
      throw InputError(
        path, "its features at \(layer) are not finite numbers: its layers overflow",
        remedy: "take a layer before, or a checkpoint whose training did not diverge")
    }
    return self
  }
}

extension Tensor {
  /// Refuses what a network says of images if its weights, finite as they are, make numbers overflow.
  ///
  /// - Parameters:
  ///   - what: what the rows are, for the error line.
  ///   - path: the network's file.
  /// - Throws: ``InputError`` that counts the images.
  func requireFinite(_ what: String, of path: String) throws {
    guard !isFinite else { return }
    let (values, rows) = (floats, shape[0])
    let width = values.count / max(1, rows)
    let broken = (0..<rows).count { row in !values[row * width..<(row + 1) * width].allSatisfy(\.isFinite) }
    throw InputError(
      path, "its \(what) of \(broken) of \(rows) images are not finite numbers: its layers overflow",
      remedy: "take a checkpoint whose training did not diverge, and images normalised as in it")
  }
}
