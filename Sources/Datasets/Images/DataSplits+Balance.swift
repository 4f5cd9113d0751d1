extension DataSplits {
  /// One line that names the classes of which nothing can be learned, for want of training images; nil if there is none.
  public var untrainedClasses: String? {
    let empty = zip(train.classes, train.classCounts).filter { $0.1 == 0 }.map(\.0)
    guard !empty.isEmpty else { return nil }
    let shown = empty.prefix(10).joined(separator: ", ") + (empty.count > 10 ? ", …" : "")
    return "\(empty.count) of \(train.classes.count) classes have no training image and cannot be learned: \(shown)"
  }

  /// The three splits by name.
  public var all: [(name: String, set: ImageSet)] {
    [("training", train), ("development", development), ("test", test)]
  }

  /// Whether the classes of each split have equal counts, to the image that a division may leave over.
  public var isBalanced: Bool {
    all.allSatisfy { _, set in (set.classCounts.max() ?? 0) - (set.classCounts.min() ?? 0) <= 1 }
  }

  /// Counts per class, one line for each split; none where the classes are balanced.
  ///
  /// Of more than twenty classes the five rarest and the five most frequent.
  public var imbalance: [String] {
    guard !isBalanced else { return [] }
    return all.map { name, set in
      let ordered = zip(set.classes, set.classCounts).sorted { $0.1 < $1.1 }
      let counts = ordered.map { "\($0.0) \($0.1)" }
      let shown = counts.count > 20 ? counts.prefix(5) + ["…"] + counts.suffix(5) : counts[...]
      return "\(name) images per class: \(shown.joined(separator: ", "))"
    }
  }
}
