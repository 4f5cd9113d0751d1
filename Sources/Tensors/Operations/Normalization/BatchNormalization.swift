import COneDNN
import Support

/// Batch normalisation over all axes but the last, with statistics of the batch.
public struct BatchStatistics {
  /// Mean of each channel.
  public let mean: Tensor
  /// Variance of each channel, population form (divided by the number of values).
  public let variance: Tensor
}

private struct Key: Hashable, Sendable {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  let epsilon: Float
  var relu: Bool

  var withoutRelu: Key {
    var copy = self
    copy.relu = false
    return copy
  }
}

private let forwards = PrimitiveCache<Key, Primitive>()
private let backwards = PrimitiveCache<Key, Primitive>()

/// Normalises with the batch's own mean and variance (Ioffe & Szegedy, ICML 2015), then ReLU if asked.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - scale: γ, [channels].
///   - shift: β, [channels].
///   - epsilon: added to the variance.
///   - relu: whether a ReLU follows in the same pass (nearly free).
/// - Returns: the normalised feature map and the statistics, which are constants.
public func batchNormalization(_ input: Tensor, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5, relu: Bool = false)
  -> (output: Tensor, statistics: BatchStatistics)
{
  let shape = input.shape
  precondition(
    shape.rank == 4 && scale.shape == [shape[3]] && shift.shape == scale.shape,
    "batchNormalization: input \(shape) with scale \(scale.shape) and shift \(shift.shape)")
  let key = Key(
    batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], epsilon: epsilon, relu: relu)
  let primitive = forwards(key) { makeForward(key) }
  let output = Tensor(uninitialized: shape)
  let mean = Tensor(uninitialized: scale.shape)
  let variance = Tensor(uninitialized: scale.shape)
  let workspace = relu ? Storage(count: primitive.workspaceLayout.floatCount) : nil
  primitive.execute(
    [input.raw, scale.raw, shift.raw, output.raw, mean.raw, variance.raw]
      + (workspace.map { [$0.raw] } ?? []))
  let run = NormalizationRun(key: key, input: input.detached(), mean: mean, variance: variance)
  let result = output.detached()
  let recorded = output.recorded("batchNormalization", [input, scale, shift], isRecordable: true) { upstream in
    // oneDNN's backward with a fused ReLU is slower in NHWC than a mask of our own before the plain one (492 against
    // 214 µs for [64, 32, 32, 16]).
    let gradient = relu ? reluGradient(upstream, output: result) : upstream
    return isRecording ? run.recordedGradients(gradient, input, scale, shift) : run.gradients(gradient, scale, shift)
  }
  return (recorded, BatchStatistics(mean: mean, variance: variance))
}

/// What a normalisation's gradients need of its forward pass.
private struct NormalizationRun {
  let key: Key
  let input: Tensor
  let mean: Tensor
  let variance: Tensor

  /// Gradients of input, scale and shift.
  func gradients(_ gradient: Tensor, _ scale: Tensor, _ shift: Tensor) -> [Tensor] {
    let inputGradient = Tensor(uninitialized: input.shape)
    let scaleGradient = Tensor(uninitialized: scale.shape)
    let shiftGradient = Tensor(uninitialized: scale.shape)
    let plain = key.withoutRelu
    backwards(plain) { makeBackward(plain, hint: forwards(plain) { makeForward(plain) }) }.execute([
      input.raw, mean.raw, variance.raw, gradient.raw, scale.raw, shift.raw, inputGradient.raw,
      scaleGradient.raw, shiftGradient.raw,
    ])
    return [inputGradient, scaleGradient, shiftGradient]
  }

  /// The same, on the tape.
  func recordedGradients(_ gradient: Tensor, _ input: Tensor, _ scale: Tensor, _ shift: Tensor) -> [Tensor?] {
    let rule = NormalizationRule(axes: [0, 1, 2], epsilon: key.epsilon)
    guard input.isWanted, !scale.isWanted, !shift.isWanted else {
      return rule.gradients(gradient, input, scale, shift)
    }
    let inputGradient = gradients(gradient, scale, shift)[0]
      .recorded("batchNormalizationGradient", [gradient, input, scale], isRecordable: true) { upstream in
        guard isRecording else {
          return normalizationSlopes(
            upstream, gradient, self.input, BatchStatistics(mean: mean, variance: variance), scale: scale,
            epsilon: key.epsilon)
        }
        // Third derivatives, which hardly anything asks for, go through plain operations.
        guard let again = rule.gradients(gradient, input, scale, shift)[0] else { return [nil, nil, nil] }
        return Tensors.gradients(
          of: again, with: [gradient, input, scale], upstream: upstream, keepsTape: true, recordsAgain: true)
      }
    return [inputGradient, nil, nil]
  }
}

private func flags(_ key: Key) -> UInt32 {
  var flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
  if key.relu { flags |= dnnl_fuse_norm_relu.rawValue }
  return flags
}

private func layout(_ key: Key) -> Layout {
  .featureMap(batch: key.batch, channels: key.channels, height: key.height, width: key.width)
}

private func makeForward(_ key: Key) -> Primitive {
  var operation = dnnl_batch_normalization_desc_t()
  check(
    dnnl_batch_normalization_forward_desc_init(
      &operation, dnnl_forward_training, layout(key).descriptor, key.epsilon, flags(key)),
    "describing batch normalisation")
  let descriptor = unwrap(Primitive.describe(&operation), "batch normalisation for \(key)")
  return Primitive(
    "batch normalisation", descriptor, arguments: [1, 51, 52, 17, 49, 50] + (key.relu ? [64] : []))
}

private func makeBackward(_ key: Key, hint: Primitive) -> Primitive {
  var operation = dnnl_batch_normalization_desc_t()
  check(
    dnnl_batch_normalization_backward_desc_init(
      &operation, dnnl_backward, layout(key).descriptor, layout(key).descriptor, key.epsilon, flags(key)),
    "describing batch normalisation backward")
  let descriptor = unwrap(Primitive.describe(&operation, hint: hint), "batch normalisation backward for \(key)")
  return Primitive(
    "batch normalisation backward", descriptor,
    arguments: [1, 49, 50, 145, 51, 52, 129, 255, 256])
}
