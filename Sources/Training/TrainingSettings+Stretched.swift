import Glibc
import NeuralNetworks

extension TrainingSettings {
  /// The same training over another number of epochs, all at the base rate.
  public func constant(for epochs: Int) -> TrainingSettings {
    var result = self
    result.epochs = epochs
    result.schedule = LearningRateSchedule(base: schedule.base, shape: .constant)
    return result
  }

  /// The same training over another number of epochs: warm-up, milestones and patience keep their share of the whole,
  /// and so does what an exponential fall comes to.
  ///
  /// - Parameter epochs: at least 1.
  /// - Returns: milestones are rounded to whole epochs.
  public func stretched(to epochs: Int) -> TrainingSettings {
    let factor = Double(epochs) / Double(self.epochs)
    var result = self
    result.epochs = epochs
    result.schedule.warmUp *= factor
    func stretched(_ count: Int) -> Int { Int((Double(count) * factor).rounded()) }
    switch schedule.shape {
    case .constant, .cosine, .polynomial: break
    case .multiStep(let milestones, let fall):
      result.schedule.shape = .multiStep(at: milestones.map(stretched), factor: fall)
    case .step(let interval, let fall): result.schedule.shape = .step(every: max(1, stretched(interval)), factor: fall)
    case .exponential(let fall): result.schedule.shape = .exponential(factor: pow(fall, 1 / factor))
    case .plateau(var rule):
      rule.patience = stretched(rule.patience)
      rule.cooldown = stretched(rule.cooldown)
      result.schedule.shape = .plateau(rule)
    }
    return result
  }
}
