import Support
import Tensors

/// Which images a layer holds for alike: the Gram matrix of its features over n images, in n² numbers whatever the
/// layer's size.
///
/// Features of convolutions are flattened to [n, height · width · channels] or averaged over positions to
/// [n, channels]. They are centred first, which changes no debiased HSIC and keeps digits. The diagonal, which the
/// debiased estimator leaves out, is zero.
public struct FeatureGram: Sendable, Equatable {
  /// How a feature map becomes a row of numbers.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// Every position and channel counts: [n, height · width · channels].
    case flattened
    /// Channels, averaged over positions: [n, channels].
    case pooled
  }

  /// The layer's name, for messages.
  public let name: String
  /// Number of images n.
  public let count: Int
  /// n × n inner products of centred features, row by row, zero on the diagonal.
  let products: [Double]
  /// Sum of each row.
  let rowSums: [Double]
  /// Sum of all products.
  let total: Double
  /// Whether the features differ between images by no more than rounding.
  public let isConstant: Bool

  /// The Gram matrix of features that fit into memory.
  ///
  /// - Parameters:
  ///   - features: [n, …], row-major.
  ///   - name: the layer's name, for messages.
  ///   - rule: whether feature maps [n, height, width, channels] are flattened or averaged.
  public init(_ features: Tensor, name: String, rule: Rule = .flattened) {
    var sum = GramSum(name: name, count: features.shape[0])
    sum.add(FeatureGram.matrix(features, rule))
    self = sum.gram
  }

  init(name: String, count: Int, products: [Double], isConstant: Bool) {
    self.name = name
    self.count = count
    self.products = products
    self.isConstant = isConstant
    rowSums = (0..<count).map { row in products[row * count..<(row + 1) * count].reduce(0, +) }
    total = rowSums.reduce(0, +)
  }

  /// Features as one row of numbers per image.
  static func matrix(_ features: Tensor, _ rule: Rule) -> Tensor {
    let images = features.shape[0]
    guard rule == .pooled, features.shape.rank == 4 else {
      return features.reshaped([images, features.count / max(1, images)])
    }
    return withoutRecording { features.mean(alongAxes: [1, 2]) }
  }
}

/// A Gram matrix that is added up over ranges of features, so that a layer of any size needs little memory.
public struct GramSum {
  private let name: String
  private let count: Int
  private var products: [Double]
  private var spread = 0.0
  private var size = 0.0

  /// Features of one product: few enough that single precision keeps its digits over their sum.
  private static let width = 4096

  /// - Parameters:
  ///   - name: the layer's name, for messages.
  ///   - count: number of images.
  public init(name: String, count: Int) {
    self.name = name
    self.count = count
    products = Array(repeating: 0, count: count * count)
  }

  /// Adds some of the features of all images.
  ///
  /// - Parameter features: [images, some features].
  public mutating func add(_ features: Tensor) {
    precondition(
      features.shape.rank == 2 && features.shape[0] == count, "GramSum: \(features.shape) for \(count) images")
    let length = features.shape[1]
    for start in stride(from: 0, to: length, by: Self.width) {
      let end = min(length, start + Self.width)
      let centred = centred(features, start..<end)
      let product = withoutRecording { matrixProduct(centred, centred, transposesSecond: true) }
      product.withFloats { values in for i in values.indices { products[i] += Double(values[i]) } }
    }
  }

  /// The features of a range minus their means over the images; notes how much they vary.
  private mutating func centred(_ features: Tensor, _ range: Range<Int>) -> Tensor {
    let (count, length, width) = (count, features.shape[1], range.count)
    var means = Array(repeating: 0.0, count: width)
    features.withFloats { values in
      for image in 0..<count {
        let row = image * length + range.lowerBound
        for i in 0..<width {
          means[i] += Double(values[row + i])
          size += Double(values[row + i]) * Double(values[row + i])
        }
      }
    }
    for i in means.indices { means[i] /= Double(max(1, count)) }
    var spread = 0.0
    let result = Tensor(shape: [count, width]) { target in
      features.withFloats { values in
        for image in 0..<count {
          let row = image * length + range.lowerBound
          for i in 0..<width {
            let difference = Double(values[row + i]) - means[i]
            spread += difference * difference
            target[image * width + i] = Float(difference)
          }
        }
      }
    }
    self.spread += spread
    return result
  }

  /// The matrix of all that was added.
  public var gram: FeatureGram {
    var products = products
    for i in 0..<count { products[i * count + i] = 0 }
    // 1e-6 of a feature is a few units in the last place of single precision.
    return FeatureGram(name: name, count: count, products: products, isConstant: spread <= 1e-12 * size)
  }
}
