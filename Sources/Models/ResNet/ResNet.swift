import NeuralNetworks
import Support
import Tensors

/// Residual networks (He et al., CVPR 2016): those for small images with three stages and depth 6n + 2, and the five for
/// ImageNet with four stages, which are torchvision's at 224 pixels.
///
/// Shortcuts that change the size are 1×1 convolutions (option B), named as torchvision names them, or with `shortcut:
/// pad` of the networks for small images zero-padded (option A), without parameters. ResNet-20 for three colours and ten
/// classes has 272,474 parameters, with option A 269,722.
public final class ResNet: Network {
  /// Depths of the networks for small images: 6n + 2.
  public static let depths = [8, 14, 20, 26, 32, 44, 56, 110]

  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1`, every block, the stages `layer1` …, `avgpool`, `fc`.
  public let probePoints: [ProbePoint]
  private let stem: NormalizedConvolution
  private let poolsAfterStem: Bool
  private let stages: [[any ResidualBlock]]
  private let classifier: Linear

  /// A network for small images.
  ///
  /// - Parameters:
  ///   - depth: 6n + 2.
  ///   - specification: classes and input size.
  ///   - initialiser: gives the weights.
  public convenience init(depth: Int, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.init(.small(depth: depth), specification, initialiser)
  }

  init(_ plan: ResNetPlan, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.specification = specification
    var list = LayerList(specification)
    let isLarge = plan.stem == .large
    stem = NormalizedConvolution(
      specification.channels, plan.stemChannels, kernel: isLarge ? 7 : 3, stride: isLarge ? 2 : 1,
      padding: isLarge ? 3 : 1, initialiser)
    list.convolution("conv1", stem.convolution, normalization: "bn1")
    list.point("conv1")
    poolsAfterStem = isLarge
    if isLarge { list.pooled(to: (list.height - 1) / 2 + 1, (list.width - 1) / 2 + 1, window: 3) }
    var stages: [[any ResidualBlock]] = []
    for (stage, width) in plan.widths.enumerated() {
      var blocks: [any ResidualBlock] = []
      for index in 0..<plan.counts[stage] {
        let stride = stage > 0 && index == 0 ? 2 : 1
        let block: any ResidualBlock =
          plan.hasBottlenecks
          ? Bottleneck(list.channels, width, stride: stride, initialiser)
          : BasicBlock(list.channels, width, stride: stride, pads: plan.padsShortcuts, initialiser)
        block.describe("layer\(stage + 1).\(index)", &list)
        blocks.append(block)
      }
      list.point("layer\(stage + 1)", recommended: true)
      stages.append(blocks)
    }
    self.stages = stages
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images, pass, as: ["conv1"])
    if poolsAfterStem, !pass.isDone { x = maxPooling(x, size: 3, stride: 2, padding: 1) }
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        if pass.isDone { return x }
        let name = "layer\(stage + 1)"
        x = block(x, pass, as: ["\(name).\(index)"] + (index == blocks.count - 1 ? [name] : []))
      }
    }
    return classified(x, pass, by: classifier)
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
