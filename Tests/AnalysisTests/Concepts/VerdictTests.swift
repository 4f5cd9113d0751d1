import Analysis
import Statistics
import Testing

@Suite("Verdicts")
struct VerdictTests {
  @Test(
    "on a quantity follow the side on which the interval excludes zero",
    arguments: [
      (0.1, 0.3, Hypothesis.Direction.larger, 3, Verdict.supported), (0.1, 0.3, .smaller, 3, .contradicted),
      (-0.3, -0.1, .smaller, 3, .supported), (-0.3, -0.1, .larger, 3, .contradicted),
      (-0.1, 0.3, .larger, 3, .inconclusive), (0.0, 0.3, .larger, 3, .inconclusive),
      (-0.3, 0.0, .larger, 3, .inconclusive), (0.1, 0.3, .larger, 2, .inconclusive),
      (0.1, 0.3, .smaller, 2, .inconclusive), (0.1, 0.3, .larger, 4, .supported),
    ])
  func quantity(_ lower: Double, _ upper: Double, _ expected: Hypothesis.Direction, _ seeds: Int, _ verdict: Verdict) {
    let difference = Estimate((lower + upper) / 2, lower: lower, upper: upper, count: 9, method: "")
    #expect(Verdict(difference: difference, expected: expected, seeds: seeds) == verdict)
  }

  @Test("on a quantity without an interval are inconclusive")
  func noInterval() {
    #expect(Verdict(difference: nil, expected: .larger, seeds: 5) == .inconclusive)
    #expect(Verdict(difference: Estimate(2, count: 1, method: ""), expected: .larger, seeds: 5) == .inconclusive)
  }

  @Test(
    "on a hypothesis combine those on its quantities",
    arguments: [
      ([Verdict.supported, .supported], Verdict.supported), ([.supported, .inconclusive], .inconclusive),
      ([.inconclusive, .inconclusive], .inconclusive), ([.contradicted, .inconclusive], .contradicted),
      ([.contradicted, .contradicted], .contradicted), ([.supported, .contradicted], .mixed),
      ([.supported, .contradicted, .inconclusive], .mixed), ([], .inconclusive),
    ])
  func combination(_ parts: [Verdict], _ verdict: Verdict) {
    #expect(Verdict(combining: parts) == verdict)
  }

  /// Most concepts of image i at epoch 1 + i mod 4, four of them, three otherwise; three on the background.
  func slow(_ role: String, seed: Int, dull: Float = -0.05) -> EntropySeries {
    run(role, seed: seed, images: 8, background: "ccc.", dull: dull) { image in
      (1...5).map { $0 == 1 + image % 4 ? 4 : 3 }
    }
  }

  /// Five concepts from epoch 1 (of every fourth image: 2) to the end.
  func quick(_ role: String, seed: Int, background: String = "c...", dull: Float = -0.05) -> EntropySeries {
    run(role, seed: seed, images: 8, background: background, dull: dull) { image in
      [image % 4 == 0 ? 4 : 5, 5, 5, 5, 5]
    }
  }

  func verdicts(_ series: [EntropySeries]) -> [Verdict] {
    ConceptStudy(images: probes(8, foreground: 6), series: series, thresholds: [0.1, 0.4, 0.8])
      .hypotheses(student: "student", baseline: "baseline").map(\.verdict)
  }

  @Test("support all three where the student has more, learns sooner and keeps it")
  func supported() throws {
    let study = ConceptStudy(
      images: probes(8, foreground: 6),
      series: (1...3).flatMap { [slow("baseline", seed: $0), quick("student", seed: $0)] }, thresholds: [0.1, 0.4, 0.8])
    let results = study.hypotheses(student: "student", baseline: "baseline")
    #expect(results.map(\.verdict) == [.supported, .supported, .supported])
    #expect(results.map(\.hypothesis.rawValue) == ["H1", "H2", "H3"])
    #expect(results[0].reason == "supported in 9 of 9 comparisons")
    #expect(results[0].comparisons.count == 9 && results[1].comparisons.count == 6)
    let count = results[0].comparisons[0]
    #expect(count.differenceOverSeeds?.lower == 2 && count.differenceOverSeeds?.method == "95 % Student t over 3 seeds")
    #expect(count.student == 5 && count.baseline == 3 && count.difference?.value == 2)
    #expect(count.seeds == 3 && count.images == 24 && count.leftOut.isEmpty)
    // d of the baseline: 1 2 3 4 twice; of the student: 2 1 1 1 twice. Deviations with divisor 7.
    let deviation = try #require(results[1].comparisons.first { $0.quantity == .learningDistanceDeviation })
    let baseline = (10.0 / 7).squareRoot()
    let student = (1.5 / 7).squareRoot()
    #expect(abs(try #require(deviation.difference).value - (student - baseline)) < 1e-12)
    #expect(abs(try #require(deviation.baseline) - baseline) < 1e-12)
    // ρ of the baseline: last 3 of 4, always (no peak at epoch 5).
    #expect(results[2].comparisons[0].baseline == 0.75 && results[2].comparisons[0].student == 1)
    #expect(results[0].premise.images == 24 && results[0].premise.holding == 24)
  }

