import COneDNN

#if canImport(Glibc)
  import Glibc
#endif

/// Global average pooling, a linear layer, and the mean softmax cross-entropy over the batch.
final class RawHead {
  /// The loss of the last step, in nats.
  let loss: RawTensor
  private let features: RawTensor
  private let pooled: RawTensor
  private let logitGradient: RawTensor
  private let pooling: RawPrimitive
  private let weights: (value: RawTensor, gradient: RawTensor)
  private let batch: Int
  private let channels: Int
  private let classes: Int

  /// Appends pooling, linear layer and loss, and the gradients of logits and bias.
  ///
  /// - Parameters:
  ///   - features: [batch, channels, size, size].
  ///   - labels: one class per image.
  ///   - classes: number of classes.
  ///   - parameters: where weights and bias are kept.
  ///   - initial: draws a weight.
  ///   - sequence: is appended to.
  init(
    of features: RawTensor, labels: [Int], classes: Int, parameters: RawParameters, initial: () -> Float,
    to sequence: RawSequence
  ) {
    let session = sequence.session
    let dimensions = features.layout.dims
    (batch, channels) = (Int(dimensions.0), Int(dimensions.1))
    self.features = features
    self.classes = classes
    loss = RawTensor(RawLayout.vector(1), in: session)
    pooled = RawTensor(RawLayout.activations([batch, channels, 1, 1]), in: session)
    weights = parameters.next(RawLayout.tagged([classes, channels], dnnl_ab), initial: initial)
    let bias = parameters.next(RawLayout.tagged([1, classes], dnnl_ab)) { 0 }
    let logits = RawTensor(RawLayout.tagged([batch, classes], dnnl_ab), in: session)
    logitGradient = RawTensor(logits.layout, in: session)

    pooling = Self.pooling(features.layout, pooled.layout, size: dimensions.2, in: session)
    sequence.append(.head, pooling, [(DNNL_ARG_SRC, features), (DNNL_ARG_DST, pooled)])
    let flat = RawTensor(RawLayout.tagged([batch, channels], dnnl_ab), in: session, viewing: pooled)
    let transposed = RawTensor(RawLayout.tagged([channels, classes], dnnl_ba), in: session, viewing: weights.value)
    Self.appendProduct(flat, transposed, bias: bias.value, into: logits, to: sequence)
    appendLoss(logits, labels, biasGradient: bias.gradient, to: sequence)
  }

  /// Appends the gradients of the weights and of the features.
  func appendBackward(to sequence: RawSequence) -> RawTensor {
    let session = sequence.session
    let flat = RawTensor(RawLayout.tagged([batch, channels], dnnl_ab), in: session, viewing: pooled)
    let transposed = RawTensor(RawLayout.tagged([classes, batch], dnnl_ba), in: session, viewing: logitGradient)
    Self.appendProduct(transposed, flat, into: weights.gradient, to: sequence)
    let pooledGradient = RawTensor(pooled.layout, in: session)
    let flatGradient = RawTensor(flat.layout, in: session, viewing: pooledGradient)
    Self.appendProduct(logitGradient, weights.value, into: flatGradient, to: sequence)

    let gradient = RawTensor(features.layout, in: session)
    var (source, target) = (features.layout, pooled.layout)
    let size = [source.dims.2, source.dims.3]
    var descriptor = dnnl_pooling_desc_t()
    require(
      dnnl_pooling_backward_desc_init(
        &descriptor, dnnl_pooling_avg_exclude_padding, &source, &target, size, size, [0, 0], [0, 0]),
      "describing backward pooling")
    let primitive = session.primitive("backward pooling", descriptor: &descriptor, forward: pooling)
      .unwrapped("backward pooling")
    sequence.append(.head, primitive, [(DNNL_ARG_DIFF_DST, pooledGradient), (DNNL_ARG_DIFF_SRC, gradient)])
    return gradient
  }

  private static func pooling(
    _ source: dnnl_memory_desc_t, _ target: dnnl_memory_desc_t, size: Int64, in session: RawSession
  ) -> RawPrimitive {
    var (source, target) = (source, target)
    var descriptor = dnnl_pooling_desc_t()
    require(
      dnnl_pooling_forward_desc_init(
        &descriptor, dnnl_forward_training, dnnl_pooling_avg_exclude_padding, &source, &target, [size, size],
        [size, size], [0, 0], [0, 0]), "describing pooling")
    return session.primitive("pooling", descriptor: &descriptor).unwrapped("pooling")
  }

  private static func appendProduct(
    _ left: RawTensor, _ right: RawTensor, bias: RawTensor? = nil, into product: RawTensor, to sequence: RawSequence
  ) {
    var (leftLayout, rightLayout, layout) = (left.layout, right.layout, product.layout)
    var biasLayout = bias?.layout ?? dnnl_memory_desc_t()
    var descriptor = dnnl_matmul_desc_t()
    require(
      dnnl_matmul_desc_init(&descriptor, &leftLayout, &rightLayout, &biasLayout, &layout), "describing a product")
    let primitive = sequence.session.primitive("matrix product", descriptor: &descriptor).unwrapped("matrix product")
    sequence.append(
      .head, primitive,
      [(DNNL_ARG_SRC, left), (DNNL_ARG_WEIGHTS, right), (DNNL_ARG_DST, product)]
        + (bias.map { [(DNNL_ARG_BIAS, $0)] } ?? []))
  }

  private func appendLoss(
    _ logits: RawTensor, _ labels: [Int], biasGradient: RawTensor, to sequence: RawSequence
  ) {
    let (batch, classes, gradient, loss) = (batch, classes, logitGradient, loss)
    sequence.append(.head) {
      var total: Float = 0
      for index in 0..<classes { biasGradient.floats[index] = 0 }
      for image in 0..<batch {
        let row = UnsafeMutableBufferPointer(start: logits.floats + image * classes, count: classes)
        let target = gradient.floats + image * classes
        let largest = row.reduce(-Float.infinity, max)
        var sum: Float = 0
        for index in 0..<classes {
          target[index] = expf(row[index] - largest)
          sum += target[index]
        }
        total += logf(sum) + largest - row[labels[image]]
        for index in 0..<classes {
          target[index] = (target[index] / sum - (index == labels[image] ? 1 : 0)) / Float(batch)
          biasGradient.floats[index] += target[index]
        }
      }
      loss.floats[0] = total / Float(batch)
    }
  }
}
