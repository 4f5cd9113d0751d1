import Support
import Tensors

/// A convolution layer.
public final class Convolution2D: Module {
  /// [outputs, inputs / groups, kernel height, kernel width].
  public let weight: Parameter
  /// [outputs]; nil where batch normalisation follows.
  public let bias: Parameter?
  /// Stride, padding, dilation and groups.
  public let form: ConvolutionForm

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - form: stride, padding, dilation and groups.
  ///   - hasBias: whether a bias is added, zero at first.
  ///   - initialiser: gives the weights, He-normal over the outputs.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: HeightWidth, form: ConvolutionForm, bias hasBias: Bool = false,
    _ initialiser: Initialiser
  ) {
    precondition(
      inputs % form.groups == 0 && outputs % form.groups == 0,
      "Convolution2D: \(inputs) and \(outputs) channels in \(form.groups) groups")
    weight = Parameter(
      initialiser.heNormalOutputs([outputs, inputs / form.groups, kernel.height, kernel.width]), .weight)
    bias = hasBias ? Parameter(.zeros([outputs]), .bias) : nil
    self.form = form
  }

  /// A layer with a square kernel that goes the same way in both directions.
  ///
  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - stride: in both directions.
  ///   - padding: zeros on every side.
  ///   - groups: parts of the channels that do not see each other.
  ///   - hasBias: whether a bias is added, zero at first.
  ///   - initialiser: gives the weights, He-normal over the outputs.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
    bias hasBias: Bool = false, _ initialiser: Initialiser
  ) {
    self.init(
      inputs, outputs, kernel: HeightWidth(kernel),
      form: ConvolutionForm(stride: HeightWidth(stride), padding: HeightWidth(padding), groups: groups),
      bias: hasBias, initialiser)
  }

  /// A layer with given weights and no bias.
  ///
  /// - Parameters:
  ///   - weight: [outputs, inputs / groups, kernel height, kernel width].
  ///   - form: stride, padding, dilation and groups.
  public init(weight: Tensor, form: ConvolutionForm) {
    self.weight = Parameter(weight, .weight)
    bias = nil
    self.form = form
  }

  /// Height and width of the kernel.
  public var kernel: HeightWidth { HeightWidth(height: weight.tensor.shape[2], width: weight.tensor.shape[3]) }

  /// Height and width that a feature map of a height and width becomes.
  public func output(of input: HeightWidth) -> HeightWidth {
    func extent(_ part: KeyPath<HeightWidth, Int>) -> Int {
      let span = form.dilation[keyPath: part] * (kernel[keyPath: part] - 1) + 1
      return (input[keyPath: part] + 2 * form.padding[keyPath: part] - span) / form.stride[keyPath: part] + 1
    }
    return HeightWidth(height: extent(\.height), width: extent(\.width))
  }

  /// [batch, height, width, inputs] → [batch, height, width, outputs].
  public func callAsFunction(_ input: Tensor) -> Tensor {
    convolution(input, weight.tensor, bias: bias?.tensor, form: form)
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
      let output = frozenConvolution(input, weight.tensor, bias: bias.tensor, relu: true, form: form)
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
