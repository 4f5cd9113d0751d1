import NeuralNetworks
import Tensors

/// A 1×1 convolution that widens, a 3×3 one per channel, a 1×1 one that narrows and has no ReLU behind it, and the input
/// added where the shapes agree (Sandler et al., CVPR 2018, figure 4).
final class InvertedResidual: Module {
  /// Names of convolutions and normalisations: of the widening, the per-channel and the narrowing one.
  private let names: [(convolution: String, normalization: String)]
  private let units: [NormalizedConvolution]
  private let addsInput: Bool

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - stride: of the 3×3 convolution.
  ///   - expansion: factor of the channels between the 1×1 convolutions.
  ///   - style: names, ReLU, and whether a factor of one still has its widening convolution.
  ///   - initialiser: gives the weights.
  init(
    _ inputs: Int, _ outputs: Int, stride: Int, expansion: Int, _ style: MobileNetV2.Style, _ initialiser: Initialiser
  ) {
    let width = inputs * expansion
    let depthwise = NormalizedConvolution(
      width, width, stride: stride, groups: width, rectifier: style.rectifier, initialiser)
    let narrowing = NormalizedConvolution(width, outputs, kernel: 1, padding: 0, initialiser)
    if style == .torchvision, expansion == 1 {
      names = [("conv.0.0", "conv.0.1"), ("conv.1", "conv.2")]
      units = [depthwise, narrowing]
    } else {
      names =
        style == .torchvision
        ? [("conv.0.0", "conv.0.1"), ("conv.1.0", "conv.1.1"), ("conv.2", "conv.3")]
        : [("conv.0", "conv.1"), ("conv.3", "conv.4"), ("conv.6", "conv.7")]
      let widening = NormalizedConvolution(
        inputs, width, kernel: 1, padding: 0, rectifier: style.rectifier, initialiser)
      units = [widening, depthwise, narrowing]
    }
    addsInput = stride == 1 && inputs == outputs
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    var hidden = x
    for unit in units.dropLast() { hidden = unit(hidden, pass) }
    let output = units[units.count - 1](hidden, pass, relu: false, residual: addsInput ? x : nil)
    pass.offer(output, as: layers)
    return output
  }

  func describe(_ name: String, _ list: inout LayerList) {
    for (unit, names) in zip(units, names) {
      list.convolution(
        "\(name).\(names.convolution)", unit.convolution, normalization: "\(name).\(names.normalization)")
    }
    list.point(name, hasRelu: false)
  }

  func visit(_ visitor: ParameterVisitor) {
    for (unit, names) in zip(units, names) {
      unit.visit(visitor, convolution: names.convolution, normalization: names.normalization)
    }
  }
}
