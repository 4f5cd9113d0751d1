import Support

/// The transpose of a convolution, PyTorch's `conv_transpose2d`: it maps a convolution's outputs to a map of its inputs'
/// size.
///
/// - Parameters:
///   - input: [batch, height, width, input channels].
///   - weight: [input channels, output channels / groups, kernel height, kernel width], PyTorch's order.
///   - bias: [output channels].
///   - form: stride, padding, dilation and groups of the convolution whose transpose it is.
///   - outputPadding: further rows below and columns on the right, smaller than the stride: it says which of the sizes
///     that the convolution maps to the input's is meant.
/// - Returns: [batch, output height, output width, output channels], with height
///   (height − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1.
public func transposedConvolution(
  _ input: Tensor, _ weight: Tensor, bias: Tensor? = nil, form: ConvolutionForm = ConvolutionForm(),
  outputPadding: HeightWidth = 0
) -> Tensor {
  let (from, kernel) = (input.shape, weight.shape)
  precondition(
    from.rank == 4 && kernel.rank == 4 && from[3] == kernel[0] && kernel[0] % form.groups == 0,
    "transposedConvolution: input \(from) (NHWC) does not go with weights \(kernel) in \(form.groups) groups")
  precondition(
    (0..<form.stride.height).contains(outputPadding.height) && (0..<form.stride.width).contains(outputPadding.width),
    "transposedConvolution: output padding \(outputPadding) is not smaller than the stride \(form.stride)")
  func extent(_ axis: Int, _ part: KeyPath<HeightWidth, Int>) -> Int {
    (from[axis] - 1) * form.stride[keyPath: part] - 2 * form.padding[keyPath: part]
      + form.dilation[keyPath: part] * (kernel[axis + 1] - 1) + outputPadding[keyPath: part] + 1
  }
  let output: Shape = [from[0], extent(1, \.height), extent(2, \.width), kernel[1] * form.groups]
  let geometry = ConvolutionGeometry(input: output, weight: kernel, form: form)
  precondition(
    geometry.outputShape == from, "transposedConvolution: input \(from) with weights \(kernel), \(form): no output")
  if let bias {
    precondition(bias.shape == [output[3]], "transposedConvolution: bias \(bias.shape) for weights \(kernel)")
  }
  let run = ConvolutionRun(geometry)
  let source = input.detached()
  let node = input.node
  let result = run.backwardData(ConvolutionOperand(input), weight)
    .recorded("transposedConvolution", [input, weight]) { upstream in
      let inputGradient =
        Node.isWanted(node) ? run.forward(upstream, weight, bias: nil, residual: nil, relu: false) : nil
      guard weight.isWanted else { return [inputGradient, nil] }
      return [inputGradient, run.backwardWeights(upstream, ConvolutionOperand(source), bias: false).0]
    }
  return bias.map { result + $0 } ?? result
}
