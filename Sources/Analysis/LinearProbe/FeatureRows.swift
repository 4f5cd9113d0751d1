import Models
import NeuralNetworks
import Support
import Tensors

/// Features of a layer as rows of numbers that a classifier takes.
public enum FeatureRows {
  /// The features of one image as one row.
  ///
  /// - Parameters:
  ///   - network: any; it is not changed.
  ///   - layer: name of a probe point.
  ///   - count: number of images.
  ///   - rule: averaged over positions, or all of them: channel, row, column, as PyTorch flattens them.
  ///   - batch: images at a time; the result does not depend on it beyond rounding.
  ///   - images: gives the images of some places as the network takes them; may stop the work by throwing.
  /// - Returns: [count, D].
  /// - Throws: what `images` throws.
  public static func ofImages(
    _ network: any Network, at layer: String, count: Int, rule: FeatureGram.Rule, batch: Int = 128,
    images: (ArraySlice<Int>) throws -> Tensor
  ) rethrows -> Tensor {
    try rows(network, layer, count, batch, images) { features in
      guard features.shape.rank == 4 else { return features }
      if rule == .pooled { return features.mean(alongAxes: [1, 2]) }
      return features.permuted([0, 3, 1, 2]).reshaped([features.shape[0], features.count / features.shape[0]])
    }
  }

  /// The features of one image at several layers as rows, each averaged over positions; the network runs once.
  ///
  /// - Parameters:
  ///   - network: any; it is not changed.
  ///   - layers: names of probe points, each once.
  ///   - count: number of images.
  ///   - batch: images at a time; the result does not depend on it beyond rounding.
  ///   - images: gives the images of some places as the network takes them; may stop the work by throwing.
  /// - Returns: [count, D] for each layer, in their order.
  /// - Throws: what `images` throws.
  public static func pooled(
    _ network: any Network, at layers: [String], count: Int, batch: Int = 128,
    images: (ArraySlice<Int>) throws -> Tensor
  ) rethrows -> [Tensor] {
    try rows(network, layers, count, batch, images) { features in
      features.shape.rank == 4 ? features.mean(alongAxes: [1, 2]) : features
    }
  }

  /// The channels at each position as one row, positions row by row within an image.
  ///
  /// - Parameters: as for ``ofImages(_:at:count:rule:batch:images:)``.
  /// - Returns: [count · height · width, channels].
  /// - Throws: what `images` throws.
  public static func ofPositions(
    _ network: any Network, at layer: String, count: Int, batch: Int = 128, images: (ArraySlice<Int>) throws -> Tensor
  ) rethrows -> Tensor {
    try rows(network, layer, count, batch, images) { features in
      let channels = features.shape[features.shape.rank - 1]
      return features.reshaped([features.count / channels, channels])
    }
  }

  /// What is made of the features of one layer, batch after batch.
  private static func rows(
    _ network: any Network, _ layer: String, _ count: Int, _ batch: Int,
    _ images: (ArraySlice<Int>) throws -> Tensor, _ rows: (Tensor) -> Tensor
  ) rethrows -> Tensor {
    try self.rows(network, [layer], count, batch, images, rows)[0]
  }

  /// The same at several layers; the network runs once.
  private static func rows(
    _ network: any Network, _ layers: [String], _ count: Int, _ batch: Int,
    _ images: (ArraySlice<Int>) throws -> Tensor, _ rows: (Tensor) -> Tensor
  ) rethrows -> [Tensor] {
    let points = layers.map { FeaturePoint($0) }
    let all = Array(0..<count)
    var parts: [[Tensor]] = layers.map { _ in [] }
    for start in stride(from: 0, to: count, by: batch) {
      let part = try images(all[start..<min(count, start + batch)])
      withoutRecording {
        let pass = ForwardPass(.evaluation, features: Set(points), stopsWhenFound: true)
        _ = network(part, pass)
        for (place, point) in points.enumerated() { parts[place].append(rows(pass.feature(point))) }
      }
    }
    return withoutRecording { parts.map { concatenated($0, alongAxis: 0) } }
  }
}
