import NeuralNetworks
import Support
import Tensors

/// A residual network for small images (He et al., CVPR 2016, section 4.2): three stages of n basic blocks with 16, 32
/// and 64 channels, depth 6n + 2.
///
/// Shortcuts that change the size are 1×1 convolutions (option B), named as torchvision names them. ResNet-20 for three
/// colours and ten classes has 272,474 parameters.
public final class ResNet: Network {
  /// Depths that exist: 6n + 2.
  public static let depths = [8, 14, 20, 26, 32, 44, 56, 110]

  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1`, every block, the stages `layer1` … `layer3`, `avgpool`, `fc`.
  public let probePoints: [ProbePoint]
  private let stem: NormalizedConvolution
  private let stages: [[BasicBlock]]
  private let classifier: Linear

  /// - Parameters:
  ///   - depth: 6n + 2.
  ///   - specification: classes and input size.
  ///   - initialiser: gives the weights.
  public init(depth: Int, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    precondition(depth >= 8 && (depth - 2) % 6 == 0, "ResNet: depth \(depth) is not 6n + 2")
    self.specification = specification
    var list = LayerList(specification)
    stem = NormalizedConvolution(specification.channels, 16, initialiser)
    list.convolution("conv1", stem.convolution, normalization: "bn1")
    list.point("conv1")
    var stages: [[BasicBlock]] = []
    for stage in 0..<3 {
      var blocks: [BasicBlock] = []
      for index in 0..<(depth - 2) / 6 {
        let block = BasicBlock(
          list.channels, 16 << stage, stride: stage > 0 && index == 0 ? 2 : 1, initialiser)
        block.describe("layer\(stage + 1).\(index)", &list)
        blocks.append(block)
      }
      list.point("layer\(stage + 1)", recommended: true)
      stages.append(blocks)
    }
    self.stages = stages
    list.vector("avgpool")
    classifier = Linear(64, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images, pass, as: ["conv1"])
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        if pass.isDone { return x }
        let name = "layer\(stage + 1)"
        x = block(x, pass, as: ["\(name).\(index)"] + (index == blocks.count - 1 ? [name] : []))
      }
    }
    if pass.isDone { return x }
    let pooled = globalAveragePooling(x)
    pass.offer(pooled, as: ["avgpool"])
    if pass.isDone { return pooled }
    let logits = classifier(pooled)
    pass.offer(logits, as: ["fc"])
    return logits
  }

  /// `conv1 bn1 layerK.J.… fc`.
  public func visit(_ visitor: ParameterVisitor) {
    stem.visit(visitor, convolution: "conv1", normalization: "bn1")
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() { visitor.visit("layer\(stage + 1).\(index)", block) }
    }
    visitor.visit("fc", classifier)
  }
}
