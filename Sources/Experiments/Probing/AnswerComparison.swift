import Analysis
import Statistics

/// What the answers of two networks to the same images have in common.
public struct AnswerComparison {
  /// What labels tell of the answers.
  public struct Judgement {
    /// Share of images that each network has right, with Wilson's interval.
    public let accuracies: (first: Estimate, second: Estimate)
    /// Accuracy of the first minus that of the second, with Student's interval over images.
    public let difference: Estimate
    /// Images that both have right, only the first, only the second, and neither.
    public let right: [Int]
    /// McNemar's test: whether one is right more often.
    public let mcNemar: SignificanceTest
    /// Whether they fail on the same images.
    public let errors: SharedErrors
    /// Scores of each class.
    public let scores: (first: [ConfusionMatrix.ClassScore], second: [ConfusionMatrix.ClassScore])
  }

  /// Mean over images of KL(second ‖ first) of logits divided by a temperature.
  public struct Divergence {
    /// What logits are divided by.
    public let temperature: Double
    /// In nats, not multiplied by the temperature's square.
    public let value: Double
  }

  /// The temperatures of the divergences.
  public static let temperatures = [1.0, 2, 4]

  /// Answers of the first and the second network; labels are 0 where the images have none.
  public let predictions: (first: Predictions, second: Predictions)
  /// Names of the classes.
  public let classes: [String]
  /// Share of images on which both choose the same class.
  public let agreement: Double
  /// One per temperature.
  public let divergences: [Divergence]
  /// What labels tell; nil where the images have none.
  public let judgement: Judgement?

  /// - Parameters:
  ///   - first: logits [images · classes] of a network.
  ///   - second: of another: the reference of the divergences.
  ///   - labels: class of each image; nil where it is not known.
  ///   - classes: names.
  public init(_ first: [Float], _ second: [Float], labels: [Int]?, classes: [String]) {
    let known = labels ?? Array(repeating: 0, count: first.count / classes.count)
    func predictions(_ logits: [Float], _ temperature: Double) -> Predictions {
      Predictions(logits: logits, labels: known, classes: classes.count, temperature: temperature)
    }
    let answered = (first: predictions(first, 1), second: predictions(second, 1))
    self.classes = classes
    self.predictions = answered
    agreement =
      Double(zip(answered.first.choices, answered.second.choices).count { $0 == $1 }) / Double(max(1, known.count))
    divergences = Self.temperatures.map { temperature in
      Divergence(
        temperature: temperature,
        value: Fidelity.divergence(predictions(first, temperature), from: predictions(second, temperature)))
    }
    judgement = labels.map { _ in Judgement(answered.first, answered.second) }
  }

  /// Places of the images on which the networks choose other classes, the most confident answers first.
  public var disagreements: [Int] {
    let (a, b) = (predictions.first, predictions.second)
    let (sure, surer) = (a.confidences, b.confidences)
    return a.choices.indices.filter { a.choices[$0] != b.choices[$0] }
      .map { (place: $0, certainty: min(sure[$0], surer[$0])) }
      .sorted { ($1.certainty, $0.place) < ($0.certainty, $1.place) }
      .map(\.place)
  }
}

extension AnswerComparison.Judgement {
  fileprivate init(_ first: Predictions, _ second: Predictions) {
    func accuracy(_ answers: Predictions) -> Estimate {
      wilsonInterval(answers.right, of: answers.count) ?? Estimate(.nan, count: 0, method: "no images")
    }
    let fidelity = Fidelity(first, to: second)
    accuracies = (accuracy(first), accuracy(second))
    difference =
      studentInterval(
        of: zip(first.isRight, second.isRight).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }, over: "images",
        within: QuantityRange.correlation)
      ?? Estimate(.nan, count: 0, method: "no images")
    right = fidelity.right
    mcNemar = mcNemarTest(onlyFirst: fidelity.onlyNetwork, onlySecond: fidelity.onlyReference)
    errors = SharedErrors(first, second)
    scores = (ConfusionMatrix(first).scores, ConfusionMatrix(second).scores)
  }
}
