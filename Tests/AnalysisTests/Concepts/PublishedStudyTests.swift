import Analysis
import Support
import Testing

@Suite("Counting as published")
struct PublishedStudyTests {
  /// Two foreground and two background cells with these entropies.
  private func map(_ inside: (Float, Float), _ outside: (Float, Float), usable: Bool = true) -> EntropyMap {
    EntropyMap(
      entropies: [inside.0, inside.1, outside.0, outside.1], distortion: 1, targetDistortion: 1, isConverged: usable)
  }

  private func images(_ count: Int) -> ProbeImages {
    ProbeImages(
      indices: Array(0..<count), foreground: Array(repeating: [true, true, false, false], count: count))
  }

  private func series(_ role: String, seed: Int = 1, _ maps: [[EntropyMap]], layer: [Double]? = nil) -> EntropySeries {
    EntropySeries(
      role: role, seed: seed, epochs: maps.indices.map { Moment(epoch: $0) }, maps: maps,
      distances: maps.indices.map(Double.init),
      layerDistances: layer)
  }

  @Test("holds every cell against one background mean per checkpoint")
  func background() throws {
    let run = series("baseline", [[map((-3, -2.5), (-3, -3)), map((-3, -2.5), (-2, -2))]])
    let study = ConceptStudy.published(images: images(2), series: [run], firstEpoch: 0, selection: nil)
    // Mean of −3 and −2: both images have the background −2.5, so the first has concepts that its own would not give.
    #expect(study.series[0].backgrounds == [-2.5])
    let counts = study.observations(of: .foregroundConcepts, in: study.series[0], threshold: 0.2)
    #expect(try counts?.map { try $0.get() } == [1, 1])
    let outside = study.observations(of: .backgroundConcepts, in: study.series[0], threshold: 0.2)
    #expect(try outside?.map { try $0.get() } == [2, 0])
    #expect(study.thresholds == [0.2])
  }

  @Test("drops images against the premise at a late checkpoint of any network of the seed, and dead ones at any")
  func selection() {
    let good = map((-3, -3), (-2, -2))
    let bad = map((-2, -2), (-3, -3))
    let equal = map((-2, -2), (-2, -2))
    let dead = map((-3, -3), (-2, -2), usable: false)
    let networks = [
      series("baseline", [[bad, bad, good, good, good], [good, bad, good, equal, good]]),
      series("student", [[good, good, good, good, dead], [good, good, bad, good, good]]),
      series("baseline", seed: 2, [[good, good, good, good, good], [good, good, good, good, good]]),
      series("student", seed: 2, [[good, good, good, good, good], [bad, good, good, good, good]]),
    ]
    let selection = PublishedSelection(networks, images: images(5), from: 1, limit: 3)
    #expect(selection.leftOut[1] == [1: .againstPremise, 2: .againstPremise, 4: .notConverged])
    #expect(selection.leftOut[2] == [0: .againstPremise, 4: .notNeeded])
    #expect(selection.used == 5 && selection.dropped == 4 && selection.asked == 10 && selection.droppedShare == 0.4)

    let study = ConceptStudy.published(images: images(5), series: networks, firstEpoch: 0, selection: selection)
    let compared = study.comparison(
      of: .foregroundConcepts, student: "student", baseline: "baseline", threshold: 0.2, expected: .larger)
    #expect(compared.images == 5)
    #expect(compared.leftOut == [.againstPremise: 3, .notConverged: 1, .notNeeded: 1])
    // H̄_bg counts the used images alone.
    #expect(study.series[0].backgrounds == [-2.5, -2])
  }

  @Test("takes a plain arg max, so that an image without concepts has learned them at the first checkpoint")
  func learning() throws {
    let none = map((-2, -2), (-2, -2))
    let (one, two) = (map((-3, -2), (-2, -2)), map((-3, -3), (-2, -2)))
    let run = series("student", [[none, one], [none, two], [none, two]], layer: [0, 3, 5])
    func distances(_ firstEpoch: Moment) throws -> [Double]? {
      let study = ConceptStudy.published(images: images(2), series: [run], firstEpoch: firstEpoch, selection: nil)
      return try study.observations(of: .learningLayerDistanceMean, in: study.series[0], threshold: 0.2)?.map {
        try $0.get()
      }
    }
    #expect(try distances(0) == [0, 3])
    #expect(try distances(1) == [3, 3])
    let study = ConceptStudy.published(images: images(2), series: [run], firstEpoch: 0, selection: nil)
    let variance = study.summary(of: .learningLayerDistanceVariance, over: study.series, threshold: 0.2)
    #expect(variance?.estimate?.value == 2.25)
    // ρ: the image without concepts counts as 0, or is left out.
    let counted = study.observations(of: .stabilityCountingEmpty, in: study.series[0], threshold: 0.2)
    #expect(try counted?.map { try $0.get() } == [0, 1])
    #expect(study.observations(of: .stability, in: study.series[0], threshold: 0.2)?[0] == .failure(.emptyUnion))
  }

  @Test("counts by its own distances, variance and ratio")
  func quantities() {
    #expect(
      Hypothesis.fasterLearning.publishedQuantities.map(\.quantity)
        == [.learningLayerDistanceMean, .learningLayerDistanceVariance])
    #expect(Hypothesis.steadierDirection.publishedQuantities.map(\.quantity) == [.stabilityCountingEmpty])
  }
}
