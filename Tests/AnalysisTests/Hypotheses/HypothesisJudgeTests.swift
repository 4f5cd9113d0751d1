import Analysis
import Statistics
import Testing

@Suite("H1, H2 and H3")
struct HypothesisJudgeTests {
  /// A network whose two images have these gaps, at steps 0, ¼, ½ and 1 of the baseline's.
  private func network(
    _ role: String, _ seed: Int, _ gaps: [Double], stability: Double = 0.6, floor: Double = 0.8, times: [Double]? = nil,
    failed: Int = 0
  ) -> NetworkEvidence {
    // The seeds differ a little, as seeds do.
    let own = [0, 0.01, -0.01, 0.015, -0.015][seed % 5]
    return NetworkEvidence(
      role: role, seed: seed, times: times ?? [0, 0.25, 0.5, 1],
      gaps: gaps.enumerated().map { place, gap in
        let level = gap * (place == gaps.count - 1 ? 1 + own : 1 - own)
        return [level - 0.1, level + 0.1]
      },
      stability: [stability + own - 0.1, stability + own + 0.1], floor: [floor, floor], maps: 40, failedMaps: failed)
  }

  private func study(
    _ seeds: Int, baseline: [Double], student: [Double], stability: (Double, Double) = (0.6, 0.6),
    floor: (Double, Double) = (0.8, 0.8), skills: [NetworkSkill] = [], failed: Int = 0
  ) -> [HypothesisResult] {
    HypothesisJudge(
      (1...seeds).flatMap { seed in
        [
          network("baseline", seed, baseline, stability: stability.0, floor: floor.0),
          network(
            "student", seed, student, stability: stability.1 + 0.001 * Double(seed % 3), floor: floor.1, failed: failed),
        ]
      }, skills: skills
    ).results(["student"])
  }

  @Test("are supported by a larger gap, an earlier half and a direction that is kept beyond noise")
  func supported() throws {
    let results = study(
      4, baseline: [0, 0.1, 0.3, 0.4], student: [0, 0.5, 0.6, 0.7], stability: (0.5, 0.7), floor: (0.8, 0.8))
    #expect(results.map(\.judgement.verdict) == [.supported, .supported, .supported])
    #expect(results.map(\.hypothesis) == [.moreConcepts, .fasterLearning, .steadierDirection])
    #expect(results.allSatisfy { $0.pairs.map(\.seed) == [1, 2, 3, 4] && $0.leftOut == 0 })
    // The baseline reaches 0.2 halfway between ¼ and ½; the student 0.35 at 0.7 of the first quarter.
    #expect(abs(try #require(results[1].baselineValue) - 0.375) < 1e-3)
    #expect(abs(try #require(results[1].studentValue) - 0.175) < 1e-3)
    // ρ − floor.
    #expect(abs(results[2].pairs[0].baseline - (0.51 - 0.8)) < 1e-9)
  }

  @Test("are contradicted where it is the other way round")
  func contradicted() {
    let results = study(4, baseline: [0, 0.5, 0.6, 0.7], student: [0, 0.1, 0.3, 0.4], stability: (0.7, 0.5))
    #expect(results.map(\.judgement.verdict) == [.contradicted, .contradicted, .contradicted])
  }

  @Test("a gap that is larger at the same time course is no earlier half")
  func scaled() {
    let curve = [0, 0.1, 0.3, 0.4]
    let results = study(4, baseline: curve, student: curve.map { 2 * $0 })
    #expect(results[0].judgement.verdict == .supported)
    #expect(results[1].judgement.verdict == .inconclusive)
    #expect(results[1].pairs.allSatisfy { abs($0.student - $0.baseline) < 1e-9 })
  }

  @Test("a floor that rises with ρ is no steadier direction")
  func floors() {
    let results = study(
      4, baseline: [0, 0.1, 0.3, 0.4], student: [0, 0.2, 0.6, 0.8], stability: (0.5, 0.8), floor: (0.6, 0.9))
    #expect(results[2].judgement.verdict != .supported)
  }

  @Test("need three seeds")
  func seeds() {
    let results = study(2, baseline: [0, 0.1, 0.3, 0.4], student: [0, 0.5, 0.6, 0.7])
    #expect(results.map(\.judgement.verdict) == [.notTestable, .notTestable, .notTestable])
    #expect(results[0].judgement.reason == "2 seeds, at least 3 are needed")
  }

