import NeuralNetworks
import Support
import Tensors

/// AlexNet with one tower (Krizhevsky, arXiv 1404.5997), torchvision's layer names; five convolutions, three fully
/// connected layers.
///
/// From 128 pixels on it is torchvision's network, with a 6×6 grid before the linear layers and a width of 4096. Below,
/// as usual for CIFAR, the first convolution is 3×3 with stride 2, the second 3×3, all maxima are over 2×2, the grid is
/// 2×2 and the width 512.
public final class AlexNet: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// The convolutions `features.0` …, then `fc1`, `fc2`, `fc3`, and the same under torchvision's names.
  public let probePoints: [ProbePoint]
  private let convolutions: [(name: String, layer: Convolution2D, poolsAfter: Bool)]
  private let linears: [(names: [String], layer: Linear)]
  private let isLarge: Bool
  private let dropout: Float

  /// Height and width of the smallest images behind the small stem, and behind the large one.
  static let smallest = (small: 15, large: 63)

  /// - Parameters:
  ///   - specification: classes, input size, options `stem`, `hidden`, `dropout`.
  ///   - initialiser: gives the weights.
  ///   - place: where the model is named, for the error line.
  /// - Throws: ``InputError`` for images that are too small.
  public init(_ specification: ModelSpecification, _ initialiser: Initialiser, at place: String) throws {
    isLarge = specification.hasLargeImages
    try specification.require(isLarge ? AlexNet.smallest.large : AlexNet.smallest.small, at: place)
    self.specification = specification
    dropout = Float(specification.number("dropout") ?? 0.5)
    var list = LayerList(specification)
    var convolutions: [(name: String, layer: Convolution2D, poolsAfter: Bool)] = []
    for (index, outputs, poolsAfter) in [
      (0, 64, true), (3, 192, true), (6, 384, false), (8, 256, false), (10, 256, true),
    ] {
      let kernel = isLarge ? [0: 11, 3: 5][index] ?? 3 : 3
      let layer = Convolution2D(
        list.channels, outputs, kernel: kernel, stride: index > 0 ? 1 : isLarge ? 4 : 2,
        padding: index == 0 && isLarge ? 2 : kernel / 2, bias: true, initialiser)
      list.convolution("features.\(index)", layer)
      list.point("features.\(index)", recommended: index == 10)
      if poolsAfter {
        let size = isLarge ? 3 : 2
        list.pooled(to: (list.height - size) / 2 + 1, (list.width - size) / 2 + 1, window: size)
      }
      convolutions.append((name: "features.\(index)", layer: layer, poolsAfter: poolsAfter))
    }
    self.convolutions = convolutions
    let hidden = specification.integer("hidden") ?? (isLarge ? 4096 : 512)
    let widths = [list.channels * (isLarge ? 36 : 4), hidden, hidden, specification.classes]
    linears = zip(widths, widths.dropFirst()).enumerated().map { index, extents in
      let layer = Linear(extents.0, extents.1, initialiser)
      let names = ["fc\(index + 1)", "classifier.\([1, 4, 6][index])"]
      list.linear(names[1], layer, hasRelu: index < 2)
      list.alias(names[0])
      return (names: names, layer: layer)
    }
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = images
    for (name, layer, poolsAfter) in convolutions {
      if pass.isDone { return x }
      x = layer.activated(x, pass, as: [name])
      if poolsAfter { x = maxPooling(x, size: isLarge ? 3 : 2, stride: 2) }
    }
    if pass.isDone { return x }
    x = adaptiveAveragePooling(x, to: isLarge ? 6 : 2)
    x = flattened(x)
    for (index, (names, layer)) in linears.enumerated() {
      if pass.isDone { return x }
      if index < 2, dropout > 0, pass.mode == .training { x = x.dropout(rate: dropout, random: pass.nextRandom()) }
      let output = layer(x)
      if index == 2 {
        pass.offer(output, as: names)
        return output
      }
      x = pass.activated(output, as: names)
    }
    return x
  }

  /// `features.0 … features.10 classifier.1 classifier.4 classifier.6`.
  public func visit(_ visitor: ParameterVisitor) {
    for (name, layer, _) in convolutions { visitor.visit(name, layer) }
    for (names, layer) in linears { visitor.visit(names[1], layer) }
  }
}

extension ModelFamily {
  /// `alexnet`.
  static let alex = ModelFamily(
    title: "AlexNet",
    entries: [
      CatalogEntry(
        "alexnet", "AlexNet; torchvision's network from 128 pixels on, a 3×3 stem and a narrow head below",
        paper: "Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, arXiv 1404.5997",
        options: [
          .stem(small: "3×3 kernels, 2×2 maxima, a 2×2 grid before the linear layers"),
          OptionDescription(
            "hidden", .integer(4...16_384),
            "width of the two hidden linear layers; without it 4096 behind the large stem, 512 behind the small one"),
          OptionDescription(
            "dropout", .number(0...0.95), default: .number(0.5),
            "share of fully connected features set to zero in training"),
        ])
    ],
    ends: [("features.0.weight", "classifier.6.weight")],
    guess: { file in
      let isLarge = file.shape("features.0.weight")?.last == 11
      let hidden = file.shape("classifier.6.weight")?.last.map { min(16_384, max(4, $0)) }
      guard let hidden, hidden != (isLarge ? 4096 : 512) else { return ([:], isLarge ? 224 : 32) }
      return (["hidden": .number(Double(hidden))], isLarge ? 224 : 32)
    },
    build: { specification, initialiser, place in try AlexNet(specification, initialiser, at: place) })
}
