import NeuralNetworks
import Support
import Tensors

/// One unit of ShuffleNet: grouped 1×1, shuffle, 3×3 per channel, grouped 1×1 (Zhang et al., CVPR 2018, figure 2).
///
/// With stride 2 the input's mean over 3×3 windows is laid beside the branch, else the input is added to it.
final class ShuffleUnit: Module {
  private let units: [NormalizedConvolution]
  private let groups: Int
  private let halves: Bool

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output, the input's beside it with stride 2.
  ///   - halves: whether the stride is 2.
  ///   - firstGroups: groups of the first convolution; the few channels of the stem are not divided.
  ///   - groups: groups of the last convolution.
  ///   - initialiser: gives the weights.
  init(
    _ inputs: Int, _ outputs: Int, halves: Bool, firstGroups: Int, groups: Int, _ initialiser: Initialiser
  ) {
    let own = halves ? outputs - inputs : outputs
    let middle = own / 4
    self.groups = firstGroups
    self.halves = halves
    units = [
      NormalizedConvolution(inputs, middle, kernel: 1, padding: 0, groups: firstGroups, initialiser),
      NormalizedConvolution(middle, middle, stride: halves ? 2 : 1, groups: middle, initialiser),
      NormalizedConvolution(middle, own, kernel: 1, padding: 0, groups: groups, initialiser),
    ]
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    let shuffled = channelShuffle(units[0](x, pass), groups: groups)
    let hidden = units[1](shuffled, pass)
    guard halves else { return units[2](hidden, pass, residual: x, as: layers) }
    let branch = units[2](hidden, pass, relu: false)
    let beside = averagePooling(x, size: 3, stride: 2, padding: 1)
    return pass.activated(concatenated([branch, beside], alongAxis: 3), as: layers)
  }

  func describe(_ name: String, _ list: inout LayerList) {
    let inputs = list.channels
    for (index, unit) in units.enumerated() {
      list.convolution("\(name).conv\(index + 1)", unit.convolution, normalization: "\(name).bn\(index + 1)")
    }
    if halves { list.joined(with: inputs) }
    list.point(name)
  }

  func visit(_ visitor: ParameterVisitor) {
    for (index, unit) in units.enumerated() {
      unit.visit(visitor, convolution: "conv\(index + 1)", normalization: "bn\(index + 1)")
    }
  }
}

/// ShuffleNet with three groups for small images, as RepDistiller has it: a 1×1 stem and no pooling before the stages.
public final class ShuffleNetV1: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1`, every unit, the stages `layer1` … `layer3`, `avgpool`, `linear` and `fc`.
  public let probePoints: [ProbePoint]
  private let stem: NormalizedConvolution
  private let stages: [[ShuffleUnit]]
  private let classifier: Linear

  /// - Parameters:
  ///   - specification: classes and input size.
  ///   - initialiser: gives the weights.
  public init(_ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.specification = specification
    var list = LayerList(specification)
    stem = NormalizedConvolution(specification.channels, 24, kernel: 1, padding: 0, initialiser)
    list.convolution("conv1", stem.convolution, normalization: "bn1")
    list.point("conv1")
    var stages: [[ShuffleUnit]] = []
    for (stage, (width, count)) in [(240, 4), (480, 8), (960, 4)].enumerated() {
      var units: [ShuffleUnit] = []
      for index in 0..<count {
        let isFirst = stage == 0 && index == 0
        let unit = ShuffleUnit(
          list.channels, width, halves: index == 0, firstGroups: isFirst ? 1 : 3, groups: 3, initialiser)
        unit.describe("layer\(stage + 1).\(index)", &list)
        units.append(unit)
      }
      list.point("layer\(stage + 1)", recommended: true)
      stages.append(units)
    }
    self.stages = stages
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("linear", classifier, hasRelu: false)
    list.alias("fc")
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images, pass, as: ["conv1"])
    for (stage, units) in stages.enumerated() {
      for (index, unit) in units.enumerated() {
        if pass.isDone { return x }
        let name = "layer\(stage + 1)"
        x = unit(x, pass, as: ["\(name).\(index)"] + (index == units.count - 1 ? [name] : []))
      }
    }
    return classified(x, pass, by: classifier, as: ["fc", "linear"])
  }

  /// `conv1 bn1 layerK.J.… linear`.
  public func visit(_ visitor: ParameterVisitor) {
    stem.visit(visitor, convolution: "conv1", normalization: "bn1")
    for (stage, units) in stages.enumerated() {
      for (index, unit) in units.enumerated() { visitor.visit("layer\(stage + 1).\(index)", unit) }
    }
    visitor.visit("linear", classifier)
  }
}
