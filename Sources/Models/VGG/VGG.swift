import NeuralNetworks
import Support
import Tensors

/// VGG networks (Simonyan & Zisserman, ICLR 2015, configurations A, B, D, E) and VGG-8 (Tian et al., ICLR 2020).
///
/// Layout `torchvision`: five halvings, three fully connected layers. From 224 to 255 pixels, which the halvings leave
/// at 7×7, it is torchvision's network exactly (fully connected width 4096); at all other sizes pooling goes to 1×1 and
/// the width is 512, unless option `grid` says otherwise. `fc1`, `fc2` and `fc3` are `classifier.0`, `.3` and `.6`.
///
/// Layout `repdistiller`: three halvings (four from 64 pixels on), a global mean and one linear layer, as the networks
/// of distillation studies on 32 pixels have; option `hidden` puts three fully connected layers in its place.
public final class VGG: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// Every convolution (`features.0` …, or `block0.0` … and `block0` …), then the fully connected layers.
  public let probePoints: [ProbePoint]
  private let units: [VGGUnit]
  private let head: VGGHead

  /// - Parameters:
  ///   - depth: 8, 11, 13, 16 or 19.
  ///   - specification: classes, input size, options `layout`, `grid`, `batch-norm`, `width`, `hidden`, `dropout`.
  ///   - initialiser: gives the weights.
  ///   - place: where the model is named, for the error line.
  /// - Throws: ``InputError`` if the images are smaller than what the poolings divide by.
  public init(depth: Int, _ specification: ModelSpecification, _ initialiser: Initialiser, at place: String) throws {
    let plan = VGGPlan(depth: depth, specification)
    guard min(specification.height, specification.width) >= plan.smallest else {
      throw InputError(
        place,
        "\(specification.name) halves its input \(plan.halvings) times, and "
          + "\(specification.height)×\(specification.width) pixels are too few",
        remedy: "use images of at least \(plan.smallest)×\(plan.smallest)")
    }
    self.specification = specification
    var list = LayerList(specification)
    units = plan.convolutions.map { step in
      let unit = VGGUnit(step, inputs: list.channels, isNormalized: plan.isNormalized, initialiser)
      unit.describe(&list)
      if step.poolsAfter { list.pooled(to: list.height / 2, list.width / 2) }
      return unit
    }
    head = VGGHead(plan, &list, initialiser)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = images
    for unit in units {
      if pass.isDone { return x }
      x = unit(x, pass)
      if unit.step.poolsAfter { x = maxPooling(x, size: 2) }
    }
    return pass.isDone ? x : head(x, pass)
  }

  /// `features.0 … classifier.0 classifier.3 classifier.6`, or `block0.0 … classifier`.
  public func visit(_ visitor: ParameterVisitor) {
    for unit in units { unit.visit(visitor) }
    head.visit(visitor)
  }
}
