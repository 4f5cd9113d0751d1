import Analysis
import Statistics
import Testing

/// Six images of one run over epochs 0…4, worked out by hand.
///
/// 0: concepts 3, then 1 2 2 1 of 3 cells; 1: nothing until the last epoch, then all; 2: only at epoch 0;
/// 3: not converged at epoch 3; 4: no foreground; 5: no background.
@Suite("Learning speed and direction stability")
struct LearningTests {
  let images = ProbeImages(
    indices: [10, 11, 12, 13, 14, 15],
    foreground: [[Bool]](repeating: [true, true, true, false, false, false, false], count: 4) + [
      [Bool](repeating: false, count: 7), [Bool](repeating: true, count: 7),
    ])

  func series(repeats: [[String]] = []) -> EntropySeries {
    let first = ["ccc", "c..", "cc.", ".cc", ".c."]
    let second = ["ccc", "...", "...", "...", "ccc"]
    let third = ["ccc", "...", "...", "...", "..."]
    let maps = (0..<5).map { k in
      [
        map(foreground: first[k]), map(foreground: second[k]), map(foreground: third[k]),
        map(foreground: "ccc", converged: k != 3), map(foreground: "ccc"), map(foreground: "ccc"),
      ]
    }
    return EntropySeries(
      role: "student", seed: 1, epochs: [0, 1, 2, 3, 4], maps: maps, distances: [0, 0.5, 0.8, 1, 1.6],
      stepDistances: [0, 5, 8, 10, 16],
      repeats: repeats.map { row in row.map { map(foreground: $0) } })
  }

  @Test("find the first epoch with most concepts, epoch 0 apart")
  func moments() throws {
    let series = series()
    let moment = try series.learningMoment(of: 0, foreground: images.foreground[0], threshold: 0.2).get()
    #expect(moment == (try series.learningMoment(of: 0, foreground: images.foreground[0], threshold: 0.8).get()))
    #expect(moment.epoch == 2 && moment.concepts == 2 && moment.distance == 0.8 && moment.distanceShare == 0.5)
    #expect(moment.stepDistance == 8)
    let all = try series.learningMoment(of: 0, foreground: images.foreground[0], threshold: 0.2, firstEpoch: 0).get()
    #expect(all.epoch == 0 && all.concepts == 3)
  }

  @Test("average the distances over images and say which were left out")
  func distances() throws {
    let study = ConceptStudy(images: images, series: [series()], thresholds: [0.2])
    func summary(_ quantity: ConceptQuantity) throws -> ConceptSummary {
      try #require(study.summary(of: quantity, over: study.series, threshold: 0.2))
    }
    func value(_ quantity: ConceptQuantity) throws -> Double { try #require(summary(quantity).estimate).value }
    // d at epochs 2 and 4: 0.8 and 1.6 of 1.6.
    #expect(abs(try value(.learningDistanceMean) - 1.2) < 1e-12)
    #expect(abs(try value(.learningDistanceDeviation) - 0.8 / 2.0.squareRoot()) < 1e-12)
    #expect(abs(try value(.learningShareMean) - 0.75) < 1e-12)
    #expect(abs(try value(.learningShareDeviation) - 0.5 / 2.0.squareRoot()) < 1e-12)
    #expect(abs(try value(.learningStepDistanceMean) - 12) < 1e-12)
    #expect(abs(try value(.learningStepDistanceDeviation) - 8 / 2.0.squareRoot()) < 1e-12)
    let speed = try summary(.learningDistanceMean)
    #expect(
      speed.leftOut == [.neverLearned: 1, .notConverged: 1, .noForegroundCell: 1, .noBackgroundCell: 1])
    #expect(speed.images == 2 && speed.seeds == 1)
    #expect(speed.leftOut.summary == "1 no foreground cell, 1 no background cell, 1 not converged, 1 never learned")
  }

  @Test("compare the last concepts with all that ever were")
  func stability() throws {
    let study = ConceptStudy(images: images, series: [series()])
    let counts = try series().stability(of: 0, foreground: images.foreground[0], threshold: 0.2).get()
    #expect(counts.last == 1 && counts.union == 3)
    let summary = try #require(study.summary(of: .stability, over: study.series, threshold: 0.2))
    // (1/3 + 3/3) / 2
    #expect(abs(try #require(summary.estimate).value - 2.0 / 3) < 1e-12)
    #expect(summary.leftOut == [.emptyUnion: 1, .notConverged: 1, .noForegroundCell: 1, .noBackgroundCell: 1])
  }

  @Test("measure the noise floor from the repeated last checkpoint")
  func noise() throws {
    let repeats = [".c.", ".c.", ".cc", ".c."].map { [$0, "ccc", "...", "ccc", "ccc", "ccc"] }
    let study = ConceptStudy(images: images, series: [series(repeats: repeats)])
    let floor = try #require(study.summary(of: .noiseFloor, over: study.series, threshold: 0.2))
    // 1/2, 1, none, 1 (its repeats all converged): their mean.
    #expect(abs(try #require(floor.estimate).value - 2.5 / 3) < 1e-12)
    #expect(floor.leftOut == [.emptyUnion: 1, .noForegroundCell: 1, .noBackgroundCell: 1])
    let without = ConceptStudy(images: images, series: [series()])
    #expect(without.summary(of: .noiseFloor, over: without.series, threshold: 0.2) == nil)
  }

  @Test("average λ over images that have concepts")
  func shares() throws {
    let study = ConceptStudy(images: images, series: [series()])
    let share = try #require(study.summary(of: .conceptShare, over: study.series, threshold: 0.2))
    // The last epoch has concepts on the object alone in images 0, 1 and 3; image 2 has none.
    #expect(share.estimate?.value == 1 && share.images == 3)
    #expect(share.leftOut == [.noConcept: 1, .noForegroundCell: 1, .noBackgroundCell: 1])
    let early = try #require(
      study.summary(of: .foregroundConcepts, over: study.series, atEpoch: 1, threshold: 0.2))
    // 1, 0, 0, 3 concepts.
    #expect(early.estimate?.value == 1 && early.images == 4)
    #expect(study.summary(of: .conceptShare, over: study.series, atEpoch: 7, threshold: 0.2) == nil)
  }

  @Test("do without a deviation where one image is left, and say so")
  func lonely() throws {
    let images = probes(1, foreground: 6)
    let study = ConceptStudy(
      images: images, series: [run("student", seed: 1, images: 1, background: "....") { _ in [2, 3] }])
    let summary = try #require(study.summary(of: .learningDistanceDeviation, over: study.series, threshold: 0.2))
    #expect(summary.estimate == nil && summary.leftOut == [.onlyImage: 1])
    let mean = try #require(study.summary(of: .learningDistanceMean, over: study.series, threshold: 0.2))
    #expect(mean.estimate?.value == 2 && mean.estimate?.lower == nil)
  }
}
