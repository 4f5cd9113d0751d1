/// How a kernel goes over a feature map.
public struct ConvolutionForm: Hashable, Sendable {
  /// From one place of the kernel to the next.
  public var stride: HeightWidth
  /// Zeros on every side.
  public var padding: HeightWidth
  /// From one element of the kernel to the next.
  public var dilation: HeightWidth
  /// Parts of the channels that do not see each other; as many as channels for a depthwise convolution.
  public var groups: Int

  /// - Parameters:
  ///   - stride: from one place of the kernel to the next.
  ///   - padding: zeros on every side.
  ///   - dilation: from one element of the kernel to the next.
  ///   - groups: parts of the channels that do not see each other.
  public init(
    stride: HeightWidth = 1, padding: HeightWidth = 0, dilation: HeightWidth = 1, groups: Int = 1
  ) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }
}

/// Two-dimensional convolution (cross-correlation) with one stride and one padding for both directions.
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
  convolution(
    input, weight, bias: bias, form: ConvolutionForm(stride: HeightWidth(stride), padding: HeightWidth(padding)))
}

/// A convolution of a frozen network with one stride and one padding for both directions.
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
  frozenConvolution(
    input, weight, bias: bias, residual: residual, relu: relu,
    form: ConvolutionForm(stride: HeightWidth(stride), padding: HeightWidth(padding)))
}
