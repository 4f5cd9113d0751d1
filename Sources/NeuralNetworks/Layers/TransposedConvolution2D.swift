import Support
import Tensors

/// A transposed convolution layer, which enlarges a feature map by its stride.
public final class TransposedConvolution2D: Module {
  /// [inputs, outputs / groups, kernel height, kernel width], PyTorch's order.
  public let weight: Parameter
  /// [outputs].
  public let bias: Parameter?
  /// Stride, padding, dilation and groups of the convolution whose transpose it is.
  public let form: ConvolutionForm
  /// Further rows below and columns on the right, smaller than the stride.
  public let outputPadding: HeightWidth

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - form: stride, padding, dilation and groups.
  ///   - outputPadding: further rows below and columns on the right, smaller than the stride.
  ///   - hasBias: whether a bias is added, zero at first.
  ///   - initialiser: gives the weights, He-normal over the weight's first axis, as PyTorch counts the fan.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: HeightWidth, form: ConvolutionForm, outputPadding: HeightWidth = 0,
    bias hasBias: Bool = false, _ initialiser: Initialiser
  ) {
    precondition(
      inputs % form.groups == 0 && outputs % form.groups == 0,
      "TransposedConvolution2D: \(inputs) and \(outputs) channels in \(form.groups) groups")
    weight = Parameter(
      initialiser.heNormalOutputs([inputs, outputs / form.groups, kernel.height, kernel.width]), .weight)
    bias = hasBias ? Parameter(.zeros([outputs]), .bias) : nil
    self.form = form
    self.outputPadding = outputPadding
  }

  /// [batch, height, width, inputs] → [batch, output height, output width, outputs].
  public func callAsFunction(_ input: Tensor) -> Tensor {
    transposedConvolution(input, weight.tensor, bias: bias?.tensor, form: form, outputPadding: outputPadding)
  }

  /// Weight, then bias.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", weight)
    if let bias { visitor.visit("bias", bias) }
  }
}
