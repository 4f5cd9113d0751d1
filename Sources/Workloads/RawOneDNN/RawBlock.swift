import COneDNN

/// A basic residual block (He et al., CVPR 2016): two 3×3 convolutions, and a 1×1 convolution as shortcut where the
/// shape changes.
final class RawBlock {
  let output: RawTensor
  private let input: RawTensor
  private let first: (convolution: RawConvolution, normalisation: RawBatchNorm)
  private let second: (convolution: RawConvolution, normalisation: RawBatchNorm)
  private let shortcut: (convolution: RawConvolution, normalisation: RawBatchNorm)?

  /// Appends the forward pass.
  init(
    of input: RawTensor, geometry: RawConvolutionGeometry, parameters: RawParameters,
    initial: @escaping (_ fanOut: Int) -> Float, winograd: Bool, to sequence: RawSequence
  ) {
    func layer(
      _ geometry: RawConvolutionGeometry, of input: RawTensor, relu: Bool
    ) -> (convolution: RawConvolution, normalisation: RawBatchNorm) {
      let fanOut = geometry.outputChannels * geometry.kernel * geometry.kernel
      let convolution = RawConvolution(
        geometry, of: input, parameters: parameters, initial: { initial(fanOut) }, winograd: winograd, to: sequence)
      return (
        convolution,
        RawBatchNorm(of: convolution.output, relu: relu, parameters: parameters, to: sequence)
      )
    }
    self.input = input
    first = layer(geometry, of: input, relu: true)
    var inner = geometry
    (inner.inputChannels, inner.size, inner.stride) = (geometry.outputChannels, geometry.outputSize, 1)
    second = layer(inner, of: first.normalisation.output, relu: false)
    if geometry.stride != 1 || geometry.inputChannels != geometry.outputChannels {
      var projection = geometry
      projection.kernel = 1
      shortcut = layer(projection, of: input, relu: false)
    } else {
      shortcut = nil
    }
    // The sum overwrites the second normalisation's output, which no gradient needs.
    output = second.normalisation.output
    RawResidual.appendSumAndReLU(output, shortcut?.normalisation.output ?? input, to: sequence)
  }

  /// Appends the backward pass.
  ///
  /// - Parameters:
  ///   - gradient: before this block's last ReLU; overwritten.
  ///   - sequence: is appended to.
  /// - Returns: the gradient before the ReLU whose output is the input.
  func appendBackward(_ gradient: RawTensor, to sequence: RawSequence) -> RawTensor {
    let middle = sequence.shared("middle", first.normalisation.output.layout)
    let candidate = sequence.shared("even", input.layout)
    let inputGradient = candidate === gradient ? sequence.shared("odd", input.layout) : candidate
    // The shortcut needs the gradient too, so this batch norm does not work in place.
    let main = sequence.shared("main", gradient.layout)
    second.normalisation.appendBackward(gradient, into: main, to: sequence)
    second.convolution.appendBackward(main, into: middle, to: sequence)
    RawResidual.appendMask(middle, output: first.normalisation.output, to: sequence)
    first.normalisation.appendBackward(middle, into: middle, to: sequence)
    first.convolution.appendBackward(middle, into: inputGradient, to: sequence)
    var passed = gradient
    if let shortcut {
      passed = sequence.shared("main", input.layout)
      shortcut.normalisation.appendBackward(gradient, into: gradient, to: sequence)
      shortcut.convolution.appendBackward(gradient, into: passed, to: sequence)
    }
    RawResidual.appendSumAndMask(inputGradient, passed, output: input, to: sequence)
    return inputGradient
  }
}
