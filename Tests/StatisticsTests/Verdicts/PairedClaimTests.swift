import Statistics
import Testing

@Suite("Verdicts on paired claims") struct PairedClaimTests {
  private func judged(_ differences: [Double], _ side: ClaimedSide = .larger, _ gates: [Gate] = []) -> Judgement {
    PairedClaim.judged([PairedClaim("kd", differences: differences, side: side, gates: gates)])[0]
  }

  @Test("the sign of a difference beyond chance names the side")
  func sides() throws {
    let up = [0.30, 0.33, 0.31, 0.35]
    #expect(judged(up).verdict == .supported)
    #expect(judged(up, .smaller).verdict == .contradicted)
    #expect(judged(up.map { -$0 }).verdict == .contradicted)
    #expect(judged(up.map { -$0 }, .smaller).verdict == .supported)
    let judgement = judged(up)
    #expect(try #require(judgement.pValue) == judgement.holmP)
    #expect(judgement.reason.hasPrefix("p = "))
    #expect(judgement.difference?.sign == 1)
  }

  @Test("an interval that holds zero is inconclusive, and the smallest effect is told beside it")
  func inconclusive() throws {
    let judgement = judged([0.1, -0.05, 0.2])
    #expect(judgement.verdict == .inconclusive && judgement.reason.hasSuffix("the interval holds 0"))
    // 5.6535 standard errors: SciPy, optimize.brentq over stats.nct.
    let error = try #require(standardDeviation(of: [0.1, -0.05, 0.2])) / 3.0.squareRoot()
    #expect(abs(try #require(judgement.smallestEffect) - 5.6535 * error) < 1e-3 * error)
    // What values in a range can differ by is at most its width.
    let effect = try #require(judgement.smallestEffect)
    #expect(judgement.smallestEffect(within: QuantityRange.unbounded) == effect)
    #expect(judgement.smallestEffect(within: 0...effect) == effect)
    #expect(judgement.smallestEffect(within: 0...0.99 * effect) == nil)
  }

  @Test("what is decided alone and not among all students is said to be lost to Holm")
  func holm() throws {
    let close = PairedClaim("a", differences: [0.1, 0.16, 0.22, 0.04], side: .larger)
    #expect(PairedClaim.judged([close])[0].verdict == .supported)
    let noise = PairedClaim("b", differences: [0.1, -0.1, 0.05, -0.06], side: .larger)
    let judgement = PairedClaim.judged([noise, close, noise])[1]
    #expect(judgement.verdict == .inconclusive && judgement.isLostToHolm)
    #expect(judgement.reason.hasPrefix("not after Holm"))
    #expect(judgement.difference?.sign == 1)
    #expect(abs(try #require(judgement.holmP) - 3 * (try #require(judgement.pValue))) < 1e-12)
    // A claim that cannot be tested counts among the others all the same.
    let closed = PairedClaim("c", differences: [], side: .larger)
    #expect(PairedClaim.judged([closed, close, closed])[1] == judgement)
  }

  @Test("fewer than three seeds, a closed gate or a difference that is no number are not testable, with the reason")
  func gates() {
    #expect(judged([0.5, 0.6]).verdict == .notTestable)
    #expect(judged([0.5, 0.6]).reason == "2 seeds, at least 3 are needed")
    #expect(judged([]).reason == "0 seeds, at least 3 are needed")
    #expect(judged([0.5]).reason == "1 seed, at least 3 are needed")
    let gate = Gate("better than chance", holds: false, otherwise: "the baseline is at chance")
    let closed = judged([0.30, 0.33, 0.31], .larger, [Gate("all is well"), gate])
    #expect(closed.verdict == .notTestable && closed.reason == "the baseline is at chance")
    #expect(closed.pValue == nil && closed.holmP == nil && closed.difference?.sign == 1)
    #expect(judged([0.3, .nan, 0.3]).verdict == .notTestable)
    #expect(judged([0.30, 0.33, 0.31], .larger, [Gate("all is well")]).verdict == .supported)
  }

  @Test("differences without any spread are inconclusive, zero or not")
  func noSpread() {
    for value in [0, 0.25, 0.1] {
      let judgement = judged([value, value, value])
      #expect(judgement.verdict == .inconclusive && judgement.pValue == nil, "\(value)")
    }
  }

  @Test("without an effect each side is found in at most 2.5 % of the studies", arguments: [3, 5, 8])
  func level(seeds: Int) {
    var random = SplitMix64(seed: 4)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) } }
    var counts: [Verdict: Int] = [:]
    for _ in 0..<2000 { counts[judged((0..<seeds).map { _ in normal() }).verdict, default: 0] += 1 }
    // 50 expected on each side, standard deviation 7; three of them.
    #expect(counts[.supported, default: 0] <= 71 && counts[.contradicted, default: 0] <= 71, "\(counts)")
    #expect(counts[.supported, default: 0] >= 29 && counts[.contradicted, default: 0] >= 29, "\(counts)")
  }
}
