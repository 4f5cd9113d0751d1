import Support

/// Whether two networks fail on the same images, and in the same way.
public struct SharedErrors: Sendable, Equatable {
  /// Cohen's κ of being right: (c − e) / (1 − e), where c is the share of images that both have right or both have wrong,
  /// and e what it would be if the networks failed independently (Geirhos, Meding and Wichmann, NeurIPS 2020). 0
  /// for independent errors, 1 for the same ones; nil where e is 1: both are right everywhere, or wrong.
  public let consistency: Double?
  /// Images that both have wrong.
  public let bothWrong: Int
  /// Of those, images of which both say the same.
  public let alike: Int

  /// Share of equal answers where both are wrong; nil where they never are.
  public var alikeShare: Double? { bothWrong > 0 ? Double(alike) / Double(bothWrong) : nil }

  /// - Parameters:
  ///   - first: answers of a network.
  ///   - second: of another, on the same images.
  public init(_ first: Predictions, _ second: Predictions) {
    precondition(
      first.labels == second.labels, "SharedErrors: answers on \(first.count) and \(second.count) other images")
    let count = Double(max(1, first.count))
    let wrong = first.labels.indices.filter {
      first.choices[$0] != first.labels[$0] && second.choices[$0] != second.labels[$0]
    }
    bothWrong = wrong.count
    alike = wrong.count { first.choices[$0] == second.choices[$0] }
    let (a, b) = (first.accuracy, second.accuracy)
    let expected = a * b + (1 - a) * (1 - b)
    let observed = Double(zip(first.isRight, second.isRight).count { $0 == $1 }) / count
    consistency = expected < 1 ? (observed - expected) / (1 - expected) : nil
  }
}
