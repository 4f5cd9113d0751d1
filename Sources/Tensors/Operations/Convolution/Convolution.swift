/// Two-dimensional convolution (cross-correlation), as networks use it.
///
/// - Parameters:
///   - input: [batch, height, width, input channels].
///   - weight: [output channels, input channels, kernel height, kernel width], PyTorch's order.
///   - bias: [output channels].
///   - stride: in both directions.
///   - padding: zeros on every side.
/// - Returns: [batch, output height, output width, output channels].
public func convolution(_ input: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0)
  -> Tensor
{
  let geometry = ConvolutionGeometry(input: input.shape, weight: weight.shape, stride: stride, padding: padding)
  let run = ConvolutionRun(geometry)
  let output = run.forward(input, weight, bias: bias, residual: nil, relu: false)
  let source = input.detached()
  let needsInput = input.requiresGradient
  let needsWeight = weight.requiresGradient || bias?.requiresGradient ?? false
  return output.recorded("convolution", [input, weight] + (bias.map { [$0] } ?? []), isRecordable: true) { upstream in
    if isRecording { return run.recordedRule(upstream, input, weight, bias: bias) }
    let gradient = ConvolutionOperand(upstream)
    let inputGradient = needsInput ? run.backwardData(gradient, weight) : nil
    guard needsWeight else { return [inputGradient, nil, nil] }
    let (weightGradient, biasGradient) = run.backwardWeights(source, gradient, bias: bias != nil)
    return [inputGradient, weightGradient, biasGradient]
  }
}

/// A convolution of a frozen network: bias, residual sum and ReLU in the same pass, gradient to the input only.
///
/// Weight and bias are taken as constants even where they could be trained.
///
/// - Parameters:
///   - input: [batch, height, width, input channels].
///   - weight: [output channels, input channels, kernel height, kernel width].
///   - bias: [output channels]; usually what batch normalisation folds to.
///   - residual: of the output's shape, added before the ReLU.
///   - relu: whether negative outputs become zero.
///   - stride: in both directions.
///   - padding: zeros on every side.
/// - Returns: [batch, output height, output width, output channels].
public func frozenConvolution(
  _ input: Tensor, _ weight: Tensor, bias: Tensor, residual: Tensor? = nil, relu: Bool, stride: Int = 1,
  padding: Int = 0
) -> Tensor {
  let geometry = ConvolutionGeometry(input: input.shape, weight: weight.shape, stride: stride, padding: padding)
  let run = ConvolutionRun(geometry)
  let output = run.forward(input, weight, bias: bias, residual: residual, relu: relu, keepsBlocks: true)
  let result = output.detached()
  let needsInput = input.requiresGradient
  return output.recorded("frozenConvolution", [input] + (residual.map { [$0] } ?? []), isRecordable: true) { upstream in
    let masked = relu ? reluGradient(upstream, output: result) : upstream
    if isRecording { return [needsInput ? run.recordedBackwardData(masked, weight.detached()) : nil, masked] }
    let gradient = ConvolutionOperand(masked, acceptsBlocks: true)
    return [needsInput ? run.backwardData(gradient, weight, keepsBlocks: true) : nil, masked]
  }
}