  @Test("are not testable from a network at chance, which is named", arguments: ["baseline", "student"])
  func chance(role: String) {
    let poor = NetworkSkill(
      role: role, seed: 2, accuracy: Estimate(0.12, lower: 0.09, upper: 0.15, count: 500, method: ""), chance: 0.1)
    let results = study(3, baseline: [0, 0.1, 0.3, 0.4], student: [0, 0.5, 0.6, 0.7], skills: [poor])
    for result in results {
      #expect(result.judgement.verdict == .notTestable)
      let who = role == "baseline" ? "the baseline" : role
      #expect(result.judgement.reason == "\(who) of seed 2 is not better than chance on the test images")
    }
  }

  @Test("are not testable where more than a tenth of the maps failed")
  func failures() {
    let curves = ([0, 0.1, 0.3, 0.4], [0, 0.5, 0.6, 0.7])
    #expect(study(3, baseline: curves.0, student: curves.1, failed: 4)[0].judgement.verdict == .supported)
    let results = study(3, baseline: curves.0, student: curves.1, failed: 5)
    #expect(results.allSatisfy { $0.judgement.verdict == .notTestable })
    #expect(results[0].judgement.reason == "15 of 120 maps of student did not converge")
  }

  @Test("need a gap above 0: one for H1, both for H2 and H3; and one that grows for H2")
  func gaps() {
    let none = study(3, baseline: [-0.3, -0.3, -0.3, -0.3], student: [-0.2, -0.2, -0.1, -0.1])
    #expect(none.map(\.judgement.verdict) == [.notTestable, .notTestable, .notTestable])
    #expect(
      none[0].judgement.reason
        == "neither network is shown to keep more of the object than of its surroundings at the last checkpoint")
    let one = study(3, baseline: [-0.3, -0.3, -0.3, -0.3], student: [0, 0.2, 0.3, 0.3])
    #expect(one.map(\.judgement.verdict) == [.supported, .notTestable, .notTestable])
    #expect(
      one[1].judgement.reason
        == "the baseline is not shown to keep more of the object than of its surroundings at the last checkpoint")
    let still = study(3, baseline: [0.3, 0.1, 0.2, 0.3], student: [0, 0.2, 0.3, 0.3])
    #expect(still[1].judgement.verdict == .notTestable)
    #expect(
      still[1].judgement.reason == "the gap of the baseline is not shown to grow beyond that of the untrained network")
  }

  @Test("pair images that both networks have, and count the others")
  func images() {
    func network(_ role: String, _ seed: Int, _ last: [Double?], _ stability: [Double?]) -> NetworkEvidence {
      NetworkEvidence(
        role: role, seed: seed, times: [0, 0.5, 1], gaps: [[0, 0, 0], [0.1, 0.1, 0.1], last], stability: stability,
        floor: [0.8, 0.8, 0.8], maps: 9)
    }
    let evidence = (1...3).flatMap { seed in
      let more = 0.01 * Double(seed)
      return [
        network("baseline", seed, [0.2, 0.4, nil], [0.5, nil, 0.7]),
        network("student", seed, [0.4 + more, 0.8 + more, 5], [nil, 0.9, 0.8 + more]),
      ]
    }
    let results = HypothesisJudge(evidence).results(["student"])
    #expect(results.map(\.leftOut) == [3, 3, 6])
    #expect(abs((results[0].studentValue ?? 0) - 0.62) < 1e-9 && abs((results[0].baselineValue ?? 0) - 0.3) < 1e-9)
    #expect(abs((results[2].studentValue ?? 0) - 0.02) < 1e-9)
    // A seed of which only one network was measured is none.
    #expect(HypothesisJudge(Array(evidence.dropLast())).results(["student"])[0].pairs.count == 2)
  }

  @Test("t½ is linear between checkpoints, from the untrained network, and counts stages before")
  func halfTimes() {
    func half(_ times: [Double], _ gaps: [Double]) -> Double? {
      NetworkEvidence(role: "a", seed: 1, times: times, gaps: gaps.map { [$0] }, stability: [nil], floor: [nil])
        .halfTime
    }
    #expect(half([0, 1], [0, 0.4]) == 0.5)
    #expect(half([0, 0.5, 1], [0, 0.4, 0.2]) == 0.25)
    #expect(half([0, 0.5, 1.5], [0, 0, 0.4]) == 1)
    // Half of the maximum is there from the start.
    #expect(half([0, 1], [0.3, 0.4]) == 0)
    #expect(half([0, 1], [-0.2, -0.1]) == nil)
  }
}
