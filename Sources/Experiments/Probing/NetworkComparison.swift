import Analysis
import Datasets
import Models
import Statistics
import Support
import Tensors

/// What two checkpoints have in common: answers, layers, weights, borders between classes.
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

  /// What can be said of the networks themselves, not of their answers alone.
  public struct Insides {
    /// CKA of the layers, rows of the first network, columns of the second.
    public let similarities: SimilarityTable
    /// Tensors that both have by name, in the first's order.
    public let distances: [WeightDistance]
    /// Tensors that only one has.
    public let unmatched: [String]
    /// Share of equal answers to mixtures of images (``Boundaries``); nil where there are fewer than two images.
    public let boundaryAgreement: Double?
  }

  /// What is asked beside the answers.
  public struct Question {
    /// Images over which layers are compared, spread evenly over those asked about.
    public var similarityImages: Int
    /// Whether feature maps are flattened or averaged.
    public var rule: FeatureGram.Rule
    /// Decides which images are mixed.
    public var seed: Int
    /// Images at a time; the numbers do not depend on it beyond rounding.
    public var batch = 256

    /// - Parameters: as the properties.
    public init(similarityImages: Int = 512, rule: FeatureGram.Rule = .flattened, seed: Int = 1) {
      self.similarityImages = similarityImages
      self.rule = rule
      self.seed = seed
    }
  }

  /// What the networks answered.
  public let answers: AnswerComparison
  /// The logits of the first and of the second network, [images · classes].
  public let logits: (first: [Float], second: [Float])
  /// Class of each image; nil where it is not known.
  public let labels: [Int]?
  /// What is known of the networks; nil where only their answers are.
  public let insides: Insides?
  /// The images; nil where only answers are known.
  public let pair: NetworkPair?

  /// Compares two networks on the same images.
  ///
  /// - Parameters:
  ///   - pair: the networks with the images as each takes them.
  ///   - question: what is asked beside the answers.
  ///   - progress: shows how far the work is.
  /// - Throws: ``InputError`` if logits are not finite numbers, ``Interrupted`` after a signal.
  public init(_ pair: NetworkPair, _ question: Question, progress: ProgressDisplay) throws {
    let names = ["answers of A", "answers of B", "layers"]
    progress.plan(names.map { (name: $0, cost: 1) })
    defer { progress.finish() }
    func logits(_ asked: AskedNetwork, _ stage: String) throws -> [Float] {
      progress.begin(stage)
      return try asked.logits(batch: question.batch) { share in
        progress.update(share) { "\(asked.count) images" }
      }.floats
    }
    let (first, second) = (try logits(pair.first, names[0]), pair.aligned(try logits(pair.second, names[1])))
    progress.begin(names[2])
    self.pair = pair
    labels = pair.labels
    self.logits = (first, second)
    answers = AnswerComparison(first, second, labels: pair.labels, classes: pair.classes)
    let grams = [pair.first, pair.second].map { asked in
      let shared = asked.spread(question.similarityImages)
      return NetworkGrams.of(
        asked.network, at: NetworkGrams.layers(of: asked.network), count: shared.count, rule: question.rule,
        batch: min(128, question.batch), images: shared.images)
    }
    let (distances, unmatched) = Self.weights(pair.first.network, pair.second.network)
    insides = Insides(
      similarities: SimilarityTable(grams[0], grams[1]), distances: distances, unmatched: unmatched,
      boundaryAgreement: try Self.boundaryAgreement(pair, question))
  }

  /// Compares answers that some program stored.
  ///
  /// - Throws: ``InputError`` if they are not answers to the same images.
  public init(stored first: LabelledAnswers, _ second: LabelledAnswers) throws {
    guard first.classes == second.classes else {
      throw InputError(
        second.url.path, "'logits' have \(second.classes.count) classes",
        remedy: "those of \(first.url.path) have \(first.classes.count)")
    }
    guard first.judged.labels == second.judged.labels else {
      let (count, other) = (first.judged.labels.count, second.judged.labels.count)
      throw InputError(
        second.url.path,
        count == other ? "'labels' are not those of \(first.url.path)" : "'labels' are of \(other) images",
        remedy: "answers to the same \(count) images in the same order are needed")
    }
    logits = (first.judged.logits, second.judged.logits)
    labels = first.judged.labels
    answers = AnswerComparison(logits.first, logits.second, labels: labels, classes: first.classes)
    insides = nil
    pair = nil
  }

  private static func boundaryAgreement(_ pair: NetworkPair, _ question: Question) throws -> Double? {
    try Interrupt.check()
    let pairs = Boundaries.pairs(among: pair.first.count, seed: UInt64(max(0, question.seed)))
    guard !pairs.isEmpty else { return nil }
    let batch = min(64, question.batch)
    func choices(_ asked: AskedNetwork, _ aligned: ([Float]) -> [Float]) throws -> [Int] {
      let logits = Boundaries.logits(of: asked.network, between: pairs, batch: batch, asked.images)
      try logits.requireFinite("logits of mixtures", of: asked.url.path)
      return Predictions(
        logits: aligned(logits.floats), labels: Array(repeating: 0, count: logits.shape[0]), classes: logits.shape[1]
      ).choices
    }
    let (first, second) = (try choices(pair.first) { $0 }, try choices(pair.second) { pair.aligned($0) })
    return Double(zip(first, second).count { $0 == $1 }) / Double(first.count)
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
