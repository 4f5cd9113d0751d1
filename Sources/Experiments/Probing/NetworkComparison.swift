import Analysis
import Datasets
import Models
import Statistics
import Tensors
import Training

/// What two checkpoints have in common: answers, layers, weights.
public struct NetworkComparison {
  /// How far apart two tensors of one name are.
  public struct WeightDistance {
    /// Name in both files.
    public let name: String
    /// ‖a − b‖ / ‖a‖; nil where the shapes differ or a is zero and b is not.
    public let relative: Double?
    /// Cosine of the angle between them; nil where the shapes differ or one is zero.
    public let cosine: Double?
  }

  /// Answers of the first and the second network.
  public let predictions: (Predictions, Predictions)
  /// Names of the classes.
  public let classes: [String]
  /// The first network's answers held against the second's, which are the reference of KL.
  public let fidelity: Fidelity
  /// McNemar's test: whether one is right more often.
  public let mcNemar: SignificanceTest
  /// Accuracy of the first minus that of the second, with Student's interval over images.
  public let difference: Estimate
  /// CKA of the layers, rows of the first network, columns of the second.
  public let similarities: SimilarityTable
  /// Tensors that both have by name, in the first's order.
  public let distances: [WeightDistance]
  /// Tensors that only one has.
  public let unmatched: [String]

  /// Compares two networks on one data set.
  ///
  /// - Parameters:
  ///   - first: a network of the data's classes.
  ///   - second: another.
  ///   - data: the data set.
  ///   - similarityImages: images over which layers are compared, spread evenly over those asked about.
  ///   - rule: whether feature maps are flattened or averaged.
  /// - Throws: ``InputError`` if logits are not finite numbers.
  public init(
    _ first: ProbeData.ProbedNetwork, _ second: ProbeData.ProbedNetwork, on data: ProbeData,
    similarityImages: Int, rule: FeatureGram.Rule
  ) throws {
    let set = data.asked
    let labels = set.labels.map(Int.init)
    func answers(_ probed: ProbeData.ProbedNetwork) throws -> Predictions {
      Predictions(logits: try probed.logits(on: set).floats, labels: labels, classes: set.classes.count)
    }
    let answered = (try answers(first), try answers(second))
    predictions = answered
    classes = set.classes
    fidelity = Fidelity(answered.0, to: answered.1)
    mcNemar = mcNemarTest(onlyFirst: fidelity.onlyNetwork, onlySecond: fidelity.onlyReference)
    difference =
      studentInterval(
        of: zip(answered.0.isRight, answered.1.isRight).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }, over: "images",
        within: QuantityRange.correlation)
      ?? Estimate(.nan, count: 0, method: "no images")
    let shared = set.spread(similarityImages)
    let grams = [first, second].map { probed in
      NetworkGrams.of(
        probed.network, at: NetworkGrams.layers(of: probed.network), on: shared, count: shared.count,
        probed.normalization, rule: rule)
    }
    similarities = SimilarityTable(grams[0], grams[1])
    (distances, unmatched) = Self.weights(first.network, second.network)
  }

  private static func weights(_ first: any Network, _ second: any Network) -> ([WeightDistance], [String]) {
    let others = Dictionary(second.namedParameters.map { ($0.name, $0.parameter.tensor) }) { one, _ in one }
    let own = first.namedParameters
    let distances = own.compactMap { name, parameter -> WeightDistance? in
      guard let other = others[name] else { return nil }
      guard other.shape == parameter.tensor.shape else {
        return WeightDistance(name: name, relative: nil, cosine: nil)
      }
      return distance(name, parameter.tensor.floats, other.floats)
    }
    let names = Set(own.map(\.name))
    let onlyFirst = own.map(\.name).filter { others[$0] == nil }
    return (distances, onlyFirst + second.namedParameters.map(\.name).filter { !names.contains($0) })
  }

  private static func distance(_ name: String, _ a: [Float], _ b: [Float]) -> WeightDistance {
    var (squares, others, product, apart) = (0.0, 0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x), Double(y))
      squares += x * x
      others += y * y
      product += x * y
      apart += (x - y) * (x - y)
    }
    let relative = squares > 0 ? (apart / squares).squareRoot() : apart > 0 ? nil : 0
    let norms = (squares * others).squareRoot()
    return WeightDistance(name: name, relative: relative, cosine: norms > 0 ? min(1, max(-1, product / norms)) : nil)
  }
}

extension ImageSet {
  /// Some images, spread evenly over the set, so that a set in the order of its classes gives all of them.
  ///
  /// - Parameter count: at most so many.
  /// - Returns: the set itself where it has no more.
  public func spread(_ count: Int) -> ImageSet {
    count >= self.count ? self : subset((0..<max(0, count)).map { $0 * self.count / count })
  }
}
