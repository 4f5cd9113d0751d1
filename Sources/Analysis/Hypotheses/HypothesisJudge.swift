import Statistics
import Support

/// Judges H1, H2 and H3 from what every network keeps, by one quantity each.
public struct HypothesisJudge: Sendable {
  /// What was measured, one for each network and seed.
  public let evidence: [NetworkEvidence]
  /// What the networks can do; without any, nothing is asked of them.
  public let skills: [NetworkSkill]
  /// Role of the network that students are compared with.
  public let baseline: String

  /// The largest share of maps that may have failed.
  public static let largestFailedShare = 0.1

  /// - Parameters:
  ///   - evidence: one for each network and seed.
  ///   - skills: what the networks can do.
  ///   - baseline: role of the network that students are compared with.
  public init(_ evidence: [NetworkEvidence], skills: [NetworkSkill] = [], baseline: String = RoleName.baseline) {
    self.evidence = evidence
    self.skills = skills
    self.baseline = baseline
  }

  /// The results on all three hypotheses; Holm corrects each for all of the students.
  ///
  /// - Parameter students: roles.
  /// - Returns: hypothesis by hypothesis, student by student.
  public func results(_ students: [String]) -> [HypothesisResult] {
    Hypothesis.allCases.flatMap { hypothesis -> [HypothesisResult] in
      let found = students.map { pairs(hypothesis, $0) }
      let claims = zip(students, found).map { student, found in
        PairedClaim(
          student, differences: found.pairs.map(\.difference), side: hypothesis.side,
          gates: gates(hypothesis, student, found))
      }
      return zip(zip(students, found), PairedClaim.judged(claims)).map { entry, judgement in
        HypothesisResult(
          hypothesis: hypothesis, student: entry.0, baseline: baseline, pairs: entry.1.pairs,
          leftOut: entry.1.leftOut, judgement: judgement)
      }
    }
  }

  private struct Found {
    var pairs: [HypothesisResult.Pair] = []
    /// Seeds of which both networks were measured.
    var seeds: [Int] = []
    var leftOut = 0
  }

  /// The quantity in both networks of each seed, over the images that have it in both.
  private func pairs(_ hypothesis: Hypothesis, _ student: String) -> Found {
    var found = Found()
    for (ours, theirs) in networks(student) {
      found.seeds.append(ours.seed)
      let images = Array((ours.gaps.first ?? []).indices)
      let usable = images.filter { image in
        [ours, theirs].allSatisfy { network in
          switch hypothesis {
          case .moreConcepts: network.gaps.last?[image] != nil
          case .fasterLearning: network.gaps.allSatisfy { $0[image] != nil }
          case .steadierDirection: network.stability[image] != nil && network.floor[image] != nil
          }
        }
      }
      found.leftOut += images.count - usable.count
      guard let a = value(hypothesis, ours, usable), let b = value(hypothesis, theirs, usable) else { continue }
      found.pairs.append(.init(seed: ours.seed, student: a, baseline: b))
    }
    return found
  }

  private func value(_ hypothesis: Hypothesis, _ network: NetworkEvidence, _ images: [Int]) -> Double? {
    switch hypothesis {
    case .moreConcepts: mean(of: images.compactMap { network.gaps.last?[$0] })
    case .fasterLearning: network.curve(images).flatMap { GapCurve.halfTime(network.times, $0) }
    case .steadierDirection:
      mean(
        of: images.compactMap { image in
          network.stability[image].flatMap { ratio in network.floor[image].map { ratio - $0 } }
        })
    }
  }

  /// The networks of a student and the baseline that share a seed.
  func networks(_ student: String) -> [(NetworkEvidence, NetworkEvidence)] {
    evidence.filter { $0.role == student }.compactMap { ours in
      evidence.first { $0.role == baseline && $0.seed == ours.seed }.map { (ours, $0) }
    }
  }
}

