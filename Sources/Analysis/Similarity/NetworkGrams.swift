import Datasets
import Models
import NeuralNetworks
import Tensors

/// Gram matrices of a network's layers over images of a split.
public enum NetworkGrams {
  /// Numbers that features may take at a time, 256 MiB; a layer that has more over all images is done in several
  /// passes over ranges of its features.
  public static let largestFeatures = 1 << 26

  /// The layers that are compared unless others are named: the recommended probe points, each under one name.
  public static func layers(of network: any Network) -> [String] {
    let points = network.probePoints.filter(\.isRecommended)
    // A fully connected layer may have a plain name beside torchvision's `classifier.0`.
    let hasPlainNames = points.contains { $0.output.rank == 1 && !$0.name.contains(".") }
    return points.filter { !($0.output.rank == 1 && hasPlainNames && $0.name.contains(".")) }.map(\.name)
  }

  /// The Gram matrices, in evaluation mode; the network is left as it was.
  ///
  /// - Parameters:
  ///   - network: any; it is not changed.
  ///   - layers: names of probe points.
  ///   - set: the split.
  ///   - count: the first so many images are taken.
  ///   - normalization: of the network's training.
  ///   - rule: whether feature maps are flattened or averaged.
  ///   - batch: images at a time; the result does not depend on it beyond rounding.
  ///   - largest: numbers that features may take at a time.
  /// - Returns: one per layer, in their order.
  public static func of(
    _ network: any Network, at layers: [String], on set: ImageSet, count: Int, _ normalization: Normalization,
    rule: FeatureGram.Rule = .flattened, batch: Int = 128, largest: Int = largestFeatures
  ) -> [FeatureGram] {
    let maker = BatchMaker(set, normalization: normalization, augmentation: nil, seed: 0)
    return of(network, at: layers, count: min(count, set.count), rule: rule, batch: batch, largest: largest) {
      maker.images($0)
    }
  }

  /// The same over images from anywhere.
  ///
  /// - Parameters:
  ///   - network: any; it is not changed.
  ///   - layers: names of probe points.
  ///   - count: number of images.
  ///   - rule: whether feature maps are flattened or averaged.
  ///   - batch: images at a time; the result does not depend on it beyond rounding.
  ///   - largest: numbers that features may take at a time.
  ///   - images: gives the images of some places as the network takes them.
  /// - Returns: one per layer, in their order.
  public static func of(
    _ network: any Network, at layers: [String], count: Int, rule: FeatureGram.Rule = .flattened, batch: Int = 128,
    largest: Int = largestFeatures, images: (ArraySlice<Int>) -> Tensor
  ) -> [FeatureGram] {
    let sizes = network.probePoints.reduce(into: [String: Int]()) { sizes, point in
      sizes[point.name] = rule == .pooled ? point.output[point.output.rank - 1] : point.output.count
    }
    var sums = layers.map { GramSum(name: $0, count: count) }
    for group in groups(layers.map { sizes[$0] ?? 0 }, atMost: max(1, largest / max(1, count))) {
      let wanted = group.map { FeaturePoint(layers[$0.layer]) }
      let matrices = features(network, wanted, group.map(\.range), images, count, batch, rule)
      for (part, matrix) in zip(group, matrices) { sums[part.layer].add(matrix) }
    }
    return sums.map(\.gram)
  }

  /// Some of a layer's features.
  private struct Part {
    let layer: Int
    let range: Range<Int>
  }

  /// All features of all layers in parts; the parts of a group together have at most so many, and share a forward pass.
  private static func groups(_ lengths: [Int], atMost most: Int) -> [[Part]] {
    let parts = lengths.enumerated().flatMap { layer, length in
      stride(from: 0, to: length, by: most).map { Part(layer: layer, range: $0..<min(length, $0 + most)) }
    }
    var groups: [[Part]] = []
    var room = 0
    for part in parts {
      if part.range.count > room {
        groups.append([])
        room = most
      }
      groups[groups.count - 1].append(part)
      room -= part.range.count
    }
    return groups
  }

  /// Ranges of the features of some points for all images, each [count, range.count].
  private static func features(
    _ network: any Network, _ points: [FeaturePoint], _ ranges: [Range<Int>], _ images: (ArraySlice<Int>) -> Tensor,
    _ count: Int, _ batch: Int, _ rule: FeatureGram.Rule
  ) -> [Tensor] {
    let matrices = ranges.map { Tensor.zeros([count, $0.count]) }
    for start in stride(from: 0, to: count, by: batch) {
      let indices = Array(start..<min(count, start + batch))
      let pass = ForwardPass(.evaluation, features: Set(points), stopsWhenFound: true)
      _ = withoutRecording { network(images(indices[...]), pass) }
      for (place, range) in ranges.enumerated() {
        let rows = FeatureGram.matrix(pass.feature(points[place]), rule)
        let length = rows.shape[1]
        matrices[place].mutate { target in
          rows.withFloats { values in
            for (row, index) in indices.enumerated() {
              let source = values[row * length + range.lowerBound..<row * length + range.upperBound]
              _ = target[index * range.count..<(index + 1) * range.count].update(fromContentsOf: source)
            }
          }
        }
      }
    }
    return matrices
  }
}
