import Checkpoints
import Distillation
import Foundation
import KDScope
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite("A task other than classes: the next token at every place")
struct LearningTaskTests {
  private let samples = MarkovSamples(train: 400, heldOut: 400, seed: 3)
  private let settings = TrainingSettings(
    epochs: 6, batch: 20, schedule: LearningRateSchedule(base: 1, shape: .cosine), clipNorm: 5)

  private func bigram(_ width: Int, seed: UInt64) -> TokenNetwork {
    let tokens = MarkovSamples.vocabulary
    return TokenNetwork(
      length: MarkovSamples.length, vocabulary: tokens, width: width, classes: tokens, isPooled: false, seed: seed)
  }

  @Test("reaches the entropy rate of a Markov chain, from labels and from a teacher")
  func entropyRate() throws {
    Threads.use(1)
    let teacher = bigram(8, seed: 1)
    let taught = try distill(teacher, on: samples, settings)
    let last = try #require(taught.epochs.last)
    #expect(last.development.map(\.title) == ["perplexity", "accuracy", "loss (nats)"])
    let perplexity = last.development[0].value
    #expect(abs(perplexity - exp(last.developmentLoss)) < 1e-9)
    // 6,400 held-out tokens of standard deviation 0.9 nats: three standard errors of the mean are 3.4 %.
    #expect(abs(perplexity / MarkovSamples.bestPerplexity - 1) < 0.04, "\(perplexity), \(MarkovSamples.bestPerplexity)")
    // The likeliest token comes with 0.5 + 0.5 / 6.
    #expect(abs(try #require(last.developmentAccuracy) - 0.583) < 0.02)

    let student = bigram(4, seed: 2)
    let distilled = try distill(
      student, from: teacher, on: samples, by: [DistillationTerm("kd", weight: 1)], labels: 0, settings)
    let found = try #require(distilled.epochs.last?.development.first)
    #expect(found.value < 1.1 * perplexity, "\(found.value)")
    #expect(distilled.csv.hasPrefix("epoch,labels (mean),kd (mean),development perplexity,development accuracy,"))
  }

  @Test("decides between epochs by its own first number, the way that is better")
  func bestEpoch() throws {
    func history(_ values: [Double], _ better: Metric.Better) throws -> TrainingHistory {
      let epochs = values.enumerated().map { place, value in
        """
        {"epoch": \(place + 1), "terms": [1.0], "developmentAccuracy": 0.\(place), "developmentLoss": 1.0, \
        "developmentMetrics": [{"name": "its own", "better": "\(better.rawValue)", \
        "value": \(value.isNaN ? "\"nan\"" : String(value))}], "learningRate": 0.1, "seconds": 1.0}
        """
      }
      let text = "{\"termNames\": [\"labels\"], \"epochs\": [\(epochs.joined(separator: ", "))]}"
      return try JSONDecoder.ofStoredValues.decode(TrainingHistory.self, from: Data(text.utf8))
    }
    #expect(try history([5, 3, 3, 4], .lower).bestEpoch == 2)
    #expect(try history([5, 3, 6, 6], .higher).bestEpoch == 3)
    #expect(try history([.nan, 3, 4], .lower).bestEpoch == 2)
    #expect(try history([3, .nan, 4], .higher).bestEpoch == 3)
  }

  @Test("goes on to the same numbers from a state")
  func resumes() throws {
    Threads.use(1)
    try withTemporaryDirectory { folder in
      func keeper() -> RunKeeper {
        RunKeeper(
          RunFolder(folder.appendingPathComponent("run")),
          facts: CheckpointFacts(
            model: bigram(4, seed: 2).specification, role: "student", epoch: 0, data: "markov", mean: [],
            deviation: [], classes: [], recipeHash: ""))
      }
      var short = settings
      short.epochs = 3
      short.schedule = LearningRateSchedule(base: 0.3, shape: .constant)
      let whole = try distill(bigram(4, seed: 2), on: samples, short)
      struct Stop: Error {}
      let stopped = bigram(4, seed: 2)
      _ = try? distill(stopped, on: samples, short, observers: [keeper()]) { event in
        if case .epoch(let row) = event, row.epoch == 2 { throw Stop() }
      }
      let resumed = try distill(bigram(4, seed: 9), on: samples, short, observers: [keeper()])
      #expect(resumed.epochs.map(\.development) == whole.epochs.map(\.development))
    }
  }

  @Test("refuses methods that need a class of each sample")
  func refused() {
    Threads.use(1)
    let terms = [
      DistillationTerm("crd"), DistillationTerm("correlation-congruence", ["sampler": .text("class-uniform")]),
    ]
    for term in terms {
      let error = #expect(throws: InputError.self) {
        try distill(
          bigram(4, seed: 2), from: bigram(8, seed: 1), on: samples, by: [term], settings)
      }
      #expect(error?.description.contains("by the classes of samples, and these have none") == true)
    }
  }
}
