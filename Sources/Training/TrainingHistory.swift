import Checkpoints
import Distillation
import Foundation
import Support

/// What was logged of one training, one row per epoch.
public struct TrainingHistory: Sendable, Equatable, Codable {
  /// One epoch.
  public struct Epoch: Judged {
    /// Epochs done, from 1.
    public let epoch: Int
    /// Mean over the epoch's images of each term before its weight; nil for one that took no part.
    public let terms: [Double?]
    /// Accuracy on the development split, in [0, 1]; nil where the task has none.
    public let developmentAccuracy: Double?
    /// Cross-entropy on the development split, in nats.
    public let developmentLoss: Double
    /// All that the task is judged by; nil where that is accuracy and loss.
    public let developmentMetrics: [Metric]?
    /// Learning rate of the epoch's last step.
    public let learningRate: Double
    /// Seconds for the epoch's steps, without evaluation.
    public let seconds: Double
    /// The program's stage; nil where it has none.
    public var stage: String?
    /// How far the weights have gone by the end of the epoch; nil where that was not asked for.
    public var stepDistances: StepDistances?
    /// How each term pulled at the student's weights beside the labels; nil where it was not measured.
    public var gradients: [TermGradient]?
    /// What methods told beside their losses; nil where they told nothing.
    public var metrics: [TermMetric]?
    /// The most bytes that tensors held at once during the epoch's steps: weights, features, gradients, states of
    /// optimiser and methods; nil in logs from before it was noted.
    public var peakBytes: Int?
    /// What the networks that learn beside the student get right; nil where there are none.
    public var others: [Other]?
    /// How far the weights had gone at moments inside of the epoch; nil where that was not asked for.
    public var moments: [MomentDistances]?
    /// How far the weights went in the epoch; nil where all checkpoints stay, which say it, too.
    public var steps: EpochSteps?
  }

  /// How far the weights had gone at a moment inside of an epoch.
  public struct MomentDistances: Sendable, Equatable, Codable {
    /// When.
    public let moment: Moment
    /// Until then.
    public let distances: StepDistances
  }

  /// A network that learns beside the student, after an epoch.
  public struct Other: Judged {
    /// Its role, which is the name of its folder below the training's.
    public let role: String
    /// Name of its model.
    public let model: String
    /// Accuracy on the development split, in [0, 1]; nil where the task has none.
    public let developmentAccuracy: Double?
    /// Cross-entropy on the development split, in nats.
    public let developmentLoss: Double
    /// All that the task is judged by; nil where that is accuracy and loss.
    public let developmentMetrics: [Metric]?
  }

  /// Names of the terms, in the order of ``Epoch/terms``.
  public var termNames: [String]
  /// All epochs so far.
  public var epochs: [Epoch] = []

  /// - Parameter termNames: names of the terms.
  public init(termNames: [String]) { self.termNames = termNames }

  /// Whether it can be one of a training: epochs from 1 on, a value for each term; one from a file may be anything.
  var isInOrder: Bool {
    epochs.enumerated().allSatisfy { $1.epoch == $0 + 1 && $1.terms.count == termNames.count }
  }

  /// What the state of a training in a folder holds.
  ///
  /// - Throws: ``InputError`` if there is no state, or it holds no history.
  public static func read(_ folder: RunFolder) throws -> TrainingHistory {
    let header = try Safetensors.header(of: folder.state)
    guard let text = header.metadata["kdscope.history"],
      let history = try? JSONDecoder.ofStoredValues.decode(TrainingHistory.self, from: Data(text.utf8)),
      history.isInOrder
    else { throw InputError(folder.state.path, "the state holds no history", remedy: "train the network again") }
    return history
  }

  /// The terms' gradients over all weights, in the order in which an epoch lists them: as the log names its columns.
  private var gradientTerms: [String] {
    (epochs.first { $0.gradients != nil }?.gradients ?? []).filter { $0.group == TermGradient.all }.map(\.term)
  }

  private func gradientCells(_ row: Epoch) -> [String] {
    gradientTerms.flatMap { term -> [String] in
      let found = row.gradients?.first { $0.term == term && $0.group == TermGradient.all }
      return [found?.cosine, found?.normRatio].map { $0.map { String(Float($0)) } ?? "" }
    }
  }

  /// Titles of the methods' metrics, in the order in which epochs list them first.
  public var metricTitles: [String] {
    epochs.flatMap { $0.metrics ?? [] }.reduce(into: []) { if !$0.contains($1.title) { $0.append($1.title) } }
  }

  /// The log as CSV, one row per epoch.
  public var csv: String {
    let hasStages = epochs.contains { $0.stage != nil }
    let metrics = metricTitles
    let others = (epochs.last?.others ?? []).map(\.role)
    let judged = (epochs.last?.development ?? [.accuracy(0), .loss(0)]).map(\.title)
    func cells(_ found: (any Judged)?) -> [String] {
      judged.map { title in found?.development.first { $0.title == title }.map { String(Float($0.value)) } ?? "" }
    }
    let header =
      ["epoch"] + (hasStages ? ["stage"] : []) + termNames.map { "\($0) (mean)" } + judged.map { "development \($0)" }
      + ["learning rate", "seconds"]
      + gradientTerms.flatMap { ["gradient cosine \($0) to labels", "gradient norm \($0) over labels"] }
      + metrics.map { "\($0) (mean)" }
      + others.flatMap { role in judged.map { "\(role) development \($0)" } }
    let rows = epochs.map { row in
      [String(row.epoch)] + (hasStages ? [row.stage ?? ""] : [])
        + row.terms.map { $0.map { String(Float($0)) } ?? "" } + cells(row)
        + [String(Float(row.learningRate)), String((row.seconds * 100).rounded() / 100)] + gradientCells(row)
        + metrics.map { title in row.metrics?.first { $0.title == title }.map { String(Float($0.value)) } ?? "" }
        + others.flatMap { role in cells(row.others?.first { $0.role == role }) }
    }
    return ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
