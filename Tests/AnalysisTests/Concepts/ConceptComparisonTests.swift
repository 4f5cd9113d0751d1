import Analysis
import Statistics
import Testing

@Suite("Concepts of two networks")
struct ConceptComparisonTests {
  /// Most concepts of image i at epoch 1 + i mod 4, four of them, three otherwise; three on the background.
  private func slow(_ role: String, seed: Int) -> EntropySeries {
    run(role, seed: seed, images: 8, background: "ccc.") { image in (1...5).map { $0 == 1 + image % 4 ? 4 : 3 } }
  }

  /// Five concepts from epoch 1 (of every fourth image: 2) to the end.
  private func quick(_ role: String, seed: Int) -> EntropySeries {
    run(role, seed: seed, images: 8, background: "c...") { image in [image % 4 == 0 ? 4 : 5, 5, 5, 5, 5] }
  }

  private func study(_ series: [EntropySeries]) -> ConceptStudy {
    ConceptStudy(images: probes(8, foreground: 6), series: series, thresholds: [0.1, 0.4, 0.8])
  }

  @Test("are compared image by image and seed by seed")
  func paired() throws {
    let study = study((1...3).flatMap { [slow("baseline", seed: $0), quick("student", seed: $0)] })
    func compared(_ quantity: ConceptQuantity, _ side: ClaimedSide) -> ConceptComparison {
      study.comparison(of: quantity, student: "student", baseline: "baseline", threshold: 0.4, expected: side)
    }
    let count = compared(.foregroundConcepts, .larger)
    #expect(count.differenceOverSeeds?.lower == 2 && count.differenceOverSeeds?.method == "95 % Student t over 3 seeds")
    #expect(count.student == 5 && count.baseline == 3 && count.difference?.value == 2 && count.agreement == 1)
    #expect(count.seeds == 3 && count.images == 24 && count.leftOut.isEmpty)
    // d of the baseline: 1 2 3 4 twice; of the student: 2 1 1 1 twice. Deviations with divisor 7.
    let deviation = compared(.learningDistanceDeviation, .larger)
    let baseline = (10.0 / 7).squareRoot()
    #expect(abs(try #require(deviation.difference).value - ((1.5 / 7).squareRoot() - baseline)) < 1e-12)
    #expect(abs(try #require(deviation.baseline) - baseline) < 1e-12 && deviation.agreement == -1)
    // ρ of the baseline: last 3 of 4, always (no peak at epoch 5).
    let stability = compared(.stability, .larger)
    #expect(stability.baseline == 0.75 && stability.student == 1)
  }

  @Test("seeds with their like only")
  func seeds() {
    let study = study((1...3).flatMap { [slow("baseline", seed: $0), quick("student", seed: $0 + 1)] })
    func seeds(_ student: String) -> Int {
      study.comparison(of: .stability, student: student, baseline: "baseline", threshold: 0.4, expected: .larger).seeds
    }
    #expect(seeds("student") == 2 && seeds("nobody") == 0)
  }

  @Test("leave an image out where either network has no value, and count it")
  func leftOut() throws {
    let study = study(
      (1...3).flatMap { seed in
        let never = run("baseline", seed: seed, images: 8, background: "....") { image in
          image == 5 ? [0, 0, 0, 0, 0] : [2, 3, 3, 3, 2]
        }
        return [never, quick("student", seed: seed)]
      })
    func compared(_ quantity: ConceptQuantity) -> ConceptComparison {
      study.comparison(of: quantity, student: "student", baseline: "baseline", threshold: 0.4, expected: .smaller)
    }
    let speed = compared(.learningDistanceMean)
    #expect(speed.images == 21 && speed.leftOut == [.neverLearned: 3])
    #expect(compared(.conceptShare).leftOut == [.noConcept: 3] && compared(.stability).leftOut == [.emptyUnion: 3])
    // Images 0 and 4 of the student peak at distance 2, all of the baseline at 2: seven images left.
    #expect(abs(try #require(speed.difference).value + 5.0 / 7) < 1e-12)
  }

  @Test("a difference of D falls into length of path and timing")
  func parts() throws {
    // The student walks twice as far in each epoch and learns an epoch earlier.
    func network(_ role: String, seed: Int, peak: Int, step: Double) -> EntropySeries {
      let own = run(role, seed: seed, images: 4, background: "....") { _ in (1...4).map { $0 == peak ? 5 : 3 } }
      return EntropySeries(
        role: role, seed: seed, epochs: own.epochs, maps: own.maps, distances: own.epochs.map { $0.epochs * step })
    }
    let study = ConceptStudy(
      images: probes(4, foreground: 6),
      series: (1...3).flatMap { seed in
        [network("baseline", seed: seed, peak: 3, step: 1), network("student", seed: seed, peak: 2, step: 2)]
      })
    let sides = SideComparisons(raw: study, adjusted: study).all("student")
    func difference(_ name: String) -> Double? { sides.first { $0.quantity == name }?.difference?.value }
    let whole = "learning-distance-mean@0.4"
    #expect(difference(whole) == 1)
    // Two epochs of the student's path instead of the baseline's: + 2; the second epoch instead of the third: − 1.
    #expect(difference("\(whole)-path") == 2 && difference("\(whole)-timing") == -1)
    #expect(difference("foreground-concepts@0.2") == 0)
    #expect(sides.first { $0.quantity == whole }?.agreement == -1)
  }
}
