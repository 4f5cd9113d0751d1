import COneDNN
import Support

private struct Key: Hashable, Sendable {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  let kernel: [Int]
  let stride: Int
  let padding: Int
  let isMax: Bool

  var outputHeight: Int { (height + 2 * padding - kernel[0]) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernel[1]) / stride + 1 }
  var outputShape: Shape { [batch, outputHeight, outputWidth, channels] }
  var inputLayout: Layout { .featureMap(batch: batch, channels: channels, height: height, width: width) }
  var outputLayout: Layout {
    .featureMap(batch: batch, channels: channels, height: outputHeight, width: outputWidth)
  }
  var algorithm: dnnl_alg_kind_t { isMax ? dnnl_pooling_max : dnnl_pooling_avg_include_padding }
  var strides: [Int64] { [Int64(stride), Int64(stride)] }
  var extents: [Int64] { kernel.map { Int64($0) } }
  var paddingBefore: [Int64] { [Int64(padding), Int64(padding)] }
  var paddingAfter: [Int64] {
    [
      Int64((outputHeight - 1) * stride + kernel[0] - height - padding),
      Int64((outputWidth - 1) * stride + kernel[1] - width - padding),
    ]
  }
}

private let forwards = PrimitiveCache<Key, Primitive>()
private let backwards = PrimitiveCache<Key, Primitive>()

/// The largest value of each window.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - size: height and width of the window.
///   - stride: in both directions; the window's size where nil.
///   - padding: on every side; padded places never win.
/// - Returns: [batch, output height, output width, channels].
public func maxPooling(_ input: Tensor, size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
  pooling(input, [size, size], stride: stride ?? size, padding: padding, isMax: true)
}

/// The mean of each window; padded zeros count, as in PyTorch.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - size: height and width of the window.
///   - stride: in both directions; the window's size where nil.
///   - padding: zeros on every side.
/// - Returns: [batch, output height, output width, channels].
public func averagePooling(_ input: Tensor, size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
  pooling(input, [size, size], stride: stride ?? size, padding: padding, isMax: false)
}

/// The mean of each channel over the whole feature map.
///
/// - Parameter input: [batch, height, width, channels].
/// - Returns: [batch, channels].
public func globalAveragePooling(_ input: Tensor) -> Tensor {
  precondition(input.shape.rank == 4, "globalAveragePooling: input \(input.shape) is not NHWC")
  return globalAverage(input)
}

/// oneDNN has no fast form for windows of more than 14 × 14 (10 ms for [64, 16, 16, 32]; these sums take 0.1).
private func globalAverage(_ input: Tensor) -> Tensor {
  let shape = input.shape
  return input.reshaped([shape[0], shape[1] * shape[2], shape[3]]).mean(alongAxes: [1])
}

private func pooling(_ input: Tensor, _ kernel: [Int], stride: Int, padding: Int, isMax: Bool) -> Tensor {
  let shape = input.shape
  precondition(
    shape.rank == 4 && shape[1] + 2 * padding >= kernel[0] && shape[2] + 2 * padding >= kernel[1],
    "pooling: input \(shape) (NHWC) with a window of \(kernel)")
  if !isMax, padding == 0, kernel == [shape[1], shape[2]] {
    return globalAverage(input).reshaped([shape[0], 1, 1, shape[3]])
  }
  let key = Key(
    batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], kernel: kernel, stride: stride,
    padding: padding, isMax: isMax)
  let primitive = forwards(key) { makeForward(key) }
  let output = Tensor(uninitialized: key.outputShape)
  let workspace = isMax ? Storage(count: primitive.workspaceLayout.floatCount) : nil
  let workspaces = workspace.map { [$0.raw] } ?? []
  primitive.execute([input.raw, output.raw] + workspaces)
  return output.recorded(isMax ? "maxPooling" : "averagePooling", [input], isRecordable: true) { gradient in
    [spread(gradient, key, workspace, from: input)]
  }
}

/// The gradient of the input: each output's share goes back to where it came from.
///
/// It is linear in the gradient, and so is its own derivative: pooling again, of averages or from the places that won.
private func spread(_ gradient: Tensor, _ key: Key, _ workspace: Storage?, from input: Tensor) -> Tensor {
  let result = Tensor(uninitialized: input.shape)
  let forward = forwards(key) { makeForward(key) }
  let backward = backwards(key) { makeBackward(key, hint: forward) }
  backward.execute([gradient.raw, result.raw] + (workspace.map { [$0.raw] } ?? []))
  return result.recorded("poolingGradient", [gradient], isRecordable: true) { upstream in
    let window = (kernel: key.kernel, stride: key.stride, padding: key.padding)
    return [
      key.isMax
        ? pickedWinners(upstream, of: input.detached(), key.outputShape, window) {
          spread($0, key, workspace, from: input)
        }
        : pooling(upstream, window.kernel, stride: window.stride, padding: window.padding, isMax: false)
    ]
  }
}

private func makeForward(_ key: Key) -> Primitive {
  var operation = dnnl_pooling_desc_t()
  check(
    dnnl_pooling_forward_desc_init(
      &operation, dnnl_forward_training, key.algorithm, key.inputLayout.descriptor, key.outputLayout.descriptor,
      key.strides, key.extents, key.paddingBefore, key.paddingAfter), "describing pooling")
  return Primitive(
    "pooling", unwrap(Primitive.describe(&operation), "pooling for \(key)"),
    arguments: [1, 17] + (key.isMax ? [64] : []))
}

private func makeBackward(_ key: Key, hint: Primitive) -> Primitive {
  var operation = dnnl_pooling_desc_t()
  check(
    dnnl_pooling_backward_desc_init(
      &operation, key.algorithm, key.inputLayout.descriptor, key.outputLayout.descriptor, key.strides, key.extents,
      key.paddingBefore, key.paddingAfter), "describing pooling backward")
  return Primitive(
    "pooling backward", unwrap(Primitive.describe(&operation, hint: hint), "pooling backward for \(key)"),
    arguments: [145, 129] + (key.isMax ? [64] : []))
}
