import Datasets
import Support
import Training

/// One training as the progress display shows it.
struct TrainingStage {
  /// What is trained: "training baseline, seed 1".
  let name: String
  /// Length of the training.
  let epochs: Int
  /// What is trained on and evaluated.
  let data: DataSplits
  let progress: ProgressDisplay

  /// Work of one training in forward passes: a step's backward pass costs two, and each epoch ends with an evaluation.
  static func passes(_ data: DataSplits, epochs: Int) -> Double {
    Double(epochs * (3 * data.train.count + data.development.count))
  }

  /// Share of an epoch's work that its steps are.
  private var stepShare: Double { 3 * Double(data.train.count) / Self.passes(data, epochs: 1) }

  /// Trains to the end, or from where an earlier process stopped.
  func run(_ trainer: Trainer) throws -> TrainingHistory {
    var epoch = 0
    return try trainer.run { event in
      try Interrupt.check()
      switch event {
      case .resumed(let done):
        epoch = done
        if done == epochs { return progress.skip() }
        progress.resume(after: Double(done) / Double(epochs))
        progress.milestone("\(name): resumed after epoch \(done)")
      case .note(let text): progress.milestone("\(name): \(text)")
      case .step(let done, let all, let loss):
        progress.update((Double(epoch) + stepShare * Double(done) / Double(all)) / Double(epochs)) {
          "epoch \(epoch + 1)/\(epochs), loss \(rounded(loss))"
        }
      case .epoch(let row):
        epoch = row.epoch
        progress.update(Double(epoch) / Double(epochs)) { "epoch \(epoch)/\(epochs)" }
        let rate = Int(Double(data.train.count) / max(1e-9, row.seconds))
        progress.milestone(
          "\(name): epoch \(row.epoch)/\(epochs), development accuracy \(rounded(100 * row.accuracy)) %, "
            + "\(rate) images/s")
      }
    }
  }

  private func rounded(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}
