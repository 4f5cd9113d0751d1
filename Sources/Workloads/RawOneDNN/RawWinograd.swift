import COneDNN

/// A 3×3 convolution of stride 1 by Winograd's minimal filtering (Lavin and Gray, CVPR 2016), F(4×4, 3×3).
///
/// The library has it in the blocked layout nChw16c alone, so activations are reordered on the way in and out.
final class RawWinogradConvolution {
  private let geometry: RawConvolutionGeometry
  private let batch: Int
  private let rule: RawWinogradRule
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
    rule = RawWinogradRule(geometry)
    guard rule.appliesToActivations else { return nil }
    var padded = geometry
    padded.batch = rule.paddedBatch
    let blocked = RawLayout.tagged(padded.inputShape, dnnl_nChw16c)
    let blockedOutput = RawLayout.tagged(padded.outputShape, dnnl_nChw16c)
    guard
      let forward = padded.forward(dnnl_convolution_winograd, input: blocked, output: blockedOutput, in: session)
    else { return nil }
    self.geometry = padded
    batch = geometry.batch
    self.master = master
    self.input = input
    self.forward = forward
    self.session = session
    blockedInput = BlockedActivations(RawTensor(blocked, in: session), batch: batch, in: session)
  }

  func appendForward(output: RawTensor, to sequence: RawSequence) {
    let weights = RawConvolution.preferred(master.value, forward.layout(dnnl_query_weights_md), to: sequence)
    let result = blocked("result", geometry.outputShape, sequence)
    sequence.appendReorder(.reorderActivations, from: input, to: blockedInput.images)
    sequence.append(
      .convolutionForward, forward,
      [(DNNL_ARG_SRC, blockedInput.all), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DST, result.all)])
    sequence.appendReorder(.reorderActivations, from: result.images, to: output)
  }

  /// Appends the gradients; they share the reordered gradient of the output, and the forward pass's input.
  ///
  /// - Returns: whether the gradient of the weights is among them; by the rule it may be left to direct convolution.
  func appendBackward(_ gradient: RawTensor, into inputGradient: RawTensor?, to sequence: RawSequence) -> Bool {
    let incoming = blocked("incoming", geometry.outputShape, sequence)
    sequence.appendReorder(.reorderActivations, from: gradient, to: incoming.images)
    if rule.appliesToWeights { appendWeightGradient(incoming.all, to: sequence) }
    guard let inputGradient else { return rule.appliesToWeights }
    let outgoing = blocked("outgoing", geometry.inputShape, sequence)
    let primitive = geometry.backwardData(
      dnnl_convolution_winograd, inputGradient: outgoing.all.layout, gradient: incoming.all.layout, forward: forward,
      in: session
    ).unwrapped("backward data of a Winograd convolution")
    let weights = RawConvolution.preferred(master.value, primitive.layout(dnnl_query_weights_md), to: sequence)
    sequence.append(
      .convolutionBackwardData, primitive,
      [(DNNL_ARG_DIFF_DST, incoming.all), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DIFF_SRC, outgoing.all)])
    sequence.appendReorder(.reorderActivations, from: outgoing.images, to: inputGradient)
    return rule.appliesToWeights
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

  private func blocked(_ role: String, _ shape: [Int], _ sequence: RawSequence) -> BlockedActivations {
    BlockedActivations(sequence.shared(role, RawLayout.tagged(shape, dnnl_nChw16c)), batch: batch, in: session)
  }
}

/// Activations in blocks of 16 channels, with a view that leaves out the zero images at the end.
private struct BlockedActivations {
  let all: RawTensor
  let images: RawTensor

  init(_ all: RawTensor, batch: Int, in session: RawSession) {
    self.all = all
    let sizes = all.layout.dims
    let shape = [batch, Int(sizes.1), Int(sizes.2), Int(sizes.3)]
    images = RawTensor(RawLayout.tagged(shape, dnnl_nChw16c), in: session, viewing: all)
  }
}
