import Support
import Training

/// One training as the progress display shows it.
struct TrainingStage {
  /// What is trained: "training baseline, seed 1".
  let name: String
  /// Length of the training.
  let epochs: Int
  /// Images in each epoch.
  let images: Int
  let progress: ProgressDisplay

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
        progress.milestone("\(name): goes on after epoch \(done)")
      case .note(let text): progress.milestone("\(name): \(text)")
      case .step(let done, let all, let loss):
        progress.update((Double(epoch) + Double(done) / Double(all)) / Double(epochs)) {
          "epoch \(epoch + 1)/\(epochs), loss \(rounded(loss))"
        }
      case .epoch(let row):
        epoch = row.epoch
        let rate = Int(Double(images) / max(1e-9, row.seconds))
        progress.milestone(
          "\(name): epoch \(row.epoch)/\(epochs), development accuracy \(rounded(100 * row.developmentAccuracy)) %, "
            + "\(rate) images/s")
      }
    }
  }

  private func rounded(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}
