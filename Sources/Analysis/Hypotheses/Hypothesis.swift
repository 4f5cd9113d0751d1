import Statistics

/// The ways of measuring entropies and of counting with them.
public enum EntropyProcedure: String, Codable, Sendable, CaseIterable {
  /// Every network at the same distortion of its feature.
  case fixedDistortion = "fixed-distortion"
  /// As the code of Cheng et al. does it: every network at the same mean entropy.
  case published
}

/// The three hypotheses of Cheng et al. (CVPR 2020) on what distillation does to a student.
public enum Hypothesis: String, Sendable, Codable, CaseIterable {
  /// The student keeps more of the object.
  case moreConcepts = "H1"
  /// The student learns it faster.
  case fasterLearning = "H2"
  /// The student makes fewer detours.
  case steadierDirection = "H3"

  /// The threshold b of H3, nats.
  public static let threshold = 0.4

  /// The claim in one sentence.
  public var claim: String {
    switch self {
    case .moreConcepts: "the student keeps more of the object than of its surroundings"
    case .fasterLearning: "the student learns the object sooner"
    case .steadierDirection: "the student makes fewer detours"
    }
  }

  /// What the one quantity is called that decides it.
  public var quantity: String {
    switch self {
    case .moreConcepts: "gap"
    case .fasterLearning: "half-time"
    case .steadierDirection: "stability-margin"
    }
  }

  /// Its symbol.
  public var symbol: String {
    switch self {
    case .moreConcepts: "g"
    case .fasterLearning: "t½"
    case .steadierDirection: "ρ − ρ_floor"
    }
  }

  /// Its unit; empty for ratios.
  public var unit: String { self == .moreConcepts ? "nats" : "" }

  /// What it is, in one line.
  public var quantitySummary: String {
    switch self {
    case .moreConcepts: "mean of background cells − mean of object cells, position removed, at the last epoch"
    case .fasterLearning: "share of the baseline's steps at which the gap first reaches half of its own maximum"
    case .steadierDirection: "share of all concepts ever learned that are there at the end, above that of noise alone"
    }
  }

  /// Where its quantity can lie.
  public var range: ClosedRange<Double> {
    switch self {
    case .moreConcepts: QuantityRange.unbounded
    case .fasterLearning: QuantityRange.share
    case .steadierDirection: QuantityRange.correlation
    }
  }

  /// The side of the baseline on which the student is claimed to be.
  public var side: ClaimedSide { self == .fasterLearning ? .smaller : .larger }

  /// The quantities that the published procedure counts with, each with the side on which the paper has the student.
  public var publishedQuantities: [(quantity: ConceptQuantity, expected: ClaimedSide)] {
    switch self {
    case .moreConcepts: [(.foregroundConcepts, .larger), (.conceptShare, .larger), (.backgroundConcepts, .smaller)]
    case .fasterLearning: [(.learningLayerDistanceMean, .smaller), (.learningLayerDistanceVariance, .smaller)]
    case .steadierDirection: [(.stabilityCountingEmpty, .larger)]
    }
  }
}
