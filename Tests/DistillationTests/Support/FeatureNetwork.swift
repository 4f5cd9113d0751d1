import Models
import NeuralNetworks
import Tensors

/// A network that only says which layers it has: for methods whose features come from a golden file.
final class FeatureNetwork: Network {
  let specification: ModelSpecification
  let layers: [LayerDescription] = []
  let probePoints: [ProbePoint]

  /// - Parameters:
  ///   - outputs: layers with their outputs, without the batch axis.
  ///   - classes: number of classes.
  init(_ outputs: [(key: String, value: Shape)], classes: Int = 10) {
    specification = ModelSpecification("features", classes: classes)
    probePoints = outputs.map { ProbePoint(name: $0.key, output: $0.value, hasRelu: true, isRecommended: true) }
  }

  /// The same, as a literal.
  convenience init(_ outputs: KeyValuePairs<String, Shape>, classes: Int = 10) {
    self.init(Array(outputs), classes: classes)
  }

  func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor { images }

  func visit(_ visitor: ParameterVisitor) {}
}
