import NeuralNetworks
import Tensors

/// Gathers the layer table and the probe points while a network is built.
struct LayerList {
  private(set) var layers: [LayerDescription] = []
  private(set) var probePoints: [ProbePoint] = []
  private(set) var height: Int
  private(set) var width: Int
  private(set) var channels: Int

  init(_ specification: ModelSpecification) {
    height = specification.height
    width = specification.width
    channels = specification.channels
  }

  var output: Shape { [height, width, channels] }

  /// A convolution with its normalisation or bias; advances the size unless it is a shortcut.
  mutating func convolution(
    _ name: String, _ layer: Convolution2D, normalization: String? = nil, isShortcut: Bool = false
  ) {
    let weight = layer.weight.tensor.shape
    let outputHeight = (height + 2 * layer.padding - weight[2]) / layer.stride + 1
    let outputWidth = (width + 2 * layer.padding - weight[3]) / layer.stride + 1
    let shape: Shape = isShortcut ? output : [outputHeight, outputWidth, weight[0]]
    layers.append(
      LayerDescription(
        name: name,
        kind: "convolution \(weight[2])×\(weight[3])" + (layer.stride > 1 ? ", stride \(layer.stride)" : ""),
        output: shape, parameters: layer.parameterCount,
        multiplications: weight.count * shape[0] * shape[1], isWeighted: true))
    if let normalization {
      layers.append(
        LayerDescription(
          name: normalization, kind: "batch normalisation", output: shape, parameters: 2 * weight[0],
          multiplications: 0, isWeighted: false))
    }
    if !isShortcut { (height, width, channels) = (outputHeight, outputWidth, weight[0]) }
  }

  mutating func pooled(to newHeight: Int, _ newWidth: Int) { (height, width) = (newHeight, newWidth) }

  mutating func linear(_ name: String, _ layer: Linear, hasRelu: Bool) {
    let weight = layer.weight.tensor.shape
    layers.append(
      LayerDescription(
        name: name, kind: "linear", output: [weight[0]], parameters: layer.parameterCount,
        multiplications: weight.count, isWeighted: true))
    append(name, [weight[0]], hasRelu: hasRelu, recommended: true)
  }

  /// A second name for the latest probe point.
  mutating func alias(_ name: String) {
    guard let last = probePoints.last else { return }
    append(name, last.output, hasRelu: last.hasRelu, recommended: last.isRecommended)
  }

  mutating func point(_ name: String, hasRelu: Bool = true, recommended: Bool = false) {
    append(name, output, hasRelu: hasRelu, recommended: recommended)
  }

  mutating func vector(_ name: String) { append(name, [channels], hasRelu: false, recommended: false) }

  /// All layers that are listed so far lie below a point that is put in now.
  private mutating func append(_ name: String, _ output: Shape, hasRelu: Bool, recommended: Bool) {
    probePoints.append(
      ProbePoint(
        name: name, output: output, hasRelu: hasRelu, isRecommended: recommended, layerCount: layers.count))
  }
}
