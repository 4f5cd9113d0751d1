import NeuralNetworks
import Support
import Tensors

/// VGG-11 without batch normalisation (Simonyan & Zisserman, ICLR 2015, configuration A), torchvision's layer names.
///
/// From 224 to 255 pixels, which five halvings leave at 7×7, it is torchvision's network exactly (fully connected width
/// 4096); at all other sizes pooling goes to 1×1 and the width is 512. `fc1`, `fc2` and `fc3` are `classifier.0`, `.3` and `.6`.
public final class VGG11: Network {
  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// Every convolution (`features.0` …), `fc1`, `fc2`, `fc3`, and the same under torchvision's names.
  public let probePoints: [ProbePoint]
  private let convolutions: [(name: String, layer: Convolution2D, poolsAfter: Bool)]
  private let fullyConnected: [Linear]
  private let dropout: Float
  private let keepsGrid: Bool

  private static let plan: [(index: Int, outputs: Int, poolsAfter: Bool)] = [
    (0, 64, true), (3, 128, true), (6, 256, false), (8, 256, true), (11, 512, false), (13, 512, true),
    (16, 512, false), (18, 512, true),
  ]

  /// - Parameters:
  ///   - specification: classes, input size, option `dropout`.
  ///   - initialiser: gives the weights.
  ///   - place: where the model is named, for the error line.
  /// - Throws: ``InputError`` if the images are smaller than 32 pixels: five poolings halve them.
  public init(_ specification: ModelSpecification, _ initialiser: Initialiser, at place: String) throws {
    guard min(specification.height, specification.width) >= 32 else {
      throw InputError(
        place,
        "vgg11 halves its input five times, and \(specification.height)×\(specification.width) pixels are too few",
        remedy: "use images of at least 32×32")
    }
    self.specification = specification
    var list = LayerList(specification)
    var convolutions: [(name: String, layer: Convolution2D, poolsAfter: Bool)] = []
    for (index, outputs, poolsAfter) in VGG11.plan {
      let layer = Convolution2D(list.channels, outputs, kernel: 3, padding: 1, bias: true, initialiser)
      list.convolution("features.\(index)", layer)
      list.point("features.\(index)", recommended: index == 18)
      if poolsAfter { list.pooled(to: list.height / 2, list.width / 2) }
      convolutions.append((name: "features.\(index)", layer: layer, poolsAfter: poolsAfter))
    }
    self.convolutions = convolutions
    let keepsGrid = list.height == 7 && list.width == 7
    self.keepsGrid = keepsGrid
    let width = keepsGrid ? 4096 : 512
    let flat = keepsGrid ? 512 * 49 : 512
    fullyConnected = zip([flat, width, width], [width, width, specification.classes]).map { inputs, outputs in
      // torchvision's 0.01 suits its wide layers; narrow ones would start with vanishing features.
      let deviation = keepsGrid ? 0.01 : (2 / Float(inputs)).squareRoot()
      return Linear(weight: initialiser.normal([outputs, inputs], deviation: deviation), bias: .zeros([outputs]))
    }
    for (index, layer) in fullyConnected.enumerated() {
      list.linear("classifier.\(3 * index)", layer, hasRelu: index < 2)
      list.alias("fc\(index + 1)")
    }
    if case .number(let rate)? = specification.options["dropout"] { dropout = Float(rate) } else { dropout = 0.5 }
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = images
    for (name, layer, poolsAfter) in convolutions {
      if pass.isDone { return x }
      x = layer.activated(x, pass, as: [name])
      if poolsAfter { x = maxPooling(x, size: 2) }
    }
    if pass.isDone { return x }
    // PyTorch flattens [C, H, W], so the first fully connected layer's inputs are in that order.
    x = keepsGrid ? x.permuted([0, 3, 1, 2]).reshaped([x.shape[0], 512 * 49]) : globalAveragePooling(x)
    for (index, layer) in fullyConnected.enumerated() {
      if pass.isDone { return x }
      let names = ["fc\(index + 1)", "classifier.\(3 * index)"]
      let output = layer(x)
      guard index < 2 else {
        pass.offer(output, as: names, preActivation: true)
        pass.offer(output, as: names)
        return output
      }
      x = pass.activated(output, as: names)
      if pass.mode == .training { x = x.dropout(rate: dropout, random: pass.nextRandom()) }
    }
    return x
  }

  /// `features.0 … features.18 classifier.0 classifier.3 classifier.6`.
  public func visit(_ visitor: ParameterVisitor) {
    for (name, layer, _) in convolutions { visitor.visit(name, layer) }
    for (index, layer) in fullyConnected.enumerated() { visitor.visit("classifier.\(3 * index)", layer) }
  }
}
