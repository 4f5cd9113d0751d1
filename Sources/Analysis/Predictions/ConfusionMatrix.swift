/// Which class is taken for which, and what that says of each class.
///
/// Pairs that did not occur are not kept: of thousands of classes there are never more pairs than images.
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

    /// Images of the class that were given another, and of others that were given it.
    var wrong: Int { support + predicted - 2 * right }
  }

  /// A pair of classes that occurred.
  public struct Pair: Sendable, Equatable {
    /// True class.
    public let label: Int
    /// Class that was chosen.
    public let choice: Int
    /// Images of the label that were given the choice, at least one.
    public let images: Int
  }

  /// The most classes of which a person reads a whole matrix or table.
  public static let mostReadable = 100
  /// The classes that are shown of more than ``mostReadable``.
  private static let fewShown = 40

  /// Number of classes.
  public let classes: Int
  /// The pairs that occurred, by label, then choice.
  public let pairs: [Pair]
  /// The scores of each class, in order.
  public let scores: [ClassScore]

  /// - Parameter predictions: of at least no images.
  public init(_ predictions: Predictions) { self.init([predictions], classes: predictions.classes) }

  /// The answers of several networks, or of one in several trainings, together.
  ///
  /// - Parameters:
  ///   - answers: of networks of the same classes.
  ///   - classes: number of classes.
  public init(_ answers: [Predictions], classes: Int) {
    var counts: [Int: Int] = [:]
    for predictions in answers {
      for (label, choice) in zip(predictions.labels, predictions.choices) {
        counts[label * classes + choice, default: 0] += 1
      }
    }
    pairs = counts.sorted { $0.key < $1.key }.map {
      Pair(label: $0.key / classes, choice: $0.key % classes, images: $0.value)
    }
    var (support, predicted, right) = (
      Array(repeating: 0, count: classes), Array(repeating: 0, count: classes), Array(repeating: 0, count: classes)
    )
    for pair in pairs {
      support[pair.label] += pair.images
      predicted[pair.choice] += pair.images
      if pair.label == pair.choice { right[pair.label] += pair.images }
    }
    self.classes = classes
    scores = (0..<classes).map { ClassScore(support: support[$0], predicted: predicted[$0], right: right[$0]) }
  }

  /// The classes that are worth showing to a person, in order: all, or of very many those with most wrong answers.
  public var shownClasses: [Int] {
    guard classes > Self.mostReadable else { return Array(0..<classes) }
    let worst = (0..<classes).sorted { (scores[$1].wrong, $0) < (scores[$0].wrong, $1) }
    return worst.prefix(Self.fewShown).sorted()
  }

  /// Some rows and columns of the matrix, [label][choice]: images of the label that were given the choice.
  ///
  /// - Parameter chosen: the classes of rows and columns, ascending.
  /// - Returns: a row for each.
  public func counts(of chosen: [Int]) -> [[Int]] {
    let places = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
    var counts = Array(repeating: Array(repeating: 0, count: chosen.count), count: chosen.count)
    for pair in pairs {
      if let row = places[pair.label], let column = places[pair.choice] { counts[row][column] = pair.images }
    }
    return counts
  }

  /// The same as shares of all images of each label; nil in the row of a class without images.
  public func shares(of chosen: [Int]) -> [[Double?]] {
    zip(chosen, counts(of: chosen)).map { label, row in
      let all = scores[label].support
      return row.map { all > 0 ? Double($0) / Double(all) : nil }
    }
  }
}
