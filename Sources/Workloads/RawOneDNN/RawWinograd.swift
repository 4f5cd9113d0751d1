import COneDNN

/// A 3×3 convolution of stride 1 by Winograd's minimal filtering (Lavin and Gray, CVPR 2016), F(4×4, 3×3).
///
/// The library has it in the blocked layout nChw16c alone, so activations are reordered on the way in and out. Its
/// primitives are made for one image more than the batch has, always zero: at batch sizes that are powers of two the
/// strides of the transformed tiles fall on the same cache sets and cost up to half of the speed.
final class RawWinogradConvolution {
  private let geometry: RawConvolutionGeometry
  private let master: (value: RawTensor, gradient: RawTensor)
  private let input: RawTensor
  private let forward: RawPrimitive
  private let session: RawSession
  private let blockedInput: BlockedActivations

  /// - Returns: nothing where direct convolution is faster or the machine has no Winograd.
  init?(
    _ geometry: RawConvolutionGeometry, master: (value: RawTensor, gradient: RawTensor), input: RawTensor,
    session: RawSession
  ) {
    guard geometry.kernel == 3, geometry.stride == 1, geometry.inputChannels >= 32, geometry.size >= 8 else {
      return nil
    }
    var padded = geometry
    padded.batch += 1
    let blocked = RawLayout.tagged(padded.inputShape, dnnl_nChw16c)
    let blockedOutput = RawLayout.tagged(padded.outputShape, dnnl_nChw16c)
    guard
      let forward = padded.forward(dnnl_convolution_winograd, input: blocked, output: blockedOutput, in: session)
    else { return nil }
    self.geometry = padded
    self.master = master
    self.input = input
    self.forward = forward
    self.session = session
    blockedInput = BlockedActivations(batch: geometry.batch, padded: blocked, in: session)
  }

  func appendForward(output: RawTensor, to sequence: RawSequence) {
    let weights = RawConvolution.preferred(master.value, forward.layout(dnnl_query_weights_md), to: sequence)
    let result = blocked(geometry.outputShape)
    sequence.appendReorder(.reorderActivations, from: input, to: blockedInput.images)
    sequence.append(
      .convolutionForward, forward,
      [(DNNL_ARG_SRC, blockedInput.all), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DST, result.all)])
    sequence.appendReorder(.reorderActivations, from: result.images, to: output)
  }

  /// Appends both gradients; they share the reordered gradient of the output, and the forward pass's input.
  func appendBackward(_ gradient: RawTensor, into inputGradient: RawTensor?, to sequence: RawSequence) {
    let incoming = blocked(geometry.outputShape)
    sequence.appendReorder(.reorderActivations, from: gradient, to: incoming.images)
    appendWeightGradient(incoming.all, to: sequence)
    guard let inputGradient else { return }
    let outgoing = blocked(geometry.inputShape)
    let primitive = geometry.backwardData(
      dnnl_convolution_winograd, inputGradient: outgoing.all.layout, gradient: incoming.all.layout, forward: forward,
      in: session
    ).unwrapped("backward data of a Winograd convolution")
    let weights = RawConvolution.preferred(master.value, primitive.layout(dnnl_query_weights_md), to: sequence)
    sequence.append(
      .convolutionBackwardData, primitive,
      [(DNNL_ARG_DIFF_DST, incoming.all), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DIFF_SRC, outgoing.all)])
    sequence.appendReorder(.reorderActivations, from: outgoing.images, to: inputGradient)
  }

  private func appendWeightGradient(_ gradient: RawTensor, to sequence: RawSequence) {
    let primitive = geometry.backwardWeights(
      dnnl_convolution_winograd, input: blockedInput.all.layout, gradient: gradient.layout, forward: forward,
      in: session
    ).unwrapped("backward weights of a Winograd convolution")
    let target = RawTensor(primitive.layout(dnnl_query_diff_weights_md), in: session)
    sequence.append(
      .convolutionBackwardWeights, primitive,
      [(DNNL_ARG_SRC, blockedInput.all), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_WEIGHTS, target)])
    sequence.appendReorder(.reorderWeights, from: target, to: master.gradient)
  }

  private func blocked(_ shape: [Int]) -> BlockedActivations {
    BlockedActivations(batch: shape[0] - 1, padded: RawLayout.tagged(shape, dnnl_nChw16c), in: session)
  }
}

/// Activations in blocks of 16 channels, with a view that leaves out the zero image at the end.
private struct BlockedActivations {
  let all: RawTensor
  let images: RawTensor

  init(batch: Int, padded layout: dnnl_memory_desc_t, in session: RawSession) {
    all = RawTensor(layout, in: session)
    let shape = [batch, Int(layout.dims.1), Int(layout.dims.2), Int(layout.dims.3)]
    images = RawTensor(RawLayout.tagged(shape, dnnl_nChw16c), in: session, viewing: all)
  }
}
