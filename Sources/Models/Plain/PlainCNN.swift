import NeuralNetworks
import Support
import Tensors

/// A plain network without shortcuts: 2 to 10 convolutions in up to three stages, each ended by a 2×2 maximum.
///
/// The family that capacity-gap studies of teacher assistants use (Mirzadeh et al., AAAI 2020), with batch
/// normalisation; a global mean and one linear layer end it.
public final class PlainCNN: Network {
  /// Numbers of convolutions that exist.
  public static let depths = [2, 4, 6, 8, 10]

  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1` … `convD`, `avgpool`, `fc`; the last convolution of a stage is recommended.
  public let probePoints: [ProbePoint]
  private let convolutions: PlainStages
  private let classifier: Linear

  /// Convolutions per stage for each depth.
  static let stages = [2: [1, 1], 4: [2, 2], 6: [2, 2, 2], 8: [3, 3, 2], 10: [4, 3, 3]]

  /// - Parameters:
  ///   - depth: number of convolutions: 2, 4, 6, 8 or 10.
  ///   - specification: classes and input size.
  ///   - initialiser: gives the weights.
  public init(depth: Int, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    guard let stages = PlainCNN.stages[depth] else { preconditionFailure("PlainCNN: depth \(depth)") }
    self.specification = specification
    var list = LayerList(specification)
    var convolutions = PlainStages()
    for (stage, count) in stages.enumerated() {
      for index in 0..<count {
        let isLast = index == count - 1
        convolutions.append(
          to: &list, NormalizedConvolution(list.channels, 32 << stage, initialiser), isRecommended: isLast,
          poolsAfter: isLast)
      }
    }
    self.convolutions = convolutions
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    classified(convolutions(images, pass), pass, by: classifier)
  }

  /// `conv1 bn1 … convD bnD fc`.
  public func visit(_ visitor: ParameterVisitor) {
    convolutions.visit(visitor)
    visitor.visit("fc", classifier)
  }
}
