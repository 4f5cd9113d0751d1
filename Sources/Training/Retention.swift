/// Which checkpoints of a training stay on disk; all the others go as soon as a later state is safe.
public struct Retention: Sendable, Equatable {
  /// Epochs that stay, 0 for the initialisation.
  public let epochs: Set<Int>
  /// Whether the first of the epochs that its task judges best on the development split so far stays, too.
  public let keepsBest: Bool

  /// - Parameters: as the properties.
  public init(epochs: Set<Int>, keepsBest: Bool = false) {
    self.epochs = epochs
    self.keepsBest = keepsBest
  }

  /// The epochs that a training needs no longer once its state speaks of the last epoch of a history. They hang on the
  /// history alone, so a resumed training finds again what a killed one left.
  func outdated(after history: TrainingHistory) -> [Int] {
    let before = TrainingHistory.bestEpoch(of: history.epochs.dropLast())
    let best = TrainingHistory.bestEpoch(of: history.epochs[...])
    let passed = Set([history.epochs.count - 1, keepsBest ? before : nil].compactMap(\.self))
    return passed.filter { $0 >= 0 && $0 != history.epochs.count && !epochs.contains($0) && !(keepsBest && $0 == best) }
      .sorted()
  }
}

extension TrainingHistory {
  /// The first of the epochs that the task judges best on the development split: what a training that stops early would
  /// have kept.
  public var bestEpoch: Int? { Self.bestEpoch(of: epochs[...]) }

  static func bestEpoch(of epochs: ArraySlice<Epoch>) -> Int? {
    var best = epochs.first
    for row in epochs.dropFirst() {
      guard let found = row.development.first, let known = best?.development.first else { continue }
      if found.isBetter(than: known.value) { best = row }
    }
    return best?.epoch
  }
}
