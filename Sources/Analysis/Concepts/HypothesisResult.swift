import Statistics

/// One quantity of a hypothesis at one threshold: student − baseline, paired by image and seed.
public struct ConceptComparison: Sendable, Equatable, Codable {
  /// Which quantity.
  public let quantity: ConceptQuantity
  /// b, nats.
  public let threshold: Double
  /// The side on which the student is claimed to be.
  public let expected: Hypothesis.Direction
  /// The student's value over the paired images; nil without any.
  public let student: Double?
  /// The baseline's value over the paired images; nil without any.
  public let baseline: Double?
  /// The difference with its two-level bootstrap interval; nil without paired images.
  public let difference: Estimate?
  /// The same difference with Student's t interval over the seeds' own differences: wider, and the honest one where
  /// seeds differ much and are few. The verdict does not use it.
  public let differenceOverSeeds: Estimate?
  /// Seeds that have paired images.
  public let seeds: Int
  /// Paired images, summed over seeds.
  public let images: Int
  /// Images left out because one of the two networks has no value, summed over seeds.
  public let leftOut: Omissions
  /// What the interval says; for H1, premise not met where it is not.
  public internal(set) var verdict: Verdict
}

/// What the measurements say about one hypothesis, student against baseline.
public struct HypothesisResult: Sendable, Equatable, Codable {
  /// Which hypothesis.
  public let hypothesis: Hypothesis
  /// Role of the student.
  public let student: String
  /// Role of the baseline.
  public let baseline: String
  /// One per quantity and threshold.
  public let comparisons: [ConceptComparison]
  /// The premise at the last epoch, both networks at once.
  public let premise: Premise
  /// Seeds that both roles have.
  public let seeds: Int
  /// The verdict on the whole.
  public let verdict: Verdict
  /// Why, in a clause: "supported in 8 of 12 comparisons, inconclusive in 4".
  public let reason: String
}

extension Verdict {
  /// The verdict on one quantity: by the side on which the interval excludes zero.
  ///
  /// - Parameters:
  ///   - difference: student − baseline; nil without paired images.
  ///   - expected: the side on which the student is claimed to be.
  ///   - seeds: fewer than ``Hypothesis/fewestSeeds`` are inconclusive.
  public init(difference: Estimate?, expected: Hypothesis.Direction, seeds: Int) {
    let sign = seeds < Hypothesis.fewestSeeds ? 0 : difference?.sign ?? 0
    switch (sign, expected) {
    case (1, .larger), (-1, .smaller): self = .supported
    case (-1, .larger), (1, .smaller): self = .contradicted
    default: self = .inconclusive
    }
  }

  /// The verdict on a hypothesis from those on its quantities at every threshold: supported if all are, contradicted if
  /// one is and none is supported, mixed if there are both, else inconclusive.
  ///
  /// - Parameter parts: the verdicts on the quantities; none are inconclusive.
  public init(combining parts: [Verdict]) {
    let isContradicted = parts.contains(.contradicted)
    let isSupported = parts.contains(.supported)
    if parts.isEmpty {
      self = .inconclusive
    } else if parts.allSatisfy({ $0 == .supported }) {
      self = .supported
    } else if isContradicted {
      self = isSupported ? .mixed : .contradicted
    } else {
      self = .inconclusive
    }
  }
}
