import Distillation
import Foundation
import Models
import NeuralNetworks
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
  let task: any LearningTask
  private let (sequences, heldOutSequences): ([[Int]], [[Int]])

  init(train: Int, heldOut: Int, seed: UInt64, task: any LearningTask = NextToken()) {
    self.task = task
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

/// A bigram model: the embedding of a token, a linear layer, logits for what comes next at every place, [places, tokens].
final class BigramNetwork: Network {
  let signature = InputSignature.tokens(length: MarkovSamples.length, vocabulary: MarkovSamples.vocabulary)
  let specification: ModelSpecification
  let layers: [LayerDescription]
  let probePoints: [ProbePoint]
  private let embeddings: Parameter
  private let classifier: Linear

  init(width: Int, seed: UInt64) {
    let vocabulary = MarkovSamples.vocabulary
    specification = ModelSpecification(
      "bigram-\(width)", classes: vocabulary, channels: 1, height: 1, width: MarkovSamples.length)
    let initialiser = Initialiser(seed: seed)
    embeddings = Parameter(initialiser.uniform(Shape([vocabulary, width]), fanIn: width), .weight)
    classifier = Linear(width, vocabulary, initialiser)
    var list = LayerList(specification)
    list.embedding("embeddings", embeddings)
    list.vector("token")
    list.linear("fc", classifier, hasRelu: false)
    (layers, probePoints) = (list.layers, list.probePoints)
  }

  func callAsFunction(_ tokens: Tensor, _ pass: ForwardPass) -> Tensor {
    let words = embeddings.tensor.rows(tokens.floats.map { Int($0) })
    pass.offer(words, as: ["token"])
    if pass.isDone { return words }
    let logits = classifier(words)
    pass.offer(logits, as: ["fc"])
    return logits
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("embeddings", embeddings)
    visitor.visit("fc", classifier)
  }
}
