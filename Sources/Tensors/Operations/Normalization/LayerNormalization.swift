import COneDNN
import Support

private struct Key: Hashable, Sendable {
  let rows: Int
  let features: Int
  let epsilon: Float
}

private let forwards = PrimitiveCache<Key, Primitive>()
private let backwards = PrimitiveCache<Key, Primitive>()

/// Normalises each vector along the last axis by its own mean and variance (Ba et al., arXiv 1607.06450).
///
/// - Parameters:
///   - input: [..., features].
///   - scale: γ, [features].
///   - shift: β, [features].
///   - epsilon: added to the variance; constant vectors become β.
/// - Returns: a tensor of the input's shape.
public func layerNormalization(_ input: Tensor, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5) -> Tensor {
  let shape = input.shape
  precondition(
    shape.rank > 0 && scale.shape == [shape[-1]] && shift.shape == scale.shape,
    "layerNormalization: input \(shape) with scale \(scale.shape) and shift \(shift.shape)")
  let key = Key(rows: shape.count / max(1, shape[-1]), features: shape[-1], epsilon: epsilon)
  guard shape.count > 0 else { return input }
  let output = Tensor(uninitialized: shape)
  let mean = Storage(count: key.rows)
  let variance = Storage(count: key.rows)
  forwards(key) { makeForward(key) }
    .execute([input.raw, scale.raw, shift.raw, output.raw, mean.raw, variance.raw])
  return output.recorded("layerNormalization", [input, scale, shift], isRecordable: true) { upstream in
    if isRecording {
      return NormalizationRule(axes: [-1], epsilon: epsilon).gradients(upstream, input, scale, shift)
    }
    let inputGradient = Tensor(uninitialized: shape)
    let scaleGradient = Tensor(uninitialized: scale.shape)
    let shiftGradient = Tensor(uninitialized: scale.shape)
    backwards(key) { makeBackward(key, hint: forwards(key) { makeForward(key) }) }.execute([
      input.raw, mean.raw, variance.raw, upstream.raw, scale.raw, shift.raw, inputGradient.raw,
      scaleGradient.raw, shiftGradient.raw,
    ])
    return [inputGradient, scaleGradient, shiftGradient]
  }
}

private let flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue

private func makeForward(_ key: Key) -> Primitive {
  let layout = Layout.matrix(rows: key.rows, columns: key.features)
  var operation = dnnl_layer_normalization_desc_t()
  check(
    dnnl_layer_normalization_forward_desc_init(
      &operation, dnnl_forward_training, layout.descriptor, Layout.vector(key.rows).descriptor, key.epsilon, flags),
    "describing layer normalisation")
  return Primitive(
    "layer normalisation", unwrap(Primitive.describe(&operation), "layer normalisation for \(key)"),
    arguments: [1, 51, 52, 17, 49, 50])
}

private func makeBackward(_ key: Key, hint: Primitive) -> Primitive {
  let layout = Layout.matrix(rows: key.rows, columns: key.features)
  var operation = dnnl_layer_normalization_desc_t()
  check(
    dnnl_layer_normalization_backward_desc_init(
      &operation, dnnl_backward, layout.descriptor, layout.descriptor, Layout.vector(key.rows).descriptor, key.epsilon,
      flags), "describing layer normalisation backward")
  return Primitive(
    "layer normalisation backward",
    unwrap(Primitive.describe(&operation, hint: hint), "layer normalisation backward for \(key)"),
    arguments: [1, 49, 50, 145, 51, 52, 129, 255, 256])
}
