extension ImageSet {
  /// Indices of some images, spread evenly over those of each class: neither a set in the order of its classes nor one
  /// that goes round them gives too many of one.
  ///
  /// - Parameter count: at most so many.
  /// - Returns: in ascending order; all where the set has no more. Shares of classes are those of the set, to a whole
  ///   image each.
  public func spreadIndices(_ count: Int) -> [Int] {
    guard count < self.count else { return Array(0..<self.count) }
    // Stable: within a class in the set's order.
    let byClass = (0..<self.count).sorted { (labels[$0], $0) < (labels[$1], $1) }
    return (0..<max(0, count)).map { byClass[$0 * self.count / count] }.sorted()
  }

  /// The images of ``spreadIndices(_:)``; the set itself where it has no more.
  public func spread(_ count: Int) -> ImageSet { count >= self.count ? self : subset(spreadIndices(count)) }
}
