import Support

/// A feature map that convolutions read: NHWC, and in channel blocks as soon as a Winograd kernel asks for it.
final class ConvolutionOperand {
  private let tensor: Tensor
  private let acceptsBlocks: Bool
  private var blocked: ChannelBlocks?

  /// - Parameters:
  ///   - tensor: [batch, height, width, channels].
  ///   - acceptsBlocks: whether blocks may be read whose images beyond the real ones are not zero: not for a sum over
  ///     the batch.
  init(_ tensor: Tensor, acceptsBlocks: Bool = false) {
    self.tensor = tensor
    self.acceptsBlocks = acceptsBlocks
  }

  /// The buffer for a primitive, alive as long as this operand; made once for all that want blocks of the same batch.
  func buffer(for entry: ConvolutionPrimitives.Entry) -> Storage {
    guard let batch = entry.blockedBatch else { return tensor.storage }
    if let blocked, blocked.batch == batch { return blocked.storage }
    let blocks = acceptsBlocks ? tensor.blocks(batch: batch) : blocksWithZeros(batch: batch)
    blocked = blocks
    return blocks.storage
  }

  /// Blocks whose images beyond the real ones are zero.
  private func blocksWithZeros(batch: Int) -> ChannelBlocks {
    let shape = tensor.shape
    let storage = Storage(count: shape.count / max(1, shape[0]) * batch)
    (storage.base + shape.count).update(repeating: 0, count: storage.count - shape.count)
    Reorder.between(.featureMap(of: shape), .blockedFeatureMap(of: shape)).execute([tensor.raw, storage.raw])
    return ChannelBlocks(batch: batch, storage: storage)
  }
}

/// Runs the primitives of one geometry on NHWC tensors; around a Winograd kernel stand reorders.
struct ConvolutionRun {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  private var plainWeights: Layout { .weights(geometry.weightDimensions) }

  func forward(
    _ input: Tensor, _ weight: Tensor, bias: Tensor?, residual: Tensor?, relu: Bool, keepsBlocks: Bool = false
  )
    -> Tensor
  {
    let fusion = ConvolutionPrimitives.Fusion(bias: bias != nil, residual: residual != nil, relu: relu)
    let entry = ConvolutionPrimitives.forward(geometry, fusion)
    if let bias {
      precondition(
        bias.shape == [geometry.outputs], "convolution: bias \(bias.shape) for weights \(weight.shape)")
    }
    if let residual {
      precondition(
        residual.shape == geometry.outputShape,
        "convolution: residual \(residual.shape) for output \(geometry.outputShape)")
    }
    let source = ConvolutionOperand(input, acceptsBlocks: keepsBlocks)
    let weights = weight.copy(in: entry.weights, from: plainWeights)
    let biases = bias.map { [$0.raw] } ?? []
    return run(entry, geometry.outputShape, adding: residual, keepsBlocks) { destination in
      [source.buffer(for: entry).raw, weights.raw] + biases + [destination]
    }
  }

  func backwardData(_ gradient: ConvolutionOperand, _ weight: Tensor, keepsBlocks: Bool = false) -> Tensor {
    let entry = ConvolutionPrimitives.backwardData(geometry)
    let weights = weight.copy(in: entry.weights, from: plainWeights)
    return run(entry, geometry.inputShape, adding: nil, keepsBlocks) { destination in
      [gradient.buffer(for: entry).raw, weights.raw, destination]
    }
  }

  func backwardWeights(_ input: Tensor, _ gradient: ConvolutionOperand, bias: Bool) -> (Tensor, Tensor?) {
    let entry = ConvolutionPrimitives.backwardWeights(geometry, bias: bias)
    let result = Tensor(uninitialized: geometry.weightShape)
    let preferred = entry.weights === plainWeights ? result.storage : Storage(count: entry.weights.floatCount)
    let biasResult = bias ? Tensor(uninitialized: [geometry.outputs]) : nil
    let source = ConvolutionOperand(input)
    entry.primitive.execute(
      [source.buffer(for: entry).raw, gradient.buffer(for: entry).raw, preferred.raw]
        + (biasResult.map { [$0.raw] } ?? []))
    if preferred !== result.storage {
      Reorder.between(entry.weights, plainWeights).execute([preferred.raw, result.raw])
    }
    return (result, biasResult)
  }

  /// Runs a primitive whose last buffer is a feature map, in blocks if it wants them.
  private func run(
    _ entry: ConvolutionPrimitives.Entry, _ shape: Shape, adding residual: Tensor?, _ keepsBlocks: Bool,
    _ buffers: (UnsafeMutableRawPointer) -> [UnsafeMutableRawPointer]
  ) -> Tensor {
    guard let batch = entry.blockedBatch else {
      let result = Tensor(uninitialized: shape)
      if let residual { copyElements(residual, into: result) }
      entry.primitive.execute(buffers(result.raw))
      return result
    }
    let storage = Storage(count: shape.count / max(1, shape[0]) * batch)
    if let residual { fill(storage, with: residual, batch: batch) }
    entry.primitive.execute(buffers(storage.raw))
    let result = Tensor(shape, blocks: ChannelBlocks(batch: batch, storage: storage))
    if !keepsBlocks { result.contents.dropBlocks() }
    return result
  }

  /// Puts a tensor's blocks where a sum is to be formed.
  private func fill(_ storage: Storage, with residual: Tensor, batch: Int) {
    if let blocks = residual.contents.blocks, blocks.batch == batch {
      return copyFloats(blocks.storage.base, to: storage.base, count: residual.count)
    }
    Reorder.between(.featureMap(of: residual.shape), .blockedFeatureMap(of: residual.shape))
      .execute([residual.raw, storage.raw])
  }
}
