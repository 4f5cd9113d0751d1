import COneDNN
import Support

/// A convolution without bias: activations NHWC, a plain oihw master that is reordered into the library's preferred
/// layouts in every step, as an optimiser has changed it.
final class RawConvolution {
  let output: RawTensor
  private let input: RawTensor
  private let geometry: RawConvolutionGeometry
  private let forward: RawPrimitive
  private let winograd: RawWinogradConvolution?
  private let master: (value: RawTensor, gradient: RawTensor)

  /// Appends the forward pass.
  ///
  /// - Parameters:
  ///   - geometry: sizes of the convolution.
  ///   - input: [batch, channels, size, size].
  ///   - parameters: where the weights are kept.
  ///   - initial: draws a weight.
  ///   - mayUseWinograd: whether Winograd may be used where the rule says that it is faster.
  ///   - sequence: is appended to.
  init(
    _ geometry: RawConvolutionGeometry, of input: RawTensor, parameters: RawParameters, initial: () -> Float,
    winograd mayUseWinograd: Bool, to sequence: RawSequence
  ) {
    let session = sequence.session
    self.input = input
    self.geometry = geometry
    master = parameters.next(RawLayout.tagged(geometry.weightShape, dnnl_oihw), initial: initial)
    output = RawTensor(RawLayout.activations(geometry.outputShape), in: session)
    forward = geometry.forward(
      dnnl_convolution_direct, input: input.layout, output: output.layout, in: session
    )
    .unwrapped("direct convolution")
    winograd =
      mayUseWinograd ? RawWinogradConvolution(geometry, master: master, input: input, session: session) : nil
    if let winograd {
      winograd.appendForward(output: output, to: sequence)
    } else {
      let weights = Self.preferred(master.value, forward.layout(dnnl_query_weights_md), to: sequence)
      sequence.append(
        .convolutionForward, forward,
        [(DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DST, output)])
    }
  }

  /// Appends the gradients of the weights and, where the input has one, of the input.
  ///
  /// - Parameters:
  ///   - gradient: of the output, NHWC.
  ///   - inputGradient: is filled, NHWC; nothing for the first layer of a network.
  ///   - sequence: is appended to.
  func appendBackward(_ gradient: RawTensor, into inputGradient: RawTensor?, to sequence: RawSequence) {
    let hasWeightGradient = winograd?.appendBackward(gradient, into: inputGradient, to: sequence) ?? false
    if !hasWeightGradient { appendWeightGradient(gradient, to: sequence) }
    guard let inputGradient, winograd == nil else { return }
    let primitive = geometry.backwardData(
      dnnl_convolution_direct, inputGradient: inputGradient.layout, gradient: gradient.layout, forward: forward,
      in: sequence.session
    ).unwrapped("backward data of a direct convolution")
    let weights = Self.preferred(master.value, primitive.layout(dnnl_query_weights_md), to: sequence)
    sequence.append(
      .convolutionBackwardData, primitive,
      [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DIFF_SRC, inputGradient)])
  }

  private func appendWeightGradient(_ gradient: RawTensor, to sequence: RawSequence) {
    let primitive = geometry.backwardWeights(
      dnnl_convolution_direct, input: input.layout, gradient: gradient.layout, forward: forward, in: sequence.session
    ).unwrapped("backward weights of a direct convolution")
    let layout = primitive.layout(dnnl_query_diff_weights_md)
    let isPlain = RawLayout.areEqual(layout, master.gradient.layout)
    let target = isPlain ? master.gradient : RawTensor(layout, in: sequence.session)
    sequence.append(
      .convolutionBackwardWeights, primitive,
      [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_WEIGHTS, target)])
    if !isPlain { sequence.appendReorder(.reorderWeights, from: target, to: master.gradient) }
  }

  /// Appends the copy of the master into a preferred layout.
  static func preferred(
    _ master: RawTensor, _ layout: dnnl_memory_desc_t, to sequence: RawSequence
  ) -> RawTensor {
    guard !RawLayout.areEqual(layout, master.layout) else { return master }
    let copy = RawTensor(layout, in: sequence.session)
    sequence.appendReorder(.reorderWeights, from: master, to: copy)
    return copy
  }
}

extension Optional {
  /// The value of a primitive that exists on every machine.
  func unwrapped(_ name: String) -> Wrapped {
    guard let self else { preconditionFailure("oneDNN: no \(name) on this machine") }
    return self
  }
}
