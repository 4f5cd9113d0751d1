import NeuralNetworks
import Support
import Tensors

/// MobileNetV2 (Sandler et al., CVPR 2018): torchvision's network, and RepDistiller's for 32 pixels.
///
/// RepDistiller's halves its input four times instead of five, has plain ReLUs, a widening convolution in the first
/// block too, no dropout, and channels that are cut off rather than rounded to multiples of eight.
public final class MobileNetV2: Network {
  /// Whose network it is.
  enum Style: Sendable {
    case torchvision
    case repdistiller

    var rectifier: NormalizedConvolution.Rectifier { self == .torchvision ? .relu6 : .relu }
  }

  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// The stem, every block, the last convolution, `avgpool`, `fc`; ends of stages are recommended.
  public let probePoints: [ProbePoint]
  private let style: Style
  private let stem: NormalizedConvolution
  private let blocks: [(name: String, stage: String?, block: InvertedResidual)]
  private let last: NormalizedConvolution
  private let classifier: Linear
  private let dropout: Float
  private let names: (stem: String, last: String, classifier: String)

  /// Expansion, channels, number of blocks and stride of each stage (table 2 of the paper).
  private static let stages = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
  ]
  /// Stages whose end is recommended: the last of each size.
  private static let recommended: Set = [1, 2, 4, 6]

  init(_ style: Style, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.specification = specification
    self.style = style
    let isTorchvision = style == .torchvision
    let factor = specification.number("width") ?? (isTorchvision ? 1 : 0.5)
    func channels(_ count: Int) -> Int {
      isTorchvision ? MobileNetV2.divisible(Double(count) * factor) : Int(Double(count) * factor)
    }
    names = isTorchvision ? ("features.0", "features.18", "classifier.1") : ("conv1", "conv2", "classifier.0")
    var list = LayerList(specification)
    stem = NormalizedConvolution(
      specification.channels, channels(32), stride: 2, rectifier: style.rectifier, initialiser)
    list.convolution("\(names.stem).0", stem.convolution, normalization: "\(names.stem).1")
    list.point(names.stem)
    var blocks: [(name: String, stage: String?, block: InvertedResidual)] = []
    for (stage, (expansion, width, count, stride)) in MobileNetV2.stages.enumerated() {
      for index in 0..<count {
        let step = index > 0 || (stage == 1 && !isTorchvision) ? 1 : stride
        let block = InvertedResidual(
          list.channels, channels(width), stride: step, expansion: expansion, style, initialiser)
        let name = isTorchvision ? "features.\(blocks.count + 1)" : "blocks.\(stage).\(index)"
        let isLast = index == count - 1
        block.describe(name, &list)
        let end = isLast && !isTorchvision ? "blocks.\(stage)" : nil
        if let end { list.alias(end) }
        if isLast, MobileNetV2.recommended.contains(stage) { list.recommend(name) }
        blocks.append((name: name, stage: end, block: block))
      }
    }
    self.blocks = blocks
    let width = isTorchvision ? channels(1280) : 1280
    last = NormalizedConvolution(
      list.channels, max(width, 1280), kernel: 1, padding: 0, rectifier: style.rectifier, initialiser)
    list.convolution("\(names.last).0", last.convolution, normalization: "\(names.last).1")
    list.point(names.last, recommended: true)
    list.vector("avgpool")
    classifier = Linear(
      weight: initialiser.normal([specification.classes, list.channels], deviation: 0.01),
      bias: .zeros([specification.classes]))
    list.linear(names.classifier, classifier, hasRelu: false)
    list.alias("fc")
    dropout = Float(specification.number("dropout") ?? (isTorchvision ? 0.2 : 0))
    layers = list.layers
    probePoints = list.probePoints
  }

  /// The nearest multiple of eight, unless it would lose more than a tenth; at least eight.
  private static func divisible(_ channels: Double) -> Int {
    let nearest = max(8, Int(channels + 4) / 8 * 8)
    return Double(nearest) < 0.9 * channels ? nearest + 8 : nearest
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images, pass, as: [names.stem])
    for (name, stage, block) in blocks {
      if pass.isDone { return x }
      x = block(x, pass, as: [name] + (stage.map { [$0] } ?? []))
    }
    if pass.isDone { return x }
    x = last(x, pass, as: [names.last])
    return classified(x, pass, by: classifier, as: ["fc", names.classifier], dropout: dropout)
  }

  /// `features.0 … features.18 classifier.1`, or `conv1 blocks.K.J.… conv2 classifier.0`.
  public func visit(_ visitor: ParameterVisitor) {
    stem.visit(visitor, convolution: "\(names.stem).0", normalization: "\(names.stem).1")
    for (name, _, block) in blocks { visitor.visit(name, block) }
    last.visit(visitor, convolution: "\(names.last).0", normalization: "\(names.last).1")
    visitor.visit(names.classifier, classifier)
  }
}

extension ModelFamily {
  /// `mobilenet-v2` and RepDistiller's `mobilenet-v2-small`.
  static let mobile = ModelFamily(
    title: "MobileNets",
    entries: [
      CatalogEntry(
        "mobilenet-v2", "MobileNetV2 for 224 pixels, torchvision's network; five halvings at every size",
        paper: "Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018",
        options: [
          OptionDescription(
            "width", .number(0.1...2), default: .number(1),
            "factor of all channels, rounded to multiples of 8"),
          OptionDescription(
            "dropout", .number(0...0.95), default: .number(0.2),
            "share of the last features set to zero in training"),
        ]),
      CatalogEntry(
        "mobilenet-v2-small", "MobileNetV2 for 32 pixels, four halvings, half the width as in distillation studies",
        paper: "Tian et al., Contrastive Representation Distillation, ICLR 2020; after Sandler et al., CVPR 2018",
        options: [
          OptionDescription(
            "width", .number(0.125...2), default: .number(0.5), "factor of all channels but the last 1280")
        ]),
    ],
    ends: [("features.0.0.weight", "classifier.1.weight"), ("conv1.0.weight", "classifier.0.weight")],
    guess: { file in
      let isTorchvision = file.model == "mobilenet-v2"
      let channels = file.shape(isTorchvision ? "features.0.0.weight" : "conv1.0.weight")?.first ?? 32
      // Nearby factors round to the same first channels; the comparison of shapes says if it was another one.
      let width = min(2, max(0.125, Double(channels) / 32))
      return (["width": .number(width)], isTorchvision ? 224 : 32)
    },
    build: { specification, initialiser, _ in
      MobileNetV2(specification.name == "mobilenet-v2" ? .torchvision : .repdistiller, specification, initialiser)
    })
}
