import Tensors

/// Times the ResNet-20 training step beside the raw sequence of library calls, alternately.
public struct TrainingBenchmark {
  /// What was measured.
  public struct Result: Sendable {
    /// Images in a step.
    public let batch: Int
    /// The engine's steps.
    public let steps: Durations
    /// The raw sequence with direct convolutions; empty where it was not asked for.
    public let direct: Durations
    /// The raw sequence with Winograd where it wins; empty where it was not asked for.
    public let winograd: Durations
    /// Peak resident bytes of the engine's steps above those before the first.
    public let peakAboveStart: Int
    /// Resident bytes after the steps less those after a tenth of them.
    public let growth: Int

    /// By the median step.
    public var imagesPerSecond: Double { Double(batch) / steps.median }
  }

  /// Images in a step.
  public var batch = 64
  /// Timed steps.
  public var steps = 60
  /// Whether the raw sequences are timed too.
  public var raw = true

  /// The defaults.
  public init() {}

  /// Measures.
  ///
  /// - Parameter advanced: is told the share that is done, and may stop the work by throwing.
  /// - Returns: times and memory.
  /// - Throws: what `advanced` throws.
  public func run(_ advanced: (Double) throws -> Void) rethrows -> Result {
    let before = ResidentMemory.current
    let engine = TrainingStep(batch: batch)
    for _ in 0..<10 { engine.step() }
    var growthStart = ResidentMemory.current
    var durations = Durations()
    // Memory is looked at before the raw sequences exist, which hold buffers of their own.
    let alone = raw ? max(10, steps / 4) : steps
    for step in 0..<alone {
      durations.time { engine.step() }
      if step == alone / 10 { growthStart = ResidentMemory.current }
      try advanced(Double(step) / Double(steps))
    }
    let growth = ResidentMemory.current - growthStart
    let peak = ResidentMemory.peak - before
    guard raw else {
      return Result(
        batch: batch, steps: durations, direct: Durations(), winograd: Durations(), peakAboveStart: peak,
        growth: growth)
    }
    let sequences = [RawTrainingStep(batch: batch, winograd: false), RawTrainingStep(batch: batch, winograd: true)]
    var raws = [Durations(), Durations()]
    durations = Durations()
    let blocks = max(1, steps / 10)
    for block in 0..<blocks {
      // The first step of a block warms the caches that the block before has filled with other things.
      engine.step()
      for _ in 0..<10 { durations.time { engine.step() } }
      for (index, sequence) in sequences.enumerated() {
        sequence.step()
        for _ in 0..<10 { raws[index].time { sequence.step() } }
      }
      try advanced(Double(block + 1) / Double(blocks))
    }
    return Result(
      batch: batch, steps: durations, direct: raws[0], winograd: raws[1], peakAboveStart: peak, growth: growth)
  }
}