extension HypothesisJudge {
  private func gates(_ hypothesis: Hypothesis, _ student: String, _ found: Found) -> [Gate] {
    let roles = [baseline, student]
    let skilled = roles.map { role in
      let poor = skills.first { $0.role == role && !$0.isAboveChance }
      return Gate(
        "\(role) is better than chance",
        failure: poor.map { "\(called(role)) of seed \($0.seed) is not better than chance on the test images" })
    }
    let converged = roles.map { role in
      let own = evidence.filter { $0.role == role }
      let (all, failed) = (own.reduce(0) { $0 + $1.maps }, own.reduce(0) { $0 + $1.failedMaps })
      return Gate(
        "at most a tenth of \(role)'s maps failed",
        holds: Double(failed) <= Self.largestFailedShare * Double(all),
        otherwise: "\(failed) of \(all) maps of \(called(role)) did not converge")
    }
    return [PairedClaim.gate(seeds: found.seeds.count)] + skilled + converged + measured(hypothesis, roles)
      + positive(hypothesis, roles) + [
        Gate(
          "every seed has a value", holds: found.pairs.count == found.seeds.count,
          otherwise:
            "\(found.seeds.count - found.pairs.count) of \(found.seeds.count) seeds have no value in both networks"
        )
      ]
  }

  /// Whether there are the checkpoints that a hypothesis asks for.
  private func measured(_ hypothesis: Hypothesis, _ roles: [String]) -> [Gate] {
    guard hypothesis != .moreConcepts else { return [] }
    let own = evidence.filter { roles.contains($0.role) }
    let few = Gate(
      "at least two checkpoints after the untrained network",
      holds: own.allSatisfy { $0.times.count { $0 > 0 } >= 2 }, otherwise: "fewer than two epochs were measured")
    if hypothesis == .steadierDirection {
      return [
        few,
        Gate(
          "the noise was measured", holds: own.allSatisfy { $0.floor.contains { $0 != nil } },
          otherwise: "no repeats of the last checkpoint have a concept"),
      ]
    }
    return [
      few,
      Gate(
        "the untrained network was measured", holds: own.allSatisfy { $0.times.first == 0 },
        otherwise: "the untrained network was not measured"),
    ]
  }

  /// Whether there is something that is kept, in one network at least for H1, in both for what is asked of its course.
  private func positive(_ hypothesis: Hypothesis, _ roles: [String]) -> [Gate] {
    let above = roles.map { role in isAboveZero(evidence.filter { $0.role == role }.map { $0.lastGap ?? .nan }) }
    if hypothesis == .moreConcepts {
      return [
        Gate(
          "a gap above 0 in one network", holds: above.contains(true),
          otherwise:
            "neither network is shown to keep more of the object than of its surroundings at the last checkpoint")
      ]
    }
    let gaps = zip(roles, above).map { role, isAbove in
      Gate(
        "a gap above 0 in \(role)", holds: isAbove,
        otherwise: """
          \(called(role)) is not shown to keep more of the object than of its surroundings at the last checkpoint
          """)
    }
    guard hypothesis == .fasterLearning else { return gaps }
    return gaps
      + roles.map { role in
        let rises = evidence.filter { $0.role == role }.map { network in
          network.curve().map { ($0.max() ?? .nan) - $0[0] } ?? .nan
        }
        return Gate(
          "the gap of \(role) grows", holds: isAboveZero(rises),
          otherwise: "the gap of \(called(role)) is not shown to grow beyond that of the untrained network")
      }
  }

  /// A network in a sentence.
  private func called(_ role: String) -> String { role == baseline ? "the \(role)" : role }

  /// Whether the t interval over seeds lies above 0.
  private func isAboveZero(_ values: [Double]) -> Bool {
    values.allSatisfy(\.isFinite) && (studentInterval(of: values, over: "seeds")?.lower ?? 0) > 0
  }
}

/// What the measurements say about one hypothesis, student against baseline.
public struct HypothesisResult: Sendable, Equatable {
  /// The quantity in both networks of one seed.
  public struct Pair: Sendable, Equatable {
    /// The training seed.
    public let seed: Int
    /// The student's value.
    public let student: Double
    /// The baseline's value.
    public let baseline: Double

    /// student − baseline; what is left by rounding alone is no difference.
    public var difference: Double {
      let value = student - baseline
      return abs(value) <= 1e-12 * max(abs(student), abs(baseline)) ? 0 : value
    }
  }

  /// Which hypothesis.
  public let hypothesis: Hypothesis
  /// Role of the student.
  public let student: String
  /// Role of the baseline.
  public let baseline: String
  /// One for each seed that has a value in both networks.
  public let pairs: [Pair]
  /// Images that have no value in one of the two networks, summed over seeds.
  public let leftOut: Int
  /// The verdict, and what it rests on.
  public let judgement: Judgement

  /// Mean over seeds of the student's values.
  public var studentValue: Double? { mean(of: pairs.map(\.student)) }
  /// Mean over seeds of the baseline's values.
  public var baselineValue: Double? { mean(of: pairs.map(\.baseline)) }
}
