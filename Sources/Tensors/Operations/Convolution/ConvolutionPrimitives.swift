import COneDNN

/// The oneDNN primitives of one convolution geometry, each with the weight layout that it prefers.
///
/// On plain weights oneDNN falls to kernels that are up to 270 times slower, so each primitive chooses its layout
/// (format `any`) and the tensor keeps a copy in it.
enum ConvolutionPrimitives {
  /// One primitive, the weight layout that it prefers, and the batch that it was made for.
  final class Entry: @unchecked Sendable {
    let primitive: Primitive
    let weights: Layout
    /// Set for a Winograd kernel: it wants channel blocks, and this many images.
    let blockedBatch: Int?

    init(primitive: Primitive, weights: Layout, blockedBatch: Int?) {
      self.primitive = primitive
      self.weights = weights
      self.blockedBatch = blockedBatch
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

  /// Buffers: source, weights, (bias), destination; a residual stands in the destination before.
  static func forward(_ geometry: ConvolutionGeometry, _ fusion: Fusion) -> Entry {
    forwards(ForwardKey(geometry: geometry, fusion: fusion)) {
      let rule = WinogradRule(geometry)
      if rule.winsActivations, let entry = makeForward(geometry.withBatch(rule.batch), fusion, winograd: true) {
        return entry
      }
      return unwrap(makeForward(geometry, fusion, winograd: false), "convolution for \(geometry)")
    }
  }

  /// Buffers: gradient of the output, weights, gradient of the input.
  static func backwardData(_ geometry: ConvolutionGeometry) -> Entry {
    backwardsData(geometry) {
      let rule = WinogradRule(geometry)
      if rule.winsActivations, let entry = makeBackwardData(geometry.withBatch(rule.batch), winograd: true) {
        return entry
      }
      return unwrap(makeBackwardData(geometry, winograd: false), "convolution backward for \(geometry)")
    }
  }

  /// Buffers: source, gradient of the output, gradient of the weights, (gradient of the bias).
  static func backwardWeights(_ geometry: ConvolutionGeometry, bias: Bool) -> Entry {
    backwardsWeights(ForwardKey(geometry: geometry, fusion: Fusion(bias: bias))) {
      let rule = WinogradRule(geometry)
      if rule.winsWeights, !bias, let entry = makeBackwardWeights(geometry.withBatch(rule.batch), bias, winograd: true)
      {
        return entry
      }
      return unwrap(
        makeBackwardWeights(geometry, bias, winograd: false), "convolution weight gradients for \(geometry)")
    }
  }

  private static func makeForward(_ geometry: ConvolutionGeometry, _ fusion: Fusion, winograd: Bool) -> Entry? {
    var weights = Layout.any(geometry.weightDimensions)
    var operation = dnnl_convolution_desc_t()
    let bias = Layout.vector(geometry.outputs)
    // Backward primitives take this one as their hint, and oneDNN wants the hint to be one for training.
    let kind = fusion.residual || fusion.relu ? dnnl_forward_inference : dnnl_forward_training
    check(
      dnnl_dilated_convolution_forward_desc_init(
        &operation, kind, algorithm(winograd), geometry.source(winograd).descriptor, &weights,
        fusion.bias ? bias.descriptor : nil, geometry.destination(winograd).descriptor, geometry.strides, geometry.gaps,
        geometry.paddingBefore, geometry.paddingAfter), "describing a convolution")
    let attributes = PostOperations(sum: fusion.residual, relu: fusion.relu)
    guard let descriptor = Primitive.describe(&operation, attributes) else { return nil }
    let primitive = Primitive("convolution", descriptor, arguments: [1, 33] + (fusion.bias ? [41] : []) + [17])
    return Entry(
      primitive: primitive, weights: primitive.layout(of: 33), blockedBatch: winograd ? geometry.batch : nil)
  }

  private static func makeBackwardData(_ geometry: ConvolutionGeometry, winograd: Bool) -> Entry? {
    guard let hint = makeForward(geometry, Fusion(), winograd: winograd) else { return nil }
    var weights = Layout.any(geometry.weightDimensions)
    var operation = dnnl_convolution_desc_t()
    check(
      dnnl_dilated_convolution_backward_data_desc_init(
        &operation, algorithm(winograd), geometry.source(winograd).descriptor, &weights,
        geometry.destination(winograd).descriptor, geometry.strides, geometry.gaps, geometry.paddingBefore,
        geometry.paddingAfter),
      "describing a convolution backward")
    guard let descriptor = Primitive.describe(&operation, hint: hint.primitive) else { return nil }
    let primitive = Primitive("convolution backward", descriptor, arguments: [145, 33, 129])
    return Entry(
      primitive: primitive, weights: primitive.layout(of: 33), blockedBatch: winograd ? geometry.batch : nil)
  }

  private static func makeBackwardWeights(_ geometry: ConvolutionGeometry, _ bias: Bool, winograd: Bool) -> Entry? {
    guard let hint = makeForward(geometry, Fusion(bias: bias), winograd: winograd) else { return nil }
    var weights = Layout.any(geometry.weightDimensions)
    var operation = dnnl_convolution_desc_t()
    let biasLayout = Layout.vector(geometry.outputs)
    check(
      dnnl_dilated_convolution_backward_weights_desc_init(
        &operation, algorithm(winograd), geometry.source(winograd).descriptor, &weights,
        bias ? biasLayout.descriptor : nil, geometry.destination(winograd).descriptor, geometry.strides, geometry.gaps,
        geometry.paddingBefore, geometry.paddingAfter), "describing convolution weight gradients")
    guard let descriptor = Primitive.describe(&operation, hint: hint.primitive) else { return nil }
    let primitive = Primitive(
      "convolution weight gradients", descriptor, arguments: [1, 145, 161] + (bias ? [169] : []))
    return Entry(
      primitive: primitive, weights: primitive.layout(of: 161), blockedBatch: winograd ? geometry.batch : nil)
  }

  private static func algorithm(_ winograd: Bool) -> dnnl_alg_kind_t {
    winograd ? dnnl_convolution_winograd : dnnl_convolution_direct
  }
}

extension ConvolutionGeometry {
  fileprivate func source(_ winograd: Bool) -> Layout { winograd ? blockedInputLayout : inputLayout }
  fileprivate func destination(_ winograd: Bool) -> Layout { winograd ? blockedOutputLayout : outputLayout }
}
