import Analysis
import Checkpoints
import Experiments
import Foundation
import Models
import Support
import Tensors
import TestSupport
import Testing

/// Files and networks stay as they were, and numbers do not depend on how many images are asked about at a time.
@Suite("Probes asked again and again")
struct RepeatedProbeTests {
  private func data() throws -> ProbeData { try ProbeSample.data(count: 30) }

  private var progress: ProgressDisplay { ProgressDisplay(isQuiet: true) }

  /// Everything that the probes tell as numbers.
  private func numbers(_ a: URL, _ b: URL, _ data: ProbeData, batch: Int) throws -> [Double] {
    let probed = try data.classifier(a, model: nil)
    let quality = NetworkQuality(try LabelledAnswers(probed, on: data, batch: batch), bins: 15, binning: .equalWidth)
    var question = NetworkComparison.Question(similarityImages: 20)
    question.batch = batch
    let pair = try NetworkPair((a, nil), (b, nil), on: .data(data))
    let comparison = try NetworkComparison(pair, question, progress: progress)
    var linear = LinearReading.Question(layer: "layer2", penalty: 0.1)
    linear.batch = batch
    let reading = try LinearReading(probed, on: data, linear, progress: progress)
    let cka = comparison.insides?.similarities.entries.joined().compactMap { $0.estimate?.value } ?? []
    return [
      quality.predictions.negativeLogLikelihood, quality.predictions.brierScore, quality.calibration.expectedError,
      quality.accuracy.value, quality.topFive?.value ?? .nan, quality.scaled?.fit.temperature ?? .nan,
      comparison.answers.agreement, comparison.insides?.boundaryAgreement ?? .nan, reading.fit.loss,
      reading.judged.negativeLogLikelihood,
    ] + comparison.answers.divergences.map(\.value) + cka
  }

  @Test("give the same numbers for any batch to 1e-5")
  func batches() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (
        try ProbeSample.lay(folder, "a", "resnet8", seed: 1), try ProbeSample.lay(folder, "b", "resnet14", seed: 2)
      )
      let data = try data()
      let whole = try numbers(a, b, data, batch: 256)
      #expect(whole.count > 16 && whole.allSatisfy(\.isFinite))
      for batch in [3] {
        for (place, (one, other)) in zip(try numbers(a, b, data, batch: batch), whole).enumerated() {
          #expect(abs(one - other) <= 1e-5 * max(1, abs(other)), "\(place) in batches of \(batch): \(one), \(other)")
        }
      }
    }
  }

  @Test("leave the file and the network's answers as they were, bit for bit")
  func unchanged() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (
        try ProbeSample.lay(folder, "a", "resnet8", seed: 1), try ProbeSample.lay(folder, "b", "resnet8", seed: 2)
      )
      let data = try data()
      let before = try [a, b].map { try Data(contentsOf: $0) }
      let pair = try NetworkPair((a, nil), (b, nil), on: .data(data))
      let answered = try pair.first.logits().floats
      let weights = pair.first.network.namedParameters.map(\.parameter.tensor.floats)
      _ = try NetworkComparison(pair, NetworkComparison.Question(similarityImages: 20), progress: progress)
      #expect(try pair.first.logits().floats == answered)
      #expect(pair.first.network.namedParameters.map(\.parameter.tensor.floats) == weights)
      let probed = try data.classifier(a, model: nil)
      _ = try LinearReading(probed, on: data, .init(layer: "layer3", penalty: 0.1), progress: progress)
      _ = try LabelledAnswers(probed, on: data)
      #expect(try NetworkPair((a, nil), (b, nil), on: .data(data)).first.logits().floats == answered)
      #expect(try [a, b].map { try Data(contentsOf: $0) } == before)
    }
  }
}
