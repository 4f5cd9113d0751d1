import Distillation
import Foundation
import Models
import Tensors
import Training

/// Sequences of a Markov chain: what comes next hangs on the last token alone, and the best perplexity is known.
struct MarkovSamples: SampleSource {
  static let (length, vocabulary) = (16, 6)
  /// Probability of each token behind each: half for the next one, and what is left for all alike.
  private static func probability(of next: Int, behind token: Int) -> Double {
    (next == (token + 1) % vocabulary ? 0.5 : 0) + 0.5 / Double(vocabulary)
  }
  /// Exp of the chain's entropy rate: no network has a smaller one.
  static let bestPerplexity = exp(
    -(0..<vocabulary).map { probability(of: $0, behind: 0) }.map { $0 * log($0) }.reduce(0, +))

  let signature = InputSignature.tokens(length: length, vocabulary: vocabulary)
  let labels: [Int] = []
  let task: any LearningTask = NextToken()
  private let (sequences, heldOutSequences): ([[Int]], [[Int]])

  init(train: Int, heldOut: Int, seed: UInt64) {
    (sequences, heldOutSequences) = (Self.drawn(train, seed), Self.drawn(heldOut, seed + 1))
  }

  private static func drawn(_ count: Int, _ seed: UInt64) -> [[Int]] {
    var random = RandomGenerator(Philox(seed: seed))
    return (0..<count).map { _ in
      (0..<length).reduce(into: [Int.random(in: 0..<vocabulary, using: &random)]) { sequence, _ in
        let follows = Bool.random(using: &random)
        sequence.append(
          follows ? (sequence[sequence.count - 1] + 1) % vocabulary : Int.random(in: 0..<vocabulary, using: &random))
      }
    }
  }

  var count: Int { sequences.count }
  var heldOutLabels: [Int] { heldOutSequences.flatMap { $0.dropFirst() } }

  func batch(_ request: BatchRequest) -> Batch {
    let chosen = request.indices.map { sequences[$0] }
    return Batch(
      images: TokenSamples.tensor(chosen.map { Array($0.dropLast()) }, length: Self.length),
      labels: chosen.flatMap { $0.dropFirst() }, indices: Array(request.indices), epoch: request.epoch)
  }

  func heldOut(_ answer: (Tensor) -> Tensor) -> Tensor {
    answer(TokenSamples.tensor(heldOutSequences.map { Array($0.dropLast()) }, length: Self.length))
  }
}
