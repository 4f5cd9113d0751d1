import Checkpoints
import Foundation
import Tensors

/// Features of a layer in PyTorch's axis order.
public struct ProbedFeatures {
  /// [N, C, H, W] or [N, D].
  public let shape: [Int]
  private let values: [Float]

  /// - Parameter features: [N, H, W, C] or [N, D].
  init(_ features: Tensor) {
    let ordered = features.shape.rank == 4 ? features.permuted([0, 3, 1, 2]) : features
    shape = ordered.shape.dimensions
    values = ordered.floats
  }

  /// Writes a safetensors file with tensor "features".
  ///
  /// - Throws: as ``AtomicFile``.
  public func write(to url: URL) throws {
    try Safetensors(tensors: [StoredTensor(name: "features", shape: shape, floats: values)]).write(to: url)
  }

  /// A header, then a row for each image.
  public var csv: String {
    let images = shape.first ?? 0
    let length = images > 0 ? values.count / images : 0
    let header = (["image"] + (0..<length).map { "feature \($0)" }).joined(separator: ",") + "\n"
    return (0..<images).reduce(into: header) { text, image in
      text += "\(image)"
      for value in values[image * length..<(image + 1) * length] { text += ",\(value)" }
      text += "\n"
    }
  }
}
