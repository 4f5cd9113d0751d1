/// Which class is taken for which, and what that says of each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Precision, recall and F1 of one class.
  public struct ClassScore: Sendable, Equatable {
    /// Images of the class.
    public let support: Int
    /// Images that were given the class.
    public let predicted: Int
    /// Images of the class that were given it.
    public let right: Int

    /// Share of the images given the class that belong to it; nil where none were given it.
    public var precision: Double? { predicted > 0 ? Double(right) / Double(predicted) : nil }
    /// Share of the class's images that were given it: its accuracy; nil where it has no image.
    public var recall: Double? { support > 0 ? Double(right) / Double(support) : nil }
    /// Harmonic mean of both, 2·right / (support + predicted); nil where the class is neither there nor given.
    public var f1: Double? { support + predicted > 0 ? 2 * Double(right) / Double(support + predicted) : nil }
  }

  /// Number of classes.
  public let classes: Int
  /// [label][choice]: images of the label that were given the choice.
  public let counts: [[Int]]

  /// - Parameter predictions: of at least no images.
  public init(_ predictions: Predictions) {
    classes = predictions.classes
    var counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (label, choice) in zip(predictions.labels, predictions.choices) { counts[label][choice] += 1 }
    self.counts = counts
  }

  /// The scores of each class, in order.
  public var scores: [ClassScore] {
    (0..<classes).map { index in
      ClassScore(
        support: counts[index].reduce(0, +), predicted: counts.reduce(0) { $0 + $1[index] },
        right: counts[index][index])
    }
  }

  /// The shares of each label's images, [label][choice]; nil in the row of a class without images.
  public var shares: [[Double?]] {
    counts.map { row in
      let all = row.reduce(0, +)
      return row.map { all > 0 ? Double($0) / Double(all) : nil }
    }
  }
}
