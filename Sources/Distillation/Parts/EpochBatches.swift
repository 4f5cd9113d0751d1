/// How many images each step of an epoch has: a last batch may be smaller. One drawn by classes (``BatchOrder``) is whole,
/// and is taken for smaller all the same.
struct EpochBatches {
  private let whole: Int
  private let images: Int

  init(_ setup: MethodSetup) { (whole, images) = (setup.batchSize, setup.trainingCount) }

  /// Images of a step.
  func count(at clock: TrainingClock) -> Int {
    let isLast = clock.step % max(1, clock.stepsPerEpoch) == clock.stepsPerEpoch - 1
    let rest = images % max(1, whole)
    return isLast && rest > 0 ? rest : whole
  }
}
