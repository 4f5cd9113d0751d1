import NeuralNetworks
import Tensors

/// A residual block whose normalisations stand before its convolutions (Zagoruyko & Komodakis, BMVC 2016, figure 1a).
///
/// Where the channels change, the shortcut too starts behind the first ReLU. The output has no ReLU: `bn1` of the next
/// block, or of the network, gives it one.
final class WideBlock: Module {
  private let normalization: BatchNormalization2D
  private let first: NormalizedConvolution
  private let second: Convolution2D
  private let shortcut: Convolution2D?
  private let dropout: Float

  init(_ inputs: Int, _ outputs: Int, stride: Int, dropout: Float, _ initialiser: Initialiser) {
    normalization = BatchNormalization2D(inputs)
    first = NormalizedConvolution(inputs, outputs, stride: stride, initialiser)
    second = Convolution2D(outputs, outputs, kernel: 3, padding: 1, initialiser)
    shortcut = inputs == outputs ? nil : Convolution2D(inputs, outputs, kernel: 1, stride: stride, initialiser)
    self.dropout = dropout
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as names: [String]) -> Tensor {
    let normalized = normalization.activated(x, pass, as: ["\(names[0]).bn1"])
    if pass.isDone { return normalized }
    var hidden = first(normalized, pass, as: ["\(names[0]).bn2"])
    if pass.isDone { return hidden }
    if dropout > 0, pass.mode == .training { hidden = hidden.dropout(rate: dropout, random: pass.nextRandom()) }
    let output = second(hidden) + (shortcut.map { $0(normalized) } ?? x)
    pass.offer(output, as: names)
    return output
  }

  func describe(_ name: String, _ list: inout LayerList) {
    list.normalization("\(name).bn1", normalization)
    list.point("\(name).bn1")
    list.convolution("\(name).conv1", first.convolution, normalization: "\(name).bn2")
    list.point("\(name).bn2")
    list.convolution("\(name).conv2", second)
    if let shortcut { list.convolution("\(name).convShortcut", shortcut, isShortcut: true) }
    list.point(name, hasRelu: false)
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("bn1", normalization)
    first.visit(visitor, convolution: "conv1", normalization: "bn2")
    visitor.visit("conv2", second)
    if let shortcut { visitor.visit("convShortcut", shortcut) }
  }
}
