import Tensors

/// A convolution layer.
public final class Convolution2D: Module {
  /// [outputs, inputs, kernel, kernel].
  public let weight: Parameter
  /// [outputs]; nil where batch normalisation follows.
  public let bias: Parameter?
  /// In both directions.
  public let stride: Int
  /// Zeros on every side.
  public let padding: Int

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - stride: in both directions.
  ///   - padding: zeros on every side.
  ///   - hasBias: whether a bias is added, zero at first.
  ///   - initialiser: gives the weights, He-normal over the outputs.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias hasBias: Bool = false,
    _ initialiser: Initialiser
  ) {
    weight = Parameter(initialiser.heNormalOutputs([outputs, inputs, kernel, kernel]), .weight)
    bias = hasBias ? Parameter(.zeros([outputs]), .bias) : nil
    self.stride = stride
    self.padding = padding
  }

  /// [batch, height, width, inputs] → [batch, height, width, outputs].
  public func callAsFunction(_ input: Tensor) -> Tensor {
    convolution(input, weight.tensor, bias: bias?.tensor, stride: stride, padding: padding)
  }

  /// Convolution, then ReLU, offered as a feature before and after it; one fused pass where nothing is recorded of it.
  ///
  /// - Parameters:
  ///   - input: [batch, height, width, inputs].
  ///   - pass: mode and wanted features.
  ///   - layers: names under which the output is offered.
  /// - Returns: [batch, output height, output width, outputs].
  public func activated(_ input: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    let isTrained = isRecording && trainableParameters.contains { $0.tensor.requiresGradient }
    if let bias, pass.mode == .evaluation, !isTrained, !pass.wantsPreActivation(of: layers) {
      let output = frozenConvolution(
        input, weight.tensor, bias: bias.tensor, relu: true, stride: stride, padding: padding)
      pass.offer(output, as: layers)
      return output
    }
    return pass.activated(self(input), as: layers)
  }

  /// Weight, then bias.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", weight)
    if let bias { visitor.visit("bias", bias) }
  }
}
