import NeuralNetworks
import Support
import Tensors

/// One unit of ShuffleNetV2 (Ma et al., ECCV 2018, figure 3): half of the channels passes, the other half goes through a
/// 1×1, a 3×3 per channel and a 1×1 convolution; with stride 2 all channels go through both branches. Then a shuffle.
final class SplitUnit: Module {
  private let left: [NormalizedConvolution]
  private let right: [NormalizedConvolution]

  init(_ inputs: Int, _ outputs: Int, halves: Bool, _ initialiser: Initialiser) {
    let width = outputs / 2
    func pointwise(_ inputs: Int) -> NormalizedConvolution {
      NormalizedConvolution(inputs, width, kernel: 1, padding: 0, initialiser)
    }
    func depthwise(_ channels: Int) -> NormalizedConvolution {
      NormalizedConvolution(channels, channels, stride: halves ? 2 : 1, groups: channels, initialiser)
    }
    left = halves ? [depthwise(inputs), pointwise(inputs)] : []
    right = [pointwise(halves ? inputs : width), depthwise(width), pointwise(width)]
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    // What passes is never negative, so one ReLU of the whole is right where the feature before it is wanted.
    let wantsSum = pass.wantsPreActivation(of: layers)
    let half = x.shape[3] / 2
    let passing: Tensor
    if left.isEmpty {
      passing = x.slice(0..<half, alongAxis: 3)
    } else {
      passing = left[1](left[0](x, pass, relu: false), pass, relu: !wantsSum)
    }
    var branch = right[0](left.isEmpty ? x.slice(half..<2 * half, alongAxis: 3) : x, pass)
    branch = right[2](right[1](branch, pass, relu: false), pass, relu: !wantsSum)
    let joined = channelShuffle(concatenated([passing, branch], alongAxis: 3), groups: 2)
    if wantsSum { return pass.activated(joined, as: layers) }
    pass.offer(joined, as: layers)
    return joined
  }

  func describe(_ name: String, _ list: inout LayerList) {
    let channels = list.channels
    let (height, width) = (list.height, list.width)
    for (place, unit) in left.enumerated() {
      list.convolution(
        "\(name).branch1.\(2 * place)", unit.convolution, normalization: "\(name).branch1.\(2 * place + 1)")
    }
    let passing = left.isEmpty ? channels / 2 : list.channels
    list.restart(height, width, channels: left.isEmpty ? channels / 2 : channels)
    for (unit, place) in zip(right, [0, 3, 5]) {
      list.convolution("\(name).branch2.\(place)", unit.convolution, normalization: "\(name).branch2.\(place + 1)")
    }
    list.joined(with: passing)
    list.point(name)
  }

  func visit(_ visitor: ParameterVisitor) {
    for (place, unit) in left.enumerated() {
      unit.visit(visitor, convolution: "branch1.\(2 * place)", normalization: "branch1.\(2 * place + 1)")
    }
    for (unit, place) in zip(right, [0, 3, 5]) {
      unit.visit(visitor, convolution: "branch2.\(place)", normalization: "branch2.\(place + 1)")
    }
  }
}

/// ShuffleNetV2 (Ma et al., ECCV 2018): torchvision's network behind the large stem; RepDistiller's for 32 pixels behind
/// the small one, a 1×1 convolution, with torchvision's names.
///
/// The feature before a unit's ReLU is shuffled like the one after it.
public final class ShuffleNetV2: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1`, every unit, the stages `stage2` … `stage4`, `conv5`, `avgpool`, `fc`.
  public let probePoints: [ProbePoint]
  private let isLarge: Bool
  private let stem: NormalizedConvolution
  private let stages: [[SplitUnit]]
  private let last: NormalizedConvolution
  private let classifier: Linear

  /// Channels of the three stages and of the last convolution, by factor (table 5 of the paper).
  static let widths = [
    "0.5": [48, 96, 192, 1024], "1.0": [116, 232, 464, 1024], "1.5": [176, 352, 704, 1024],
    "2.0": [244, 488, 976, 2048],
  ]

  init(factor: String, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    guard let widths = ShuffleNetV2.widths[factor] else { preconditionFailure("ShuffleNetV2: factor \(factor)") }
    self.specification = specification
    isLarge = specification.hasLargeImages
    var list = LayerList(specification)
    stem = NormalizedConvolution(
      specification.channels, 24, kernel: isLarge ? 3 : 1, stride: isLarge ? 2 : 1, padding: isLarge ? 1 : 0,
      initialiser)
    list.convolution("conv1.0", stem.convolution, normalization: "conv1.1")
    list.point("conv1")
    if isLarge { list.pooled(to: (list.height - 1) / 2 + 1, (list.width - 1) / 2 + 1, window: 3) }
    var stages: [[SplitUnit]] = []
    for (stage, count) in [4, 8, 4].enumerated() {
      var units: [SplitUnit] = []
      for index in 0..<count {
        let unit = SplitUnit(list.channels, widths[stage], halves: index == 0, initialiser)
        unit.describe("stage\(stage + 2).\(index)", &list)
        units.append(unit)
      }
      list.point("stage\(stage + 2)", recommended: true)
      stages.append(units)
    }
    self.stages = stages
    last = NormalizedConvolution(list.channels, widths[3], kernel: 1, padding: 0, initialiser)
    list.convolution("conv5.0", last.convolution, normalization: "conv5.1")
    list.point("conv5", recommended: true)
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images, pass, as: ["conv1"])
    if isLarge, !pass.isDone { x = maxPooling(x, size: 3, stride: 2, padding: 1) }
    for (stage, units) in stages.enumerated() {
      for (index, unit) in units.enumerated() {
        if pass.isDone { return x }
        let name = "stage\(stage + 2)"
        x = unit(x, pass, as: ["\(name).\(index)"] + (index == units.count - 1 ? [name] : []))
      }
    }
    if pass.isDone { return x }
    return classified(last(x, pass, as: ["conv5"]), pass, by: classifier)
  }

  /// `conv1 stageK.J.… conv5 fc`.
  public func visit(_ visitor: ParameterVisitor) {
    stem.visit(visitor, convolution: "conv1.0", normalization: "conv1.1")
    for (stage, units) in stages.enumerated() {
      for (index, unit) in units.enumerated() { visitor.visit("stage\(stage + 2).\(index)", unit) }
    }
    last.visit(visitor, convolution: "conv5.0", normalization: "conv5.1")
    visitor.visit("fc", classifier)
  }
}
