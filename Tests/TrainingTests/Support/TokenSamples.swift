import Distillation
import Models
import Tensors
import Training

/// Sentences of tokens whose class is that of most of their tokens: each class has a third of the vocabulary for its own.
struct TokenSamples: SampleSource {
  static let (length, vocabulary, kinds) = (12, 60, 3)
  let (sentences, labels): ([[Int]], [Int])
  let (heldOutSentences, heldOutLabels): ([[Int]], [Int])
  let signature = InputSignature.tokens(length: length, vocabulary: vocabulary)

  init(train: Int, heldOut: Int, seed: UInt64) {
    (sentences, labels) = Self.drawn(train, seed)
    (heldOutSentences, heldOutLabels) = Self.drawn(heldOut, seed + 1)
  }

  private static func drawn(_ count: Int, _ seed: UInt64) -> ([[Int]], [Int]) {
    var random = RandomGenerator(Philox(seed: seed))
    let labels = (0..<count).map { $0 % kinds }
    let sentences = labels.map { label in
      (0..<length).map { _ in
        let own = Int.random(in: 0..<vocabulary / kinds, using: &random)
        let topic = Int.random(in: 0..<100, using: &random) < 45 ? label : Int.random(in: 0..<kinds, using: &random)
        return topic * (vocabulary / kinds) + own
      }
    }
    return (sentences, labels)
  }

  static func tensor(_ sentences: [[Int]], length: Int = length) -> Tensor {
    Tensor(sentences.flatMap { $0.map(Float.init) }, shape: [sentences.count, length])
  }

  func batch(_ request: BatchRequest) -> Batch {
    Batch(
      images: Self.tensor(request.indices.map { sentences[$0] }), labels: request.indices.map { labels[$0] },
      indices: Array(request.indices), epoch: request.epoch)
  }

  func heldOut(_ answer: (Tensor) -> Tensor) -> Tensor { answer(Self.tensor(heldOutSentences)) }
}
