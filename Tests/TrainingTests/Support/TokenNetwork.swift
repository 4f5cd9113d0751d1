import Models
import NeuralNetworks
import Tensors

/// Embeddings of tokens, their mean, a linear layer: a classifier of sequences. Without the mean a bigram model, with logits
/// for what comes next at every place, [places, tokens]. Nothing outside of the tests knows of it.
final class TokenNetwork: Network {
  let signature: InputSignature
  let specification: ModelSpecification
  let layers: [LayerDescription]
  let probePoints: [ProbePoint]
  private let embeddings: Parameter
  private let classifier: Linear
  private let isPooled: Bool

  init(length: Int, vocabulary: Int, width: Int, classes: Int, isPooled: Bool = true, seed: UInt64) {
    self.isPooled = isPooled
    signature = .tokens(length: length, vocabulary: vocabulary)
    specification = ModelSpecification("tokens-\(width)", classes: classes, channels: 1, height: 1, width: length)
    let initialiser = Initialiser(seed: seed)
    embeddings = Parameter(initialiser.uniform(Shape([vocabulary, width]), fanIn: width), .weight)
    classifier = Linear(width, classes, initialiser)
    var list = LayerList(specification)
    list.embedding("embeddings", embeddings)
    list.vector(isPooled ? "mean" : "token")
    list.linear("fc", classifier, hasRelu: false)
    (layers, probePoints) = (list.layers, list.probePoints)
  }

  func callAsFunction(_ tokens: Tensor, _ pass: ForwardPass) -> Tensor {
    let (count, length) = (tokens.shape[0], tokens.shape[1])
    let words = embeddings.tensor.rows(tokens.floats.map { Int($0) })
    let vectors = isPooled ? words.reshaped([count, length, embeddings.tensor.shape[1]]).mean(alongAxes: [1]) : words
    pass.offer(vectors, as: [isPooled ? "mean" : "token"])
    if pass.isDone { return vectors }
    let logits = classifier(vectors)
    pass.offer(logits, as: ["fc"])
    return logits
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("embeddings", embeddings)
    visitor.visit("fc", classifier)
  }
}
