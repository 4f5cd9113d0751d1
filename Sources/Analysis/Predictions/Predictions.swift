import Support

#if canImport(Glibc)
  import Glibc
#endif

/// What a network says of labelled images: probabilities in double precision, from its logits.
public struct Predictions: Sendable, Equatable {
  /// Number of classes.
  public let classes: Int
  /// Class of each image.
  public let labels: [Int]
  /// [images · classes], row by row; each row sums to 1.
  public let probabilities: [Double]
  /// Natural logarithms of the probabilities, without underflow.
  public let logProbabilities: [Double]
  /// The class of the largest logit of each image, the first on ties.
  public let choices: [Int]
  /// Images whose logits are not all finite numbers: a network whose layers overflow says nothing of them, so that each
  /// class is as likely as any other.
  public let unanswered: Int

  /// - Parameters:
  ///   - logits: [images · classes], row by row.
  ///   - labels: class of each image.
  ///   - classes: number of classes.
  ///   - temperature: divides the logits.
  public init(logits: [Float], labels: [Int], classes: Int, temperature: Double = 1) {
    precondition(
      logits.count == labels.count * classes,
      "Predictions: \(logits.count) logits for \(labels.count) images of \(classes) classes")
    precondition(labels.allSatisfy { $0 >= 0 && $0 < classes }, "Predictions: a label outside 0..<\(classes)")
    precondition(temperature > 0, "Predictions: temperature \(temperature) is not above 0")
    var logs = Array(repeating: 0.0, count: logits.count)
    var choices = Array(repeating: 0, count: labels.count)
    var unanswered = 0
    for image in labels.indices {
      let row = image * classes
      var best = 0
      for j in 1..<max(1, classes) where logits[row + j] > logits[row + best] { best = j }
      choices[image] = best
      guard logits[row..<row + classes].allSatisfy(\.isFinite) else {
        unanswered += 1
        for j in 0..<classes { logs[row + j] = -log(Double(classes)) }
        continue
      }
      let largest = Double(logits[row + best]) / temperature
      var sum = 0.0
      for j in 0..<classes { sum += exp(Double(logits[row + j]) / temperature - largest) }
      // Not z − (largest + log): beside logits of 1e30 that sum would lose the logarithm.
      let logarithm = log(sum)
      for j in 0..<classes { logs[row + j] = (Double(logits[row + j]) / temperature - largest) - logarithm }
    }
    self.classes = classes
    self.labels = labels
    self.choices = choices
    self.unanswered = unanswered
    logProbabilities = logs
    probabilities = logs.map { exp($0) }
  }

  /// Number of images.
  public var count: Int { labels.count }

  /// The largest probability of each image.
  public var confidences: [Double] { choices.indices.map { probabilities[$0 * classes + choices[$0]] } }

  /// Whether each image is classified rightly.
  public var isRight: [Bool] { zip(choices, labels).map { $0 == $1 } }

  /// Images that are classified rightly.
  public var right: Int { zip(choices, labels).count { $0 == $1 } }

  /// Whether the label of each image is among the likeliest so many classes; of equally likely ones the first count.
  public func areAmong(likeliest wanted: Int) -> [Bool] {
    labels.indices.map { image in
      let row = logProbabilities[image * classes..<(image + 1) * classes]
      let place = row.startIndex + labels[image]
      let own = row[place]
      return row.indices.count { row[$0] > own || row[$0] == own && $0 < place } < wanted
    }
  }

  /// Share of images that are classified rightly; NaN without images.
  public var accuracy: Double { Double(right) / Double(count) }

  /// Mean negative log-likelihood of the labels, in nats; NaN without images.
  public var negativeLogLikelihood: Double {
    -labels.indices.reduce(0) { $0 + logProbabilities[$1 * classes + labels[$1]] } / Double(count)
  }

  /// The Brier score for several classes (Brier, Monthly Weather Review 1950): mean over images of the sum over classes
  /// of (p − 1[label])², from 0 to 2; NaN without images.
  public var brierScore: Double {
    var sum = 0.0
    for image in labels.indices {
      for j in 0..<classes {
        let difference = probabilities[image * classes + j] - (labels[image] == j ? 1 : 0)
        sum += difference * difference
      }
    }
    return sum / Double(count)
  }
}

/// How near one network's answers are to another's on the same images.
public struct Fidelity: Sendable, Equatable, Codable {
  /// Share of images on which both choose the same class.
  public let agreement: Double
  /// Mean over images of KL(reference ‖ network) at temperature 1, in nats.
  public let divergence: Double
  /// Images that both have right, only the network, only the reference, and neither.
  public let right: [Int]

  /// - Parameters:
  ///   - network: whose answers are compared.
  ///   - reference: with what they are compared: the teacher, as a rule.
  public init(_ network: Predictions, to reference: Predictions) {
    precondition(
      network.labels == reference.labels && network.classes == reference.classes,
      "Fidelity: \(network.count) images of \(network.classes) classes and \(reference.count) of \(reference.classes)")
    agreement = Double(zip(network.choices, reference.choices).count { $0 == $1 }) / Double(network.count)
    divergence = Self.divergence(network, from: reference)
    var right = [0, 0, 0, 0]
    for (own, other) in zip(network.isRight, reference.isRight) { right[own ? (other ? 0 : 1) : (other ? 2 : 3)] += 1 }
    self.right = right
  }

  /// Mean over images of KL(reference ‖ network). Labels play no part.
  ///
  /// - Parameters:
  ///   - network: probabilities at any temperature.
  ///   - reference: at the same temperature, of the same images.
  /// - Returns: the mean in nats; NaN without images.
  public static func divergence(_ network: Predictions, from reference: Predictions) -> Double {
    var sum = 0.0
    for i in reference.probabilities.indices where reference.probabilities[i] > 0 {
      sum += reference.probabilities[i] * (reference.logProbabilities[i] - network.logProbabilities[i])
    }
    return sum / Double(network.count)
  }

  /// Images that the network alone has right.
  public var onlyNetwork: Int { right[1] }
  /// Images that the reference alone has right.
  public var onlyReference: Int { right[2] }
}
