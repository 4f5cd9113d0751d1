import NeuralNetworks
import Support
import Tensors

/// Wide residual networks WRN-d-w (Zagoruyko & Komodakis, BMVC 2016): three stages of (d − 4) / 6 pre-activation blocks
/// with 16w, 32w and 64w channels; names of layers as in RepDistiller.
///
/// Features before and after a ReLU are to be had at the normalisations: `block2.layer.0.bn1` is what the first stage
/// gives, normalised, and `bn1` the last map before the global mean. `block1` … `block3` are the plain sums, without a
/// ReLU.
public final class WideResNet: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1`, of every block `bn1`, `bn2` and the sum, the stages `block1` … `block3`, `bn1`, `avgpool`, `fc`.
  public let probePoints: [ProbePoint]
  private let stem: Convolution2D
  private let stages: [[WideBlock]]
  private let normalization: BatchNormalization2D
  private let classifier: Linear

  /// - Parameters:
  ///   - depth: 6n + 4.
  ///   - factor: of the channels.
  ///   - specification: classes, input size, option `dropout`.
  ///   - initialiser: gives the weights.
  public init(depth: Int, factor: Int, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    precondition(depth >= 10 && (depth - 4) % 6 == 0 && factor > 0, "WRN-\(depth)-\(factor): depth is not 6n + 4")
    self.specification = specification
    var list = LayerList(specification)
    stem = Convolution2D(specification.channels, 16, kernel: 3, padding: 1, initialiser)
    list.convolution("conv1", stem)
    list.point("conv1", hasRelu: false)
    let dropout = Float(specification.number("dropout") ?? 0)
    var stages: [[WideBlock]] = []
    for stage in 0..<3 {
      var blocks: [WideBlock] = []
      for index in 0..<(depth - 4) / 6 {
        let block = WideBlock(
          list.channels, factor * 16 << stage, stride: stage > 0 && index == 0 ? 2 : 1, dropout: dropout, initialiser)
        block.describe("block\(stage + 1).layer.\(index)", &list)
        blocks.append(block)
      }
      list.point("block\(stage + 1)", hasRelu: false, recommended: true)
      stages.append(blocks)
    }
    self.stages = stages
    normalization = BatchNormalization2D(list.channels)
    list.normalization("bn1", normalization)
    list.point("bn1", recommended: true)
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = stem(images)
    pass.offer(x, as: ["conv1"])
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        if pass.isDone { return x }
        let name = "block\(stage + 1)"
        x = block(x, pass, as: ["\(name).layer.\(index)"] + (index == blocks.count - 1 ? [name] : []))
      }
    }
    if pass.isDone { return x }
    return classified(normalization.activated(x, pass, as: ["bn1"]), pass, by: classifier)
  }

  /// `conv1 blockK.layer.J.… bn1 fc`.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("conv1", stem)
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() { visitor.visit("block\(stage + 1).layer.\(index)", block) }
    }
    visitor.visit("bn1", normalization)
    visitor.visit("fc", classifier)
  }
}

extension ModelFamily {
  /// `wrn-16-1`, `wrn-40-2` and all others.
  static let wide = ModelFamily(
    title: "wide residual networks wrn-DEPTH-FACTOR, any depth 6n+4, any factor from 1 to 16",
    entries: [(10, 1), (16, 1), (16, 2), (16, 4), (22, 4), (28, 10), (40, 1), (40, 2), (40, 4)].map(wideEntry),
    unlisted: { name in wideExtents(name).flatMap { isWide($0) ? wideEntry($0) : nil } },
    refusal: { name in
      wideExtents(name).map { depth, factor in
        (
          "there is no WRN-\(depth)-\(factor)",
          "depths are 6n+4 from 10 to 100, such as 16, 22, 28, 40; factors are 1 to 16"
        )
      }
    },
    sizes: { shape in
      guard let width = shape("block1.layer.0.conv1.weight")?.first, width > 0, width % 16 == 0 else { return [] }
      let blocks = (0..<17).prefix { shape("block1.layer.\($0).conv1.weight") != nil }.count
      let name = "wrn-\(6 * blocks + 4)-\(width / 16)"
      return wideExtents(name).map(isWide) == true ? [name] : []
    },
    build: { specification, initialiser, _ in
      guard let (depth, factor) = wideExtents(specification.name) else {
        preconditionFailure("no wide ResNet: \(specification.name)")
      }
      return WideResNet(depth: depth, factor: factor, specification, initialiser)
    })

  private static func wideExtents(_ name: String) -> (Int, Int)? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0] == "wrn", let depth = number(in: parts[1], after: ""),
      let factor = number(in: parts[2], after: ""), String(depth) == parts[1], String(factor) == parts[2]
    else { return nil }
    return (depth, factor)
  }

  private static func isWide(_ extents: (Int, Int)) -> Bool {
    10...100 ~= extents.0 && (extents.0 - 4) % 6 == 0 && 1...16 ~= extents.1
  }

  private static func wideEntry(_ extents: (Int, Int)) -> CatalogEntry {
    CatalogEntry(
      "wrn-\(extents.0)-\(extents.1)",
      "wide residual network for small images, \(extents.0) layers, "
        + "\(16 * extents.1)/\(32 * extents.1)/\(64 * extents.1) channels, pre-activation",
      paper: "Zagoruyko & Komodakis, Wide Residual Networks, BMVC 2016",
      options: [
        OptionDescription(
          "dropout", .number(0...0.95), default: .number(0),
          "share of features between a block's convolutions set to zero in training")
      ])
  }
}
