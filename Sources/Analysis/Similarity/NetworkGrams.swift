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
    let count = min(count, set.count)
    let maker = BatchMaker(set, normalization: normalization, augmentation: nil, seed: 0)
    let sizes = network.probePoints.reduce(into: [String: Int]()) { sizes, point in
      sizes[point.name] = rule == .pooled ? point.output[point.output.rank - 1] : point.output.count
    }
    return layers.map { layer in
      let length = sizes[layer] ?? 0
      let width = min(length, max(1, largest / max(1, count)))
      var sum = GramSum(name: layer, count: count)
      for start in stride(from: 0, to: length, by: max(1, width)) {
        let end = min(length, start + width)
        sum.add(features(network, layer, maker, count, batch, rule, start..<end))
      }
      return sum.gram
    }
  }

  /// Some of a layer's features for all images, [count, range.count].
  private static func features(
    _ network: any Network, _ layer: String, _ maker: BatchMaker, _ count: Int, _ batch: Int, _ rule: FeatureGram.Rule,
    _ range: Range<Int>
  ) -> Tensor {
    Tensor(shape: [count, range.count]) { target in
      for start in stride(from: 0, to: count, by: batch) {
        let indices = Array(start..<min(count, start + batch))
        let images = ConceptProbe.images(maker, indices[...])
        let rows = FeatureGram.matrix(withoutRecording { network.feature(FeaturePoint(layer), of: images) }, rule)
        let length = rows.shape[1]
        rows.withFloats { values in
          for (row, index) in indices.enumerated() {
            let source = values[row * length + range.lowerBound..<row * length + range.upperBound]
            _ = target[index * range.count..<(index + 1) * range.count].update(fromContentsOf: source)
          }
        }
      }
    }
  }
}
