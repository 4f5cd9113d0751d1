import Models
import NeuralNetworks
import Support
import Tensors

/// δ² = E‖h(x) − mean h‖²: how much a layer's feature varies over a data set, so that layers and networks compare.
public struct FeatureVariance {
  private var count = 0
  private var sum: [Double] = []
  private var squares = 0.0

  /// No features yet.
  public init() {}

  /// Adds the features of some images, [images, …].
  public mutating func add(_ features: Tensor) {
    let images = features.shape[0]
    let length = features.count / max(1, images)
    if sum.isEmpty { sum = Array(repeating: 0, count: length) }
    precondition(sum.count == length, "FeatureVariance: features of \(length) values after some of \(sum.count)")
    features.withFloats { values in
      for image in 0..<images {
        var square = 0.0
        for i in 0..<length {
          let value = Double(values[image * length + i])
          sum[i] += value
          square += value * value
        }
        squares += square
      }
    }
    count += images
  }

  /// δ²; 0 for fewer than two images or a constant feature.
  public var value: Double {
    guard count > 1 else { return 0 }
    let number = Double(count)
    let mean = sum.reduce(0) { $0 + ($1 / number) * ($1 / number) }
    return max(0, squares / number - mean)
  }

  /// δ² of a network's feature over normalised images, in evaluation mode.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - point: where the feature is taken.
  ///   - images: batches of normalised images, [n, height, width, channels].
  /// - Returns: δ².
  public static func of(_ network: any Network, at point: FeaturePoint, over images: some Sequence<Tensor>) -> Double {
    var variance = FeatureVariance()
    for batch in images { variance.add(withoutRecording { network.feature(point, of: batch) }) }
    return variance.value
  }
}
