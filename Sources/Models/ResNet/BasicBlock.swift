import NeuralNetworks
import Tensors

/// A part of a residual network: convolutions beside a shortcut, then a ReLU.
protocol ResidualBlock: Module {
  /// Runs the block and offers its output, before and after the ReLU.
  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor
  /// Puts the block's layers and its probe point on the list.
  func describe(_ name: String, _ list: inout LayerList)
}

/// Two 3×3 convolutions and a shortcut (He et al., CVPR 2016, figure 2).
final class BasicBlock: ResidualBlock {
  private let first: NormalizedConvolution
  private let second: NormalizedConvolution
  private let shortcut: NormalizedConvolution?
  private let padding: ZeroPaddedShortcut?

  init(_ inputs: Int, _ outputs: Int, stride: Int, pads: Bool = false, _ initialiser: Initialiser) {
    first = NormalizedConvolution(inputs, outputs, stride: stride, initialiser)
    second = NormalizedConvolution(outputs, outputs, initialiser)
    shortcut = pads ? nil : .shortcut(inputs, outputs, stride: stride, initialiser)
    padding = pads ? ZeroPaddedShortcut(inputs, outputs, stride: stride) : nil
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    let hidden = first(x, pass)
    let residual = shortcut.map { $0(x, pass, relu: false) } ?? padding.map { $0(x) } ?? x
    return second(hidden, pass, residual: residual, as: layers)
  }

  func describe(_ name: String, _ list: inout LayerList) {
    list.shortcut(shortcut?.convolution, name) { list in
      list.convolution("\(name).conv1", first.convolution, normalization: "\(name).bn1")
      list.convolution("\(name).conv2", second.convolution, normalization: "\(name).bn2")
    }
    list.point(name)
  }

  func visit(_ visitor: ParameterVisitor) {
    first.visit(visitor, convolution: "conv1", normalization: "bn1")
    second.visit(visitor, convolution: "conv2", normalization: "bn2")
    shortcut?.visit(visitor, convolution: "downsample.0", normalization: "downsample.1")
  }
}

/// A 1×1, a 3×3 and a 1×1 convolution that gives four times the channels, and a shortcut (He et al., CVPR 2016,
/// figure 5). The 3×3 convolution has the stride, as in torchvision ("ResNet v1.5").
final class Bottleneck: ResidualBlock {
  private let first: NormalizedConvolution
  private let second: NormalizedConvolution
  private let third: NormalizedConvolution
  private let shortcut: NormalizedConvolution?

  init(_ inputs: Int, _ width: Int, stride: Int, _ initialiser: Initialiser) {
    first = NormalizedConvolution(inputs, width, kernel: 1, padding: 0, initialiser)
    second = NormalizedConvolution(width, width, stride: stride, initialiser)
    third = NormalizedConvolution(width, 4 * width, kernel: 1, padding: 0, initialiser)
    shortcut = .shortcut(inputs, 4 * width, stride: stride, initialiser)
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, as layers: [String]) -> Tensor {
    let hidden = second(first(x, pass), pass)
    let residual = shortcut.map { $0(x, pass, relu: false) } ?? x
    return third(hidden, pass, residual: residual, as: layers)
  }

  func describe(_ name: String, _ list: inout LayerList) {
    list.shortcut(shortcut?.convolution, name) { list in
      list.convolution("\(name).conv1", first.convolution, normalization: "\(name).bn1")
      list.convolution("\(name).conv2", second.convolution, normalization: "\(name).bn2")
      list.convolution("\(name).conv3", third.convolution, normalization: "\(name).bn3")
    }
    list.point(name)
  }

  func visit(_ visitor: ParameterVisitor) {
    first.visit(visitor, convolution: "conv1", normalization: "bn1")
    second.visit(visitor, convolution: "conv2", normalization: "bn2")
    third.visit(visitor, convolution: "conv3", normalization: "bn3")
    shortcut?.visit(visitor, convolution: "downsample.0", normalization: "downsample.1")
  }
}

/// A shortcut without parameters that changes the size (option A of He et al., CVPR 2016, section 3.3): every second
/// pixel, and channels of zeros on both sides.
private struct ZeroPaddedShortcut {
  private let stride: Int
  private let before: Int
  private let after: Int

  /// Nil where the size does not change.
  init?(_ inputs: Int, _ outputs: Int, stride: Int) {
    guard stride != 1 || inputs != outputs else { return nil }
    self.stride = stride
    before = (outputs - inputs) / 2
    after = outputs - inputs - before
  }

  /// [batch, height, width, inputs] → [batch, ⌈height / stride⌉, ⌈width / stride⌉, outputs].
  func callAsFunction(_ x: Tensor) -> Tensor {
    averagePooling(x, size: 1, stride: stride).padded(before: [0, 0, 0, before], after: [0, 0, 0, after])
  }
}

extension NormalizedConvolution {
  /// The 1×1 convolution of a shortcut that changes the size (option B); nil where it does not.
  fileprivate static func shortcut(
    _ inputs: Int, _ outputs: Int, stride: Int, _ initialiser: Initialiser
  ) -> NormalizedConvolution? {
    guard stride != 1 || inputs != outputs else { return nil }
    return NormalizedConvolution(inputs, outputs, kernel: 1, stride: stride, padding: 0, initialiser)
  }
}

extension LayerList {
  /// A residual block's branch, then its shortcut, which has the branch's output.
  fileprivate mutating func shortcut(
    _ convolution: Convolution2D?, _ name: String, after branch: (inout LayerList) -> Void
  ) {
    branch(&self)
    guard let convolution else { return }
    self.convolution(
      "\(name).downsample.0", convolution, normalization: "\(name).downsample.1", isShortcut: true)
  }
}
