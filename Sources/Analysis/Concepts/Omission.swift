/// Why an image does not count in a mean; every result says how many were left out, and why.
public enum Omission: String, Error, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
  /// No cell of the grid is foreground.
  case noForegroundCell = "no foreground cell"
  /// No cell of the grid is background, so there is nothing to compare with.
  case noBackgroundCell = "no background cell"
  /// A map that is needed did not reach its distortion within tolerance.
  case notConverged = "not converged"
  /// Neither region holds a concept: λ is undefined.
  case noConcept = "no concept"
  /// N_fg is 0 at every epoch: there is no epoch at which concepts were learned.
  case neverLearned = "never learned"
  /// No foreground cell is a concept at any epoch: ρ is undefined.
  case emptyUnion = "empty union"
  /// Its foreground has the larger entropy at a late checkpoint, which the published procedure drops.
  case againstPremise = "against the premise"
  /// The published procedure had enough valid images before it.
  case notNeeded = "not needed"
  /// It is the only one of its seed that has a value, and one image has no deviation.
  case onlyImage = "only image of its seed"
}

/// How many images were left out, by reason.
public typealias Omissions = [Omission: Int]

extension [Omission: Int] {
  /// Number of images left out for any reason.
  public var total: Int { values.reduce(0, +) }

  /// "3 not converged, 1 no concept"; empty where nothing was left out.
  public var summary: String {
    Omission.allCases.compactMap { reason in
      guard let count = self[reason], count > 0 else { return nil }
      return "\(count) \(reason.rawValue)"
    }.joined(separator: ", ")
  }

  mutating func count(_ reason: Omission) { self[reason, default: 0] += 1 }

  mutating func add(_ other: Omissions) { merge(other, uniquingKeysWith: +) }
}

/// What one image contributes: a value, or the reason why it has none.
public typealias Observation = Result<Double, Omission>

extension [Observation] {
  /// The values that there are, in order.
  var values: [Double] { compactMap { try? $0.get() } }

  /// The reasons of the others, counted.
  var omissions: Omissions {
    reduce(into: [:]) { counts, observation in
      if case .failure(let reason) = observation { counts.count(reason) }
    }
  }
}
