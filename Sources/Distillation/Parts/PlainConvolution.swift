import NeuralNetworks
import Support
import Tensors

/// A convolution or transposed convolution with PyTorch's default initialisation: weights and bias uniform in ±1/√fan, where
/// the fan of a transposed convolution is counted over its outputs, as PyTorch does.
final class PlainConvolution: Module {
  private let weight: Parameter
  private let bias: Parameter
  private let form: ConvolutionForm
  private let isTransposed: Bool

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - form: stride and padding.
  ///   - isTransposed: whether it enlarges its input by the stride.
  ///   - initialiser: gives weights and bias.
  init(
    _ inputs: Int, _ outputs: Int, kernel: HeightWidth, form: ConvolutionForm = ConvolutionForm(),
    transposed isTransposed: Bool = false, _ initialiser: Initialiser
  ) {
    let ends = isTransposed ? [inputs, outputs] : [outputs, inputs]
    let fan = ends[1] * kernel.height * kernel.width
    weight = Parameter(initialiser.uniform(Shape(ends + [kernel.height, kernel.width]), fanIn: fan), .weight)
    bias = Parameter(initialiser.uniform([outputs], fanIn: fan), .bias)
    self.form = form
    self.isTransposed = isTransposed
  }

  /// [batch, height, width, inputs] → [batch, height, width, outputs].
  func callAsFunction(_ map: Tensor) -> Tensor {
    isTransposed
      ? transposedConvolution(map, weight.tensor, bias: bias.tensor, form: form)
      : convolution(map, weight.tensor, bias: bias.tensor, form: form)
  }

  /// What each of several maps gives to the convolution of all of them laid beside each other along the channels; their sum
  /// is that convolution, the bias being in the first. Maps of a kernel of one place may differ in size.
  func parts(of maps: [Tensor]) -> [Tensor] {
    precondition(!isTransposed, "parts of a transposed convolution")
    let kernels = weight.tensor.split(maps.map { $0.shape[3] }, alongAxis: 1)
    return maps.indices.map { place in
      convolution(maps[place], kernels[place], bias: place == 0 ? bias.tensor : nil, form: form)
    }
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", weight)
    visitor.visit("bias", bias)
  }
}
