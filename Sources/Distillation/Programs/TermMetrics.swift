/// What a method tells of an epoch beside its loss.
public struct TermMetric: Sendable, Equatable, Codable {
  /// Name of the term.
  public let term: String
  /// What the number is, in words.
  public let name: String
  /// Mean over the images of the steps in which it was noted.
  public let value: Double

  /// - Parameters: as the properties.
  public init(term: String, name: String, value: Double) {
    self.term = term
    self.name = name
    self.value = value
  }

  /// Term and name, as a column is called.
  public var title: String { "\(term) \(name)" }
}

/// Means of what the methods of a program note in their steps.
final class MetricSheet {
  private var sums: [(term: String, name: String, value: Double, images: Int)] = []

  /// Notes the mean over some images; one that is not a finite number is left out.
  func add(_ value: Double, as name: String, of term: String, images: Int) {
    guard value.isFinite else { return }
    if let place = sums.firstIndex(where: { $0.term == term && $0.name == name }) {
      sums[place].value += value * Double(images)
      sums[place].images += images
    } else {
      sums.append((term, name, value * Double(images), images))
    }
  }

  /// Means since the last call, in the order in which they came first.
  func take() -> [TermMetric] {
    defer { sums = [] }
    return sums.map { TermMetric(term: $0.term, name: $0.name, value: $0.value / Double($0.images)) }
  }
}
