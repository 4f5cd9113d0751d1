/// Two-dimensional convolution (cross-correlation), as networks use it.
///
/// - Parameters:
///   - input: [batch, height, width, input channels].
///   - weight: [output channels, input channels / groups, kernel height, kernel width], PyTorch's order.
///   - bias: [output channels].
///   - form: stride, padding, dilation and groups.
/// - Returns: [batch, output height, output width, output channels].
public func convolution(_ input: Tensor, _ weight: Tensor, bias: Tensor? = nil, form: ConvolutionForm) -> Tensor {
  let geometry = ConvolutionGeometry(input: input.shape, weight: weight.shape, form: form)
  let run = ConvolutionRun(geometry)
  let output = run.forward(input, weight, bias: bias, residual: nil, relu: false)
  let source = input.detached()
  return output.recorded("convolution", [input, weight] + (bias.map { [$0] } ?? []), isRecordable: true) { upstream in
    if isRecording { return run.recordedRule(upstream, input, weight, bias: bias) }
    let gradient = ConvolutionOperand(upstream)
    let inputGradient = input.isWanted ? run.backwardData(gradient, weight) : nil
    guard weight.isWanted || bias?.isWanted ?? false else { return [inputGradient, nil, nil] }
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
///   - weight: [output channels, input channels / groups, kernel height, kernel width].
///   - bias: [output channels]; usually what batch normalisation folds to.
///   - residual: of the output's shape, added before the ReLU.
///   - relu: whether negative outputs become zero.
///   - form: stride, padding, dilation and groups.
/// - Returns: [batch, output height, output width, output channels].
public func frozenConvolution(
  _ input: Tensor, _ weight: Tensor, bias: Tensor, residual: Tensor? = nil, relu: Bool, form: ConvolutionForm
) -> Tensor {
  let geometry = ConvolutionGeometry(input: input.shape, weight: weight.shape, form: form)
  let run = ConvolutionRun(geometry)
  let output = run.forward(input, weight, bias: bias, residual: residual, relu: relu, keepsBlocks: true)
  let (result, source) = (output.detached(), input.node)
  return output.recorded("frozenConvolution", [input] + (residual.map { [$0] } ?? []), isRecordable: true) { upstream in
    let masked = relu ? reluGradient(upstream, output: result) : upstream
    guard Node.isWanted(source) else { return [nil, masked] }
    if isRecording { return [run.recordedBackwardData(masked, weight.detached()), masked] }
    return [run.backwardData(ConvolutionOperand(masked, acceptsBlocks: true), weight, keepsBlocks: true), masked]
  }
}
