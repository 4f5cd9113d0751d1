import NeuralNetworks
import Tensors

/// Two 3×3 convolutions and a shortcut (He et al., CVPR 2016, figure 2).
final class BasicBlock: Module {
  private let first: NormalizedConvolution
  private let second: NormalizedConvolution
  private let shortcut: NormalizedConvolution?

  init(_ inputs: Int, _ outputs: Int, stride: Int, _ initialiser: Initialiser) {
    first = NormalizedConvolution(inputs, outputs, stride: stride, initialiser)
    second = NormalizedConvolution(outputs, outputs, initialiser)
    shortcut =
      stride != 1 || inputs != outputs
      ? NormalizedConvolution(inputs, outputs, kernel: 1, stride: stride, padding: 0, initialiser) : nil
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    let hidden = first(x, pass)
    let residual = shortcut.map { $0(x, pass, relu: false) } ?? x
    return second(hidden, pass, residual: residual, as: layers)
  }

  func describe(_ name: String, _ list: inout LayerList) {
    list.convolution("\(name).conv1", first.convolution, normalization: "\(name).bn1")
    list.convolution("\(name).conv2", second.convolution, normalization: "\(name).bn2")
    if let shortcut {
      list.convolution(
        "\(name).downsample.0", shortcut.convolution, normalization: "\(name).downsample.1", isShortcut: true)
    }
    list.point(name)
  }

  func visit(_ visitor: ParameterVisitor) {
    first.visit(visitor, convolution: "conv1", normalization: "bn1")
    second.visit(visitor, convolution: "conv2", normalization: "bn2")
    shortcut?.visit(visitor, convolution: "downsample.0", normalization: "downsample.1")
  }
}
