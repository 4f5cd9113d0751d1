import NeuralNetworks
import Tensors

/// Gathers the layer table and the probe points while a network is built: the catalogue's, or a caller's own.
public struct LayerList {
  /// All layers with weights so far.
  public private(set) var layers: [LayerDescription] = []
  /// The probe points so far.
  public private(set) var probePoints: [ProbePoint] = []
  /// Rows of the latest layer's output.
  public private(set) var height: Int
  /// Columns of the latest layer's output.
  public private(set) var width: Int
  /// Channels of the latest layer's output.
  public private(set) var channels: Int

  private var seen: Set<ObjectIdentifier> = []
  private var reach = Reach()
  /// Where each layer that changed the place began, in forward order.
  private var starts: [(layer: String, size: HeightWidth, reach: Reach)] = []

  /// - Parameter specification: has the size of the input.
  public init(_ specification: ModelSpecification) {
    height = specification.height
    width = specification.width
    channels = specification.channels
  }

  var output: Shape { [height, width, channels] }

  /// A convolution with its normalisation or bias; advances the size.
  ///
  /// A shortcut stands beside what was listed before it and has its output.
  public mutating func convolution(
    _ name: String, _ layer: Convolution2D, normalization: String? = nil, isShortcut: Bool = false
  ) {
    let weight = layer.weight.tensor.shape
    let behind = reach
    if isShortcut {
      // It begins where its block does, whose layers have the block's name.
      let block = name.split(separator: ".").dropLast(name.contains("downsample") ? 2 : 1).joined(separator: ".") + "."
      let start = starts.first { $0.layer.hasPrefix(block) }?.reach ?? reach
      reach = start.behind(layer.kernel, layer.form.stride, layer.form.dilation)
    } else {
      starts.append((name, HeightWidth(height: height, width: width), reach))
      reach = reach.behind(layer.kernel, layer.form.stride, layer.form.dilation)
      let output = layer.output(of: HeightWidth(height: height, width: width))
      (height, width, channels) = (output.height, output.width, weight[0])
    }
    append(
      name, kind(of: layer), output, layer.parameterCount, multiplications: weight.count * height * width,
      of: layer.weight)
    if let normalization { appendNormalization(normalization, 2 * channels) }
    // What follows sees what the branch sees, which is the more.
    if isShortcut { reach = behind }
  }

  /// A normalisation that stands alone.
  public mutating func normalization(_ name: String, _ layer: BatchNormalization2D) {
    appendNormalization(name, layer.parameterCount)
  }

  private func kind(of layer: Convolution2D) -> String {
    let form = layer.form
    let isDepthwise = form.groups > 1 && form.groups == layer.weight.tensor.shape[0]
    return "convolution \(layer.kernel.height)×\(layer.kernel.width)"
      + (form.stride.height > 1 ? ", stride \(form.stride.height)" : "")
      + (isDepthwise ? ", per channel" : form.groups > 1 ? ", \(form.groups) groups" : "")
  }

  private mutating func appendNormalization(_ name: String, _ parameters: Int) {
    layers.append(
      LayerDescription(
        name: name, kind: "batch normalisation", output: output, parameters: parameters, multiplications: 0,
        isWeighted: false, receptiveField: reach.field))
  }

  /// Shared weights count as parameters once, as multiplications at every use.
  private mutating func append(
    _ name: String, _ kind: String, _ output: Shape, _ parameters: Int, multiplications: Int, of weight: Parameter
  ) {
    let isNew = seen.insert(ObjectIdentifier(weight)).inserted
    layers.append(
      LayerDescription(
        name: name, kind: kind, output: output, parameters: isNew ? parameters : 0, multiplications: multiplications,
        isWeighted: true, receptiveField: reach.field))
  }

  /// Further channels beside those of the layer before.
  mutating func joined(with further: Int) { channels += further }

  /// A branch that begins at an earlier place.
  mutating func restart(_ height: Int, _ width: Int, channels: Int) {
    (self.height, self.width, self.channels) = (height, width, channels)
    let size = HeightWidth(height: height, width: width)
    if let start = starts.last(where: { $0.size == size }) { reach = start.reach }
  }

  /// Pooling by a square window that halves the place.
  public mutating func pooled(to newHeight: Int, _ newWidth: Int, window: Int = 2) {
    starts.append(("", HeightWidth(height: height, width: width), reach))
    reach = reach.behind(HeightWidth(window), 2, 1)
    (height, width) = (newHeight, newWidth)
  }

  /// A linear layer on the mean or the whole of what lies below it; it is a probe point, too.
  public mutating func linear(_ name: String, _ layer: Linear, hasRelu: Bool) {
    let weight = layer.weight.tensor.shape
    // All places of the map below it, one step apart each.
    reach = reach.behind(HeightWidth(height: height, width: width), 1, 1)
    (height, width) = (1, 1)
    append(
      name, "linear", [weight[0]], layer.parameterCount, multiplications: weight.count, of: layer.weight)
    append(name, [weight[0]], hasRelu: hasRelu, recommended: true)
  }

  /// A table of vectors, [vocabulary, width], one for each token.
  public mutating func embedding(_ name: String, _ table: Parameter) {
    let shape = table.tensor.shape
    (height, width, channels) = (1, 1, shape[1])
    layers.append(
      LayerDescription(
        name: name, kind: "embedding", output: [shape[1]], parameters: table.tensor.count, multiplications: 0,
        isWeighted: false, receptiveField: 1))
  }

  /// A second name for the latest probe point.
  public mutating func alias(_ name: String) {
    guard let last = probePoints.last else { return }
    append(name, last.output, hasRelu: last.hasRelu, recommended: last.isRecommended)
  }

  /// The latest layer's output as a probe point; recommended at the end of a stage.
  public mutating func point(_ name: String, hasRelu: Bool = true, recommended: Bool = false) {
    append(name, output, hasRelu: hasRelu, recommended: recommended)
  }

  /// Marks a point that is there as recommended.
  mutating func recommend(_ name: String) {
    probePoints = probePoints.map { point in
      guard point.name == name else { return point }
      return ProbePoint(
        name: name, output: point.output, hasRelu: point.hasRelu, isRecommended: true, layerCount: point.layerCount)
    }
  }

  /// The pooled map as a probe point.
  public mutating func vector(_ name: String) { append(name, [channels], hasRelu: false, recommended: false) }

  /// All layers that are listed so far lie below a point that is put in now.
  private mutating func append(_ name: String, _ output: Shape, hasRelu: Bool, recommended: Bool) {
    probePoints.append(
      ProbePoint(
        name: name, output: output, hasRelu: hasRelu, isRecommended: recommended, layerCount: layers.count))
  }
}

/// Which pixels a place of a map depends on: so many of each axis, padding included, and so many apart for neighbours.
private struct Reach {
  private(set) var field: HeightWidth = 1
  private var step: HeightWidth = 1

  /// Behind a window that is moved over the map.
  func behind(_ window: HeightWidth, _ stride: HeightWidth, _ dilation: HeightWidth) -> Reach {
    var next = self
    next.field = HeightWidth(
      height: field.height + (window.height - 1) * dilation.height * step.height,
      width: field.width + (window.width - 1) * dilation.width * step.width)
    next.step = HeightWidth(height: step.height * stride.height, width: step.width * stride.width)
    return next
  }
}
