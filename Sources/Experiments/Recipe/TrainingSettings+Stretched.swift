import Training

extension TrainingSettings {
  /// The same training over another number of epochs: warm-up and milestones keep their share of the whole.
  ///
  /// - Parameter epochs: at least 1.
  /// - Returns: milestones are rounded to whole epochs.
  public func stretched(to epochs: Int) -> TrainingSettings {
    let factor = Double(epochs) / Double(self.epochs)
    var result = self
    result.epochs = epochs
    result.schedule.warmUp *= factor
    if case .multiStep(let milestones, let fall) = schedule.shape {
      result.schedule.shape = .multiStep(at: milestones.map { Int((Double($0) * factor).rounded()) }, factor: fall)
    }
    return result
  }
}
