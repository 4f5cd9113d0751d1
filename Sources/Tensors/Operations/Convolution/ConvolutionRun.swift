/// A feature map that convolutions read: NHWC, and in channel blocks as soon as a Winograd kernel asks for it.
final class ConvolutionOperand {
  let plain: Storage
  private let layout: Layout
  private let shape: Shape
  private var blocked: (batch: Int, storage: Storage)?

  /// - Parameters:
  ///   - plain: the values.
  ///   - layout: NHWC.
  ///   - shape: [batch, height, width, channels].
  init(_ plain: Storage, _ layout: Layout, channelsOf shape: Shape) {
    self.plain = plain
    self.layout = layout
    self.shape = shape
  }

  /// The buffer for a primitive; made once for all that want blocks of the same batch.
  func buffer(for entry: ConvolutionPrimitives.Entry) -> Storage {
    guard let batch = entry.blockedBatch else { return plain }
    if let blocked, blocked.batch == batch { return blocked.storage }
    let storage = ConvolutionOperand.blockedStorage(shape, batch: batch)
    Reorder.between(layout, ConvolutionOperand.blockedLayout(shape)).execute([plain.raw, storage.raw])
    blocked = (batch, storage)
    return storage
  }

  static func blockedLayout(_ shape: Shape) -> Layout {
    .blockedFeatureMap(batch: shape[0], channels: shape[3], height: shape[1], width: shape[2])
  }

  /// Room for a larger batch, the images beyond the real ones zero.
  static func blockedStorage(_ shape: Shape, batch: Int) -> Storage {
    let perImage = shape.count / max(1, shape[0])
    let storage = Storage(count: batch * perImage)
    (storage.base + shape.count).update(repeating: 0, count: (batch - shape[0]) * perImage)
    return storage
  }
}

/// Runs the primitives of one geometry on NHWC tensors; around a Winograd kernel stand reorders.
struct ConvolutionRun {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  private var plainWeights: Layout { .weights(geometry.weightDimensions) }

  func forward(_ input: Tensor, _ weight: Tensor, bias: Tensor?, residual: Tensor?, relu: Bool) -> Tensor {
    let fusion = ConvolutionPrimitives.Fusion(bias: bias != nil, residual: residual != nil, relu: relu)
    let entry = ConvolutionPrimitives.forward(geometry, fusion)
    let output = Tensor(uninitialized: geometry.outputShape)
    if let residual {
      precondition(residual.shape == output.shape, "convolution: residual \(residual.shape) for output \(output.shape)")
    }
    let source = ConvolutionOperand(input.storage, geometry.inputLayout, channelsOf: geometry.inputShape)
    let weights = weight.copy(in: entry.weights, from: plainWeights)
    let biases = bias.map { [$0.raw] } ?? []
    run(entry, into: output, geometry.outputLayout, adding: residual) { destination in
      [source.buffer(for: entry).raw, weights.raw] + biases + [destination]
    }
    return output
  }

  func backwardData(_ gradient: ConvolutionOperand, _ weight: Tensor) -> Tensor {
    let entry = ConvolutionPrimitives.backwardData(geometry)
    let result = Tensor(uninitialized: geometry.inputShape)
    let weights = weight.copy(in: entry.weights, from: plainWeights)
    run(entry, into: result, geometry.inputLayout, adding: nil) { destination in
      [gradient.buffer(for: entry).raw, weights.raw, destination]
    }
    return result
  }

  func backwardWeights(_ input: Tensor, _ gradient: ConvolutionOperand, bias: Bool) -> (Tensor, Tensor?) {
    let entry = ConvolutionPrimitives.backwardWeights(geometry, bias: bias)
    let result = Tensor(uninitialized: Shape(geometry.weightDimensions))
    let preferred = entry.weights === plainWeights ? result.storage : Storage(count: entry.weights.floatCount)
    let biasResult = bias ? Tensor(uninitialized: [geometry.outputs]) : nil
    let source = ConvolutionOperand(input.storage, geometry.inputLayout, channelsOf: geometry.inputShape)
    entry.primitive.execute(
      [source.buffer(for: entry).raw, gradient.buffer(for: entry).raw, preferred.raw] + (biasResult.map { [$0.raw] } ?? []))
    if preferred !== result.storage {
      Reorder.between(entry.weights, plainWeights).execute([preferred.raw, result.raw])
    }
    return (result, biasResult)
  }

  /// Runs a primitive whose last buffer is a feature map, in blocks if it wants them.
  private func run(
    _ entry: ConvolutionPrimitives.Entry, into result: Tensor, _ layout: Layout, adding residual: Tensor?,
    _ buffers: (UnsafeMutableRawPointer) -> [UnsafeMutableRawPointer]
  ) {
    guard let batch = entry.blockedBatch else {
      if let residual { copyElements(residual, into: result) }
      return entry.primitive.execute(buffers(result.raw))
    }
    let blocked = ConvolutionOperand.blockedLayout(result.shape)
    let storage = Storage(count: result.count / max(1, result.shape[0]) * batch)
    if let residual { Reorder.between(layout, blocked).execute([residual.raw, storage.raw]) }
    entry.primitive.execute(buffers(storage.raw))
    Reorder.between(blocked, layout).execute([storage.raw, result.raw])
  }
}
