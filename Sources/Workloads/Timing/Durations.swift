/// Times of the same work done several times, in seconds.
public struct Durations: Sendable, Equatable {
  /// As they came.
  public private(set) var seconds: [Double] = []

  /// None yet.
  public init() {}

  /// Does the work and notes its time.
  public mutating func time(_ work: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    let start = clock.now
    try work()
    seconds.append((clock.now - start) / .seconds(1))
  }

  /// Takes over the times of another.
  public mutating func add(_ other: Durations) { seconds += other.seconds }

  /// The time of one of several pieces that were timed together.
  public func divided(by pieces: Double) -> Durations {
    var result = self
    result.seconds = seconds.map { $0 / pieces }
    return result
  }

  /// The middle one; not-a-number where there is none.
  public var median: Double {
    guard !seconds.isEmpty else { return .nan }
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The shortest; not-a-number where there is none.
  public var shortest: Double { seconds.min() ?? .nan }
}