  @Test("contradict where it is the other way round")
  func contradicted() {
    let series = (1...3).flatMap { [slow("student", seed: $0), quick("baseline", seed: $0)] }
    #expect(verdicts(series) == [.contradicted, .contradicted, .contradicted])
  }

  @Test("are mixed where the student has more everywhere, on the background too")
  func mixed() {
    let series = (1...3).flatMap { seed in
      let baseline = run("baseline", seed: seed, images: 8, background: "....") { _ in [3, 3, 3, 3, 3] }
      return [baseline, quick("student", seed: seed, background: "cc..")]
    }
    #expect(verdicts(series)[0] == .mixed)
  }

  @Test("are inconclusive for equal networks, and for any networks of two seeds")
  func inconclusive() {
    let equal = (1...3).flatMap { [quick("baseline", seed: $0), quick("student", seed: $0)] }
    #expect(verdicts(equal) == [.inconclusive, .inconclusive, .inconclusive])
    let few = (1...2).flatMap { [slow("baseline", seed: $0), quick("student", seed: $0)] }
    #expect(verdicts(few) == [.inconclusive, .inconclusive, .inconclusive])
    let study = ConceptStudy(images: probes(8, foreground: 6), series: few)
    #expect(study.hypotheses(student: "student", baseline: "baseline")[2].reason == "2 of at least 3 seeds")
  }

  @Test("compare seeds with their like only")
  func pairing() {
    let series = (1...3).flatMap { [slow("baseline", seed: $0), quick("student", seed: $0 + 1)] }
    let study = ConceptStudy(images: probes(8, foreground: 6), series: series)
    #expect(study.hypotheses(student: "student", baseline: "baseline").map(\.seeds) == [2, 2, 2])
    #expect(
      study.hypotheses(student: "nobody", baseline: "baseline").map(\.verdict) == [
        .inconclusive, .inconclusive, .inconclusive,
      ])
  }

  @Test("on H1 need the premise in half of the images, in both networks")
  func premise() throws {
    // A dull foreground at +9 nats puts the mean of the object above that of the background.
    let broken = (1...3).flatMap { [slow("baseline", seed: $0, dull: 9), quick("student", seed: $0)] }
    #expect(verdicts(broken)[0] == .premiseNotMet)
    #expect(verdicts(broken)[1] == .supported)
    let study = ConceptStudy(images: probes(8, foreground: 6), series: broken)
    let result = try #require(study.hypotheses(student: "student", baseline: "baseline").first)
    #expect(result.comparisons.allSatisfy { $0.verdict == .premiseNotMet })
    #expect(result.reason == "H̄_bg > H̄_fg holds in only 0 of 24 images")
    let half = ConceptStudy(
      images: probes(8, foreground: 6),
      series: broken + [4, 5, 6].flatMap { [slow("baseline", seed: $0), quick("student", seed: $0)] })
    let kept = try #require(half.hypotheses(student: "student", baseline: "baseline").first)
    #expect(kept.premise.share == 0.5 && kept.verdict == .supported)
  }

  @Test("leave an image out where either network has no value, and count it")
  func leftOut() throws {
    let series = (1...3).flatMap { seed in
      let never = run("baseline", seed: seed, images: 8, background: "....") { image in
        image == 5 ? [0, 0, 0, 0, 0] : [2, 3, 3, 3, 2]
      }
      return [never, quick("student", seed: seed)]
    }
    let study = ConceptStudy(images: probes(8, foreground: 6), series: series, thresholds: [0.2])
    let speed = study.comparison(
      of: .learningDistanceMean, student: "student", baseline: "baseline", threshold: 0.2, expected: .smaller)
    #expect(speed.images == 21 && speed.leftOut == [.neverLearned: 3])
    let lambda = study.comparison(
      of: .conceptShare, student: "student", baseline: "baseline", threshold: 0.2, expected: .larger)
    #expect(lambda.leftOut == [.noConcept: 3])
    let stability = study.comparison(
      of: .stability, student: "student", baseline: "baseline", threshold: 0.2, expected: .larger)
    #expect(stability.leftOut == [.emptyUnion: 3])
    // Images 0 and 4 of the student peak at distance 2, all of the baseline at 2: seven images left.
    #expect(abs(try #require(speed.difference).value + 5.0 / 7) < 1e-12)
  }

  @Test("take well below a second for three seeds, 64 images and five thresholds")
  func cost() {
    let series = (1...3).flatMap { seed in
      ["baseline", "student"].map { role in
        run(role, seed: seed, images: 64, background: "cc..") { image in (1...10).map { ($0 * image + seed) % 6 } }
      }
    }
    let study = ConceptStudy(
      images: probes(64, foreground: 6), series: series, thresholds: [0.1, 0.2, 0.3, 0.4, 0.8])
    let taken = ContinuousClock().measure { _ = study.hypotheses(student: "student", baseline: "baseline") }
    // 0.1 s on an idle core; the bound leaves room for a busy machine.
    #expect(taken < .seconds(1), "\(taken)")
  }
}
