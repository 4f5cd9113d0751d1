import COneDNN

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
  let output = forward(geometry, input, weight, bias: bias, residual: nil, relu: false)
  let source = input.detached()
  let needsInput = input.requiresGradient
  let needsWeight = weight.requiresGradient || bias?.requiresGradient ?? false
  return output.recorded("convolution", [input, weight] + (bias.map { [$0] } ?? [])) { gradient in
    let inputGradient = needsInput ? backwardData(geometry, gradient, weight) : nil
    guard needsWeight else { return [inputGradient, nil, nil] }
    let (weightGradient, biasGradient) = backwardWeights(geometry, source, gradient, bias: bias != nil)
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
  let output = forward(geometry, input, weight, bias: bias, residual: residual, relu: relu)
  let result = output.detached()
  let needsInput = input.requiresGradient
  return output.recorded("frozenConvolution", [input] + (residual.map { [$0] } ?? [])) { gradient in
    let masked = relu ? reluGradient(gradient, output: result) : gradient
    return [needsInput ? backwardData(geometry, masked, weight) : nil, masked]
  }
}

private func forward(
  _ geometry: ConvolutionGeometry, _ input: Tensor, _ weight: Tensor, bias: Tensor?, residual: Tensor?, relu: Bool
) -> Tensor {
  let fusion = ConvolutionPrimitives.Fusion(bias: bias != nil, residual: residual != nil, relu: relu)
  let entry = ConvolutionPrimitives.forward(geometry, fusion)
  let output = Tensor(uninitialized: geometry.outputShape)
  if let residual {
    precondition(residual.shape == output.shape, "convolution: residual \(residual.shape) for output \(output.shape)")
    copyElements(residual, into: output)
  }
  let weights = weight.copy(in: entry.weights, from: .weights(geometry.weightDimensions))
  let biases = bias.map { [$0.raw] } ?? []
  entry.run(
    source: input.storage, geometry.inputLayout, geometry.blockedInputLayout, destination: output.storage,
    geometry.outputLayout, geometry.blockedOutputLayout, fillsDestination: residual != nil
  ) { source, destination in
    [source, weights.raw] + biases + [destination]
  }
  return output
}

private func backwardData(_ geometry: ConvolutionGeometry, _ gradient: Tensor, _ weight: Tensor) -> Tensor {
  let entry = ConvolutionPrimitives.backwardData(geometry)
  let result = Tensor(uninitialized: geometry.inputShape)
  let weights = weight.copy(in: entry.weights, from: .weights(geometry.weightDimensions))
  entry.run(
    source: gradient.storage, geometry.outputLayout, geometry.blockedOutputLayout, destination: result.storage,
    geometry.inputLayout, geometry.blockedInputLayout, fillsDestination: false
  ) { source, destination in
    [source, weights.raw, destination]
  }
  return result
}

private func backwardWeights(_ geometry: ConvolutionGeometry, _ input: Tensor, _ gradient: Tensor, bias: Bool)
  -> (Tensor, Tensor?)
{
  let entry = ConvolutionPrimitives.backwardWeights(geometry, bias: bias)
  let plain = Layout.weights(geometry.weightDimensions)
  let result = Tensor(uninitialized: Shape(geometry.weightDimensions))
  let preferred = entry.weights === plain ? result.storage : Storage(count: entry.weights.floatCount)
  let biasResult = bias ? Tensor(uninitialized: [geometry.outputs]) : nil
  var buffers = [
    input.raw, gradient.raw, preferred.raw,
  ]
  if let biasResult { buffers.append(biasResult.raw) }
  entry.primitive.execute(buffers)
  if preferred !== result.storage {
    Reorder.between(entry.weights, plain).execute([
      preferred.raw, result.raw,
    ])
  }
  return (result, biasResult)
}

extension ConvolutionPrimitives.Entry {
  /// Runs on NHWC buffers; around a Winograd kernel stand a reorder to channel blocks and one back.
  func run(
    source: Storage, _ sourceLayout: Layout, _ blockedSource: Layout, destination: Storage, _ destinationLayout: Layout,
    _ blockedDestination: Layout, fillsDestination: Bool,
    _ buffers: (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> [UnsafeMutableRawPointer]
  ) {
    let from = source.raw
    let to = destination.raw
    guard isWinograd else { return primitive.execute(buffers(from, to)) }
    let blockedFrom = Storage(count: blockedSource.floatCount)
    let blockedTo = Storage(count: blockedDestination.floatCount)
    Reorder.between(sourceLayout, blockedSource).execute([from, blockedFrom.raw])
    if fillsDestination {
      Reorder.between(destinationLayout, blockedDestination).execute([to, blockedTo.raw])
    }
    primitive.execute(
      buffers(blockedFrom.raw, blockedTo.raw))
    Reorder.between(blockedDestination, destinationLayout).execute([blockedTo.raw, to])
  }
}
