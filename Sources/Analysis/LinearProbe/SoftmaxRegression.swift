import Support
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Multinomial logistic regression on features: mean cross-entropy + penalty / 2 · ‖W‖², the bias free. The minimum is
/// the only one up to a constant on all biases, which starts at zero and stays there.
///
/// Products of matrices are in single precision over few rows at a time and are added up in double precision; all else
/// is in double precision.
public struct SoftmaxRegression {
  /// A minimum.
  public struct Fit: Sendable, Equatable {
    /// [classes · D], row by row.
    public let weight: [Double]
    /// [classes].
    public let bias: [Double]
    /// Mean cross-entropy + penalty / 2 · ‖W‖², nats.
    public let loss: Double
    /// Euclidean norm of the loss's gradient there.
    public let gradientNorm: Double
    /// Steps of Newton's method that led there.
    public let iterations: Int
  }

  /// [N, D].
  let features: Tensor
  let labels: [Int]
  let classes: Int
  let penalty: Double
  var width: Int { features.shape[1] }
  private var count: Int { features.shape[0] }

  /// Rows of one product of matrices: few enough that single precision keeps its digits over their sum.
  private static let rows = 4096

  /// - Parameters:
  ///   - features: [N, D], standardised.
  ///   - labels: class of each row.
  ///   - classes: number of classes.
  ///   - penalty: above 0.
  public init(_ features: Tensor, labels: [Int], classes: Int, penalty: Double) {
    precondition(
      features.shape.rank == 2 && features.shape[0] == labels.count && !labels.isEmpty,
      "SoftmaxRegression: features \(features.shape) and \(labels.count) labels")
    precondition(labels.allSatisfy { (0..<classes).contains($0) }, "SoftmaxRegression: a label outside 0..<\(classes)")
    precondition(penalty > 0, "SoftmaxRegression: penalty \(penalty) is not above 0")
    self.features = features
    self.labels = labels
    self.classes = classes
    self.penalty = penalty
  }

  /// Logits of rows of features under a fit.
  ///
  /// - Parameters:
  ///   - features: [N, D], standardised by the scale of the fit's own.
  ///   - fit: weight and bias.
  /// - Returns: [N · classes], row by row.
  public static func logits(_ features: Tensor, _ fit: Fit) -> [Float] {
    let classes = fit.bias.count
    let weight = Tensor(fit.weight.map { Float($0) }, shape: [classes, features.shape[1]])
    let scores = withoutRecording { matrixProduct(features, weight, transposesSecond: true) }.floats
    return scores.indices.map { Float(Double(scores[$0]) + fit.bias[$0 % classes]) }
  }

  /// The loss at a point, with its gradient and what its curvature needs.
  struct Point {
    let loss: Double
    /// [classes · D] then [classes].
    let gradient: [Double]
    /// [N · classes].
    let probabilities: [Float]

    var gradientNorm: Double { dot(gradient, gradient).squareRoot() }
  }

  /// The loss at weights [classes · D] followed by biases [classes].
  func point(at parameters: [Double]) -> Point {
    var probabilities = [Float](repeating: 0, count: count * classes)
    var loss = 0.0
    let sums = accumulated(parameters) { scores, row, residuals in
      var largest = -Double.infinity
      for k in scores.indices { largest = max(largest, scores[k]) }
      let label = labels[row]
      let own = scores[label]
      var sum = 0.0
      for k in scores.indices {
        scores[k] = exp(scores[k] - largest)
        sum += scores[k]
      }
      loss += log(sum) + largest - own
      for k in scores.indices {
        let probability = scores[k] / sum
        probabilities[row * classes + k] = Float(probability)
        residuals[k] = Float(probability - (k == label ? 1 : 0))
      }
    }
    let norm = parameters[..<(classes * width)].reduce(0) { $0 + $1 * $1 }
    return Point(
      loss: loss / Double(count) + penalty / 2 * norm, gradient: penalised(sums, parameters),
      probabilities: probabilities)
  }

  /// The loss's Hessian at a point times a direction.
  func curvature(_ point: Point, _ direction: [Double]) -> [Double] {
    let sums = accumulated(direction) { scores, row, residuals in
      let start = row * classes
      var mean = 0.0
      for k in scores.indices { mean += Double(point.probabilities[start + k]) * scores[k] }
      for k in scores.indices { residuals[k] = point.probabilities[start + k] * Float(scores[k] - mean) }
    }
    return penalised(sums, direction)
  }

  /// Sums over rows of residual · (feature, 1), where the residuals of a row are made of its scores W·feature + bias.
  private func accumulated(
    _ parameters: [Double],
    _ residual: (_ scores: inout [Double], _ row: Int, _ residuals: UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Double] {
    let size = classes * width
    let weight = Tensor(parameters[..<size].map { Float($0) }, shape: [classes, width])
    var sums = Array(repeating: 0.0, count: parameters.count)
    var scores = Array(repeating: 0.0, count: classes)
    for start in stride(from: 0, to: count, by: Self.rows) {
      let part = features.slice(start..<min(count, start + Self.rows), alongAxis: 0)
      let rows = part.shape[0]
      let products = withoutRecording { matrixProduct(part, weight, transposesSecond: true) }
      let residuals = Tensor(shape: [rows, classes]) { target in
        products.withFloats { values in
          for row in 0..<rows {
            for k in 0..<classes { scores[k] = Double(values[row * classes + k]) + parameters[size + k] }
            let own = UnsafeMutableBufferPointer(rebasing: target[row * classes..<(row + 1) * classes])
            residual(&scores, start + row, own)
            for k in 0..<classes { sums[size + k] += Double(own[k]) }
          }
        }
      }
      withoutRecording { matrixProduct(residuals, part, transposesFirst: true) }.withFloats { values in
        for i in values.indices { sums[i] += Double(values[i]) }
      }
    }
    return sums
  }

  /// The mean of sums over rows, with what the penalty adds.
  private func penalised(_ sums: [Double], _ parameters: [Double]) -> [Double] {
    let size = classes * width
    return sums.indices.map { sums[$0] / Double(count) + ($0 < size ? penalty * parameters[$0] : 0) }
  }
}

/// The inner product of two vectors.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
