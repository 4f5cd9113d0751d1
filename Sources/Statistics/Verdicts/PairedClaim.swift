import Support

/// A claim about the differences of pairs, one pair for each seed.
public struct PairedClaim: Sendable, Equatable, Codable {
  /// What it is about: the student's name.
  public var subject: String
  /// student − baseline, one per seed.
  public var differences: [Double]
  /// Where the claim places them.
  public var side: ClaimedSide
  /// What must hold for a verdict.
  public var gates: [Gate]

  /// - Parameters:
  ///   - subject: what the claim is about.
  ///   - differences: one per seed.
  ///   - side: where the claim places them.
  ///   - gates: what must hold for a verdict, beside the number of seeds.
  public init(_ subject: String, differences: [Double], side: ClaimedSide, gates: [Gate] = []) {
    self.subject = subject
    self.differences = differences
    self.side = side
    self.gates = gates
  }
}

/// What became of a claim.
public struct Judgement: Sendable, Equatable, Codable {
  /// The mean difference with its own 95 % Student t interval, not corrected for other claims; nil without seeds.
  public let difference: Estimate?
  /// p of Student's paired t test; nil where the claim cannot be tested or the seeds' differences have no spread.
  public let pValue: Double?
  /// The same, corrected by Holm for all claims that were judged together.
  public let holmP: Double?
  /// What is said.
  public let verdict: Verdict
  /// Why, in a clause.
  public let reason: String
  /// Standard error of the mean difference, from the seeds' own spread; nil for fewer than two seeds.
  let error: Double?
  /// Claims that were judged together.
  let together: Int

  /// The smallest difference that such a study shows with 80 % chance, among as many claims; nil where it has no spread.
  public var smallestEffect: Double? {
    guard let error, error.isFinite, let count = difference?.count else { return nil }
    return PairedClaim.smallestEffect(count: count, among: together) * error
  }

  /// The same where it is a difference that values in a range can have; nil where it is 0 or wider than the range.
  public func smallestEffect(within range: ClosedRange<Double>) -> Double? {
    smallestEffect.flatMap { $0 > 0 && $0 <= range.upperBound - range.lowerBound ? $0 : nil }
  }

  /// Whether the claim alone would have been decided, but not among the others.
  public var isLostToHolm: Bool {
    guard let pValue, let holmP else { return false }
    return pValue <= PairedClaim.level && holmP > PairedClaim.level
  }
}

extension PairedClaim {
  /// Level of the verdicts.
  public static let level = 0.05
  /// Seeds below which nothing is said: a difference between two networks may be one of their initialisations.
  public static let fewestSeeds = 3

  /// The smallest difference that a study shows with 80 % chance, at the level that Holm asks of the first of its claims.
  ///
  /// - Parameters:
  ///   - count: seeds, at least 2.
  ///   - claims: students that are judged together.
  /// - Returns: in standard errors of the mean difference.
  public static func smallestEffect(count: Int, among claims: Int = 1) -> Double {
    Statistics.smallestEffect(count: count, level: level / Double(max(1, claims)))
  }

  /// Judges claims that are made together: Student's paired t test of each, corrected by Holm for all of them, those
  /// that cannot be tested included, so that the correction does not depend on what came out.
  ///
  /// - Parameter claims: the same claim about several students.
  /// - Returns: one for each, in order.
  public static func judged(_ claims: [PairedClaim]) -> [Judgement] {
    let failures = claims.map { claim in claim.allGates.compactMap(\.failure).first }
    let tests = zip(claims, failures).map { claim, failure in
      failure == nil && !claim.hasNoSpread ? pairedTTest(claim.differences, over: "seeds")?.pValue : nil
    }
    let corrected = holmAdjusted(tests.map { $0 ?? 1 })
    return claims.indices.map { place in
      claims[place].judged(
        failure: failures[place], pValue: tests[place], holmP: tests[place].map { _ in corrected[place] },
        among: claims.count)
    }
  }

  /// The gate that all claims have.
  ///
  /// - Parameter count: seeds.
  /// - Returns: open for at least three.
  public static func gate(seeds count: Int) -> Gate {
    Gate(
      "at least \(fewestSeeds) seeds", holds: count >= fewestSeeds,
      otherwise: "\(count) \(count == 1 ? "seed" : "seeds"), at least \(fewestSeeds) are needed")
  }

  private var allGates: [Gate] {
    gates + [
      Self.gate(seeds: differences.count),
      Gate(
        "every difference is a number", holds: differences.allSatisfy(\.isFinite),
        otherwise: "a seed has a difference that is no number"),
    ]
  }

  /// Equal differences may differ from each other by rounding: what is below the last digits of the values is none.
  private var hasNoSpread: Bool {
    let scale = differences.reduce(0) { max($0, abs($1)) }
    return (standardDeviation(of: differences) ?? 0) <= 1e-12 * scale
  }

  private func judged(failure: String?, pValue: Double?, holmP: Double?, among count: Int) -> Judgement {
    let difference = differences.allSatisfy(\.isFinite) ? studentInterval(of: differences, over: "seeds") : nil
    let error = standardDeviation(of: differences).map { $0 / Double(differences.count).squareRoot() }
    func judgement(_ verdict: Verdict, _ reason: String) -> Judgement {
      Judgement(
        difference: difference, pValue: pValue, holmP: holmP, verdict: verdict, reason: reason, error: error,
        together: count)
    }
    if let failure { return judgement(.notTestable, failure) }
    guard let pValue, let holmP, let difference else {
      return judgement(.inconclusive, "the seeds' differences are all equal, so that there is no spread to judge by")
    }
    let rest = count > 1 ? " among \(count) students" : ""
    let p = "p = \(Self.short(holmP))\(rest)"
    guard holmP <= Self.level else {
      guard pValue > Self.level else {
        return judgement(.inconclusive, "not after Holm: p = \(Self.short(pValue)) alone, \(p)")
      }
      return judgement(.inconclusive, "\(p), the interval holds 0")
    }
    let isClaimed = (difference.value > 0) == (side == .larger)
    return judgement(isClaimed ? .supported : .contradicted, p)
  }

  /// Two significant digits.
  private static func short(_ p: Double) -> String {
    if p < 0.0001 { return "below 0.0001" }
    var (scale, value) = (1.0, p)
    while value < 10 {
      value *= 10
      scale *= 10
    }
    let digits = value.rounded() / scale
    return "\(digits == 1 ? "1" : "\(digits)")"
  }
}
