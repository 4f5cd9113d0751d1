/// What the measurements say about a claim.
public enum Verdict: String, Sendable, Codable, CaseIterable {
  /// The interval of the difference lies on the claimed side of zero.
  case supported
  /// The interval lies on the other side.
  case contradicted
  /// The interval contains zero, or there is too little to say.
  case inconclusive
  /// Some quantities of a hypothesis are supported, others contradicted.
  case mixed
  /// The background is not what the network discards: concepts cannot be counted.
  case premiseNotMet = "premise not met"
}

/// The ways of measuring entropies and of counting with them.
public enum EntropyProcedure: String, Codable, Sendable, CaseIterable {
  /// Every network at the same distortion of its feature.
  case fixedDistortion = "fixed-distortion"
  /// As the code of Cheng et al. does it: every network at the same mean entropy.
  case published
}

/// The three hypotheses of Cheng et al. (CVPR 2020) on what distillation does to a student.
public enum Hypothesis: String, Sendable, Codable, CaseIterable {
  /// The student learns more concepts on the object and fewer on the background.
  case moreConcepts = "H1"
  /// The student learns its concepts faster and more simultaneously.
  case fasterLearning = "H2"
  /// The student makes fewer detours.
  case steadierDirection = "H3"

  /// The claim in one sentence.
  public var claim: String {
    switch self {
    case .moreConcepts: "the student learns more visual concepts, and more of them on the object"
    case .fasterLearning: "the student learns its concepts faster, and more simultaneously"
    case .steadierDirection: "the student's optimisation makes fewer detours"
    }
  }

  /// The quantities it is judged by, each with the side on which the student is claimed to be.
  public var quantities: [(quantity: ConceptQuantity, expected: Direction)] {
    switch self {
    case .moreConcepts: [(.foregroundConcepts, .larger), (.conceptShare, .larger), (.backgroundConcepts, .smaller)]
    case .fasterLearning: [(.learningDistanceMean, .smaller), (.learningDistanceDeviation, .smaller)]
    case .steadierDirection: [(.stability, .larger)]
    }
  }

  /// The quantities it is judged by under a procedure.
  ///
  /// - Parameter procedure: the published one has its own distances, variance and ratio.
  /// - Returns: as ``quantities``.
  public func quantities(_ procedure: EntropyProcedure) -> [(quantity: ConceptQuantity, expected: Direction)] {
    switch (self, procedure) {
    case (.fasterLearning, .published):
      [(.learningLayerDistanceMean, .smaller), (.learningLayerDistanceVariance, .smaller)]
    case (.steadierDirection, .published): [(.stabilityCountingEmpty, .larger)]
    default: quantities
    }
  }

  /// The side of the baseline on which a student is claimed to be.
  public enum Direction: String, Sendable, Codable {
    case larger, smaller
  }

  /// Seeds below which nothing is conclusive: a difference between two networks may be one of their initialisations.
  public static let fewestSeeds = 3
}
