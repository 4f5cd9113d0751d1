import NeuralNetworks
import Tensors

/// Three convolutions that bring a feature map to another width: 1×1 to a middle one, 3×3 within it, 1×1 out of it, with
/// batch normalisation and ReLU behind the first two, and behind the third where asked for.
///
/// No biases; weights uniform in ±1/√(inputs × kernel area), PyTorch's default.
public final class BottleneckProjector: Module {
  let convolutions: [Convolution2D]
  private let normalizations: [BatchNormalization2D]

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - middle: channels in between.
  ///   - outputs: channels of the output.
  ///   - endsNormalized: whether normalisation and ReLU follow the last convolution too.
  ///   - initialiser: gives the weights.
  public init(_ inputs: Int, middle: Int, _ outputs: Int, endsNormalized: Bool, _ initialiser: Initialiser) {
    convolutions = [(inputs, middle, 1), (middle, middle, 3), (middle, outputs, 1)].map { inputs, outputs, kernel in
      Convolution2D(
        weight: initialiser.uniform([outputs, inputs, kernel, kernel], fanIn: inputs * kernel * kernel),
        form: ConvolutionForm(padding: HeightWidth(kernel / 2)))
    }
    normalizations =
      [middle, middle].map { BatchNormalization2D($0) }
      + (endsNormalized ? [BatchNormalization2D(outputs)] : [])
  }

  /// [batch, height, width, inputs] → [batch, height, width, outputs].
  public func callAsFunction(_ map: Tensor, _ pass: ForwardPass) -> Tensor {
    convolutions.enumerated().reduce(map) { x, layer in
      let output = layer.element(x)
      guard layer.offset < normalizations.count else { return output }
      return normalizations[layer.offset](output, pass, relu: true)
    }
  }

  /// `conv1 bn1 conv2 bn2 conv3`, and `bn3` where there is one.
  public func visit(_ visitor: ParameterVisitor) {
    for (index, convolution) in convolutions.enumerated() {
      visitor.visit("conv\(index + 1)", convolution)
      if index < normalizations.count { visitor.visit("bn\(index + 1)", normalizations[index]) }
    }
  }

  /// Puts the layers into a table, under the name of the projector.
  func describe(_ name: String, _ list: inout LayerList) {
    for (index, convolution) in convolutions.enumerated() {
      list.convolution(
        "\(name).conv\(index + 1)", convolution,
        normalization: index < normalizations.count ? "\(name).bn\(index + 1)" : nil)
    }
  }
}
