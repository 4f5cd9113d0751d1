import COneDNN

/// The oneDNN primitives of one convolution geometry, each with the weight layout that it prefers.
///
/// On plain weights oneDNN falls to kernels that are up to 270 times slower, so each primitive chooses its layout
/// (format `any`) and the tensor keeps a copy in it.
enum ConvolutionPrimitives {
  /// One primitive, and what stands between it and NHWC activations.
  final class Entry: @unchecked Sendable {
    let primitive: Primitive
    let weights: Layout
    let isWinograd: Bool

    init(primitive: Primitive, weights: Layout, isWinograd: Bool) {
      self.primitive = primitive
      self.weights = weights
      self.isWinograd = isWinograd
    }
  }

  /// What is done in the same pass over the output, for inference.
  struct Fusion: Hashable, Sendable {
    var bias = false
    var residual = false
    var relu = false
  }

  private struct ForwardKey: Hashable, Sendable {
    let geometry: ConvolutionGeometry
    let fusion: Fusion
  }

  private static let forwards = PrimitiveCache<ForwardKey, Entry>()
  private static let backwardsData = PrimitiveCache<ConvolutionGeometry, Entry>()
  private static let backwardsWeights = PrimitiveCache<ForwardKey, Entry>()

  /// Buffers: source, weights, (bias), (residual), destination.
  static func forward(_ geometry: ConvolutionGeometry, _ fusion: Fusion) -> Entry {
    forwards(ForwardKey(geometry: geometry, fusion: fusion)) {
      if WinogradRule.winsForward(geometry), let entry = makeForward(geometry, fusion, winograd: true) { return entry }
      return unwrap(makeForward(geometry, fusion, winograd: false), "convolution for \(geometry)")
    }
  }

  /// Buffers: gradient of the output, weights, gradient of the input.
  static func backwardData(_ geometry: ConvolutionGeometry) -> Entry {
    backwardsData(geometry) {
      if WinogradRule.winsBackwardData(geometry), let entry = makeBackwardData(geometry, winograd: true) { return entry }
      return unwrap(makeBackwardData(geometry, winograd: false), "convolution backward for \(geometry)")
    }
  }

  /// Buffers: source, gradient of the output, gradient of the weights, (gradient of the bias).
  static func backwardWeights(_ geometry: ConvolutionGeometry, bias: Bool) -> Entry {
    backwardsWeights(ForwardKey(geometry: geometry, fusion: Fusion(bias: bias))) {
      let hint = directForward(geometry, bias: bias)
      var weights = Layout.any(geometry.weightDimensions)
      var operation = dnnl_convolution_desc_t()
      let biasLayout = Layout.vector(geometry.outputs)
      check(
        dnnl_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, geometry.inputLayout.descriptor, &weights,
          bias ? biasLayout.descriptor : nil, geometry.outputLayout.descriptor, geometry.strides,
          geometry.paddingBefore, geometry.paddingAfter), "describing convolution weight gradients")
      let descriptor = unwrap(Primitive.describe(&operation, hint: hint), "convolution weight gradients")
      let primitive = Primitive(
        "convolution weight gradients", descriptor, arguments: [1, 145, 161] + (bias ? [169] : []))
      return Entry(primitive: primitive, weights: primitive.layout(of: 161), isWinograd: false)
    }
  }

  private static func directForward(_ geometry: ConvolutionGeometry, bias: Bool) -> Primitive {
    unwrap(makeForward(geometry, Fusion(bias: bias), winograd: false), "convolution for \(geometry)").primitive
  }

  private static func makeForward(_ geometry: ConvolutionGeometry, _ fusion: Fusion, winograd: Bool) -> Entry? {
    var weights = Layout.any(geometry.weightDimensions)
    var operation = dnnl_convolution_desc_t()
    let source = winograd ? geometry.blockedInputLayout : geometry.inputLayout
    let destination = winograd ? geometry.blockedOutputLayout : geometry.outputLayout
    let bias = Layout.vector(geometry.outputs)
    // Backward primitives take this one as their hint, and oneDNN wants the hint to be one for training.
    let kind = fusion.residual || fusion.relu ? dnnl_forward_inference : dnnl_forward_training
    check(
      dnnl_convolution_forward_desc_init(
        &operation, kind, winograd ? dnnl_convolution_winograd : dnnl_convolution_direct, source.descriptor, &weights,
        fusion.bias ? bias.descriptor : nil, destination.descriptor, geometry.strides, geometry.paddingBefore,
        geometry.paddingAfter), "describing a convolution")
    var attributes: dnnl_primitive_attr_t?
    check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    var operations: dnnl_post_ops_t?
    check(dnnl_post_ops_create(&operations), "post-operations")
    defer { dnnl_post_ops_destroy(operations) }
    if fusion.residual { check(dnnl_post_ops_append_sum(operations, 1), "post-operations") }
    if fusion.relu { check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "post-operations") }
    check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
    guard let descriptor = Primitive.describe(&operation, attributes: attributes) else { return nil }
    let primitive = Primitive(
      "convolution", descriptor, arguments: [1, 33] + (fusion.bias ? [41] : []) + [17])
    return Entry(primitive: primitive, weights: primitive.layout(of: 33), isWinograd: winograd)
  }

  private static func makeBackwardData(_ geometry: ConvolutionGeometry, winograd: Bool) -> Entry? {
    guard let hint = makeForward(geometry, Fusion(), winograd: winograd) else { return nil }
    var weights = Layout.any(geometry.weightDimensions)
    var operation = dnnl_convolution_desc_t()
    let source = winograd ? geometry.blockedInputLayout : geometry.inputLayout
    let destination = winograd ? geometry.blockedOutputLayout : geometry.outputLayout
    check(
      dnnl_convolution_backward_data_desc_init(
        &operation, winograd ? dnnl_convolution_winograd : dnnl_convolution_direct, source.descriptor, &weights,
        destination.descriptor, geometry.strides, geometry.paddingBefore, geometry.paddingAfter),
      "describing a convolution backward")
    guard let descriptor = Primitive.describe(&operation, hint: hint.primitive) else { return nil }
    let primitive = Primitive("convolution backward", descriptor, arguments: [145, 33, 129])
    return Entry(primitive: primitive, weights: primitive.layout(of: 33), isWinograd: winograd)
  }
}
