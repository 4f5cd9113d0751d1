/// What was logged of one training, one row per epoch.
public struct TrainingHistory: Sendable, Equatable, Codable {
  /// One epoch.
  public struct Epoch: Sendable, Equatable, Codable {
    /// Epochs done, from 1.
    public let epoch: Int
    /// Mean over the epoch's images of each term before its weight; nil for one that took no part.
    public let terms: [Double?]
    /// Accuracy on the development split, in [0, 1].
    public let developmentAccuracy: Double
    /// Cross-entropy on the development split, in nats.
    public let developmentLoss: Double
    /// Learning rate of the epoch's last step.
    public let learningRate: Double
    /// Seconds for the epoch's steps, without evaluation.
    public let seconds: Double
    /// The program's stage; nil where it has none.
    public var stage: String?
    /// How far the weights have gone by the end of the epoch; nil where that was not asked for.
    public var stepDistances: StepDistances?
  }

  /// Names of the terms, in the order of ``Epoch/terms``.
  public var termNames: [String]
  /// All epochs so far.
  public var epochs: [Epoch] = []

  /// - Parameter termNames: names of the terms.
  public init(termNames: [String]) { self.termNames = termNames }

  /// The log as CSV, one row per epoch.
  public var csv: String {
    let hasStages = epochs.contains { $0.stage != nil }
    let header =
      ["epoch"] + (hasStages ? ["stage"] : []) + termNames.map { "\($0) (mean)" } + [
        "development accuracy", "development loss (nats)", "learning rate", "seconds",
      ]
    let rows = epochs.map { row in
      [String(row.epoch)] + (hasStages ? [row.stage ?? ""] : [])
        + row.terms.map { $0.map { String(Float($0)) } ?? "" } + [
          String(Float(row.developmentAccuracy)), String(Float(row.developmentLoss)), String(Float(row.learningRate)),
          String((row.seconds * 100).rounded() / 100),
        ]
    }
    return ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
