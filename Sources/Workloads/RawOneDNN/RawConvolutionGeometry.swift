import COneDNN

/// Sizes of a square convolution with "same" padding, and its three primitives.
struct RawConvolutionGeometry {
  var batch: Int
  var inputChannels: Int
  var outputChannels: Int
  /// Height and width of the input, in pixels.
  var size: Int
  /// Height and width of the kernel, odd.
  var kernel = 3
  var stride = 1

  var outputSize: Int { (size - 1) / stride + 1 }
  var inputShape: [Int] { [batch, inputChannels, size, size] }
  var outputShape: [Int] { [batch, outputChannels, outputSize, outputSize] }
  var weightShape: [Int] { [outputChannels, inputChannels, kernel, kernel] }

  private var weights: dnnl_memory_desc_t { RawLayout.tagged(weightShape, dnnl_format_tag_any) }
  private var strides: [Int64] { [Int64(stride), Int64(stride)] }
  private var padding: [Int64] { [Int64(kernel / 2), Int64(kernel / 2)] }

  func forward(
    _ algorithm: dnnl_alg_kind_t, input: dnnl_memory_desc_t, output: dnnl_memory_desc_t, in session: RawSession
  ) -> RawPrimitive? {
    var (input, weights, output) = (input, weights, output)
    var descriptor = dnnl_convolution_desc_t()
    require(
      dnnl_convolution_forward_desc_init(
        &descriptor, dnnl_forward_training, algorithm, &input, &weights, nil, &output, strides, padding, padding),
      "describing convolution \(weightShape)")
    return session.primitive("convolution \(weightShape)", descriptor: &descriptor)
  }

  func backwardData(
    _ algorithm: dnnl_alg_kind_t, inputGradient: dnnl_memory_desc_t, gradient: dnnl_memory_desc_t,
    forward: RawPrimitive, in session: RawSession
  ) -> RawPrimitive? {
    var (inputGradient, weights, gradient) = (inputGradient, weights, gradient)
    var descriptor = dnnl_convolution_desc_t()
    require(
      dnnl_convolution_backward_data_desc_init(
        &descriptor, algorithm, &inputGradient, &weights, &gradient, strides, padding, padding),
      "describing backward data of \(weightShape)")
    return session.primitive("backward data of \(weightShape)", descriptor: &descriptor, forward: forward)
  }

  func backwardWeights(
    _ algorithm: dnnl_alg_kind_t, input: dnnl_memory_desc_t, gradient: dnnl_memory_desc_t, forward: RawPrimitive,
    in session: RawSession
  ) -> RawPrimitive? {
    var (input, weights, gradient) = (input, weights, gradient)
    var descriptor = dnnl_convolution_desc_t()
    require(
      dnnl_convolution_backward_weights_desc_init(
        &descriptor, algorithm, &input, &weights, nil, &gradient, strides, padding, padding),
      "describing backward weights of \(weightShape)")
    return session.primitive("backward weights of \(weightShape)", descriptor: &descriptor, forward: forward)
  }
}
