/// Where quantities can lie: their intervals end there.
public enum QuantityRange {
  /// Accuracies, probabilities, agreements, calibration errors.
  public static let share = 0.0...1.0
  /// Correlations and cosines, CKA among them; differences of shares.
  public static let correlation = -1.0...1.0
  /// Losses, divergences, entropies of classes, distances, times.
  public static let nonnegative = 0.0...Double.infinity
  /// Anything, and what nothing is known of.
  public static let unbounded = -Double.infinity...Double.infinity

  private static let shares: Set = [
    "accuracy", "recall", "precision", "f1", "share", "agreement", "ece", "mce", "confidence", "rho", "probability",
  ]
  private static let correlations: Set = ["cka", "cosine", "correlation"]
  private static let others: Set = [
    "loss", "divergence", "distance", "brier", "nll", "seconds", "time", "norm", "entropy", "bytes",
  ]

  /// The range of what a column of a foreign table is called, in which its own values lie; unbounded where its name
  /// says nothing, its values lie elsewhere (an accuracy in per cent), or it is a difference.
  ///
  /// - Parameters:
  ///   - name: such as "development_accuracy", "loss (nats)".
  ///   - values: of the column.
  /// - Returns: a range that holds all of them.
  public static func named(_ name: String, values: [Double]) -> ClosedRange<Double> {
    let words = Set(name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    guard words.isDisjoint(with: ["difference", "delta", "gain", "change", "log"]) else { return unbounded }
    let isError = words.isSuperset(of: ["calibration", "error"])
    let named =
      isError || !words.isDisjoint(with: shares)
      ? [share, nonnegative]
      : !words.isDisjoint(with: correlations) ? [correlation] : !words.isDisjoint(with: others) ? [nonnegative] : []
    return named.first { range in values.allSatisfy(range.contains) } ?? unbounded
  }

  /// The range of losses, of which some kinds fall below zero: 0 and above where no value is below.
  public static func losses(_ values: some Sequence<Double>) -> ClosedRange<Double> {
    values.contains { $0 < 0 } ? unbounded : nonnegative
  }
}
