import Support
import Tensors

/// What standardises features: mean and standard deviation of each over the images of a training split.
public struct FeatureScale: Sendable, Equatable {
  /// [D].
  public let mean: [Double]
  /// [D], over n; 1 for a feature that does not vary, which is 0 after the mean is subtracted.
  public let deviation: [Double]

  /// - Parameters:
  ///   - mean: of each feature.
  ///   - deviation: of each, positive.
  public init(mean: [Double], deviation: [Double]) {
    precondition(
      mean.count == deviation.count && deviation.allSatisfy { $0 > 0 },
      "FeatureScale: \(mean.count) means and \(deviation.count) deviations")
    self.mean = mean
    self.deviation = deviation
  }

  /// Mean and deviation of the columns of features [N, D].
  public init(of features: Tensor) {
    let (count, width) = (features.shape[0], features.shape[1])
    var means = Array(repeating: 0.0, count: width)
    var squares = means
    var sizes = means
    features.withFloats { values in
      for row in 0..<count { for i in 0..<width { means[i] += Double(values[row * width + i]) } }
      for i in 0..<width { means[i] /= Double(max(1, count)) }
      for row in 0..<count {
        for i in 0..<width {
          let value = Double(values[row * width + i])
          squares[i] += (value - means[i]) * (value - means[i])
          sizes[i] += value * value
        }
      }
    }
    // 1e-6 of a feature is a few units in the last place of single precision: what varies by less does not vary.
    let deviations = zip(squares, sizes).map { square, size in
      square <= 1e-12 * size ? 1 : (square / Double(max(1, count))).squareRoot()
    }
    self.init(mean: means, deviation: deviations)
  }

  /// Standardises features [N, D].
  ///
  /// - Returns: (feature − mean) / deviation; of a feature that does not vary in training the difference alone.
  public func standardised(_ features: Tensor) -> Tensor {
    let width = mean.count
    precondition(
      features.shape.rank == 2 && features.shape[1] == width, "FeatureScale: \(features.shape) for \(width) features")
    return Tensor(shape: features.shape) { target in
      features.withFloats { values in
        for i in values.indices { target[i] = Float((Double(values[i]) - mean[i % width]) / deviation[i % width]) }
      }
    }
  }
}
