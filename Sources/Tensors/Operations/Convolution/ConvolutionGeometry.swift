import Support

/// Extents of one convolution: all that a primitive is chosen by.
struct ConvolutionGeometry: Hashable, Sendable {
  private(set) var batch: Int
  let height: Int
  let width: Int
  let inputs: Int
  let outputs: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let form: ConvolutionForm

  /// - Parameters:
  ///   - input: [batch, height, width, input channels].
  ///   - weight: [output channels, input channels / groups, kernel height, kernel width].
  ///   - form: stride, padding, dilation and groups.
  init(input: Shape, weight: Shape, form: ConvolutionForm) {
    precondition(
      input.rank == 4 && weight.rank == 4 && input[3] == weight[1] * form.groups && weight[0] % form.groups == 0,
      "convolution: input \(input) (NHWC) does not go with weights \(weight) (OIHW)"
        + (form.groups > 1 ? " in \(form.groups) groups" : ""))
    batch = input[0]
    height = input[1]
    width = input[2]
    inputs = input[3]
    outputs = weight[0]
    kernelHeight = weight[2]
    kernelWidth = weight[3]
    self.form = form
    precondition(
      outputHeight > 0 && outputWidth > 0, "convolution: input \(input) is smaller than the kernel of weights \(weight)"
    )
  }

  /// Few values that differ between the convolutions of a network: one look-up must stay cheap.
  func hash(into hasher: inout Hasher) {
    hasher.combine(batch)
    hasher.combine(height &* 65_537 &+ width)
    hasher.combine(inputs &* 65_537 &+ outputs)
    hasher.combine(kernelHeight &* 257 &+ form.stride.height &* 17 &+ form.groups)
  }

  /// The same convolution of another number of images.
  func withBatch(_ batch: Int) -> ConvolutionGeometry {
    var copy = self
    copy.batch = batch
    return copy
  }

  /// Rows and columns that the kernel spans.
  private var spanHeight: Int { form.dilation.height * (kernelHeight - 1) + 1 }
  private var spanWidth: Int { form.dilation.width * (kernelWidth - 1) + 1 }

  var outputHeight: Int {
    // A quotient of negative numbers would round to zero and make an output where there is none.
    let free = height + 2 * form.padding.height - spanHeight
    return free < 0 ? 0 : free / form.stride.height + 1
  }
  var outputWidth: Int {
    let free = width + 2 * form.padding.width - spanWidth
    return free < 0 ? 0 : free / form.stride.width + 1
  }
  var outputShape: Shape { [batch, outputHeight, outputWidth, outputs] }
  var inputShape: Shape { [batch, height, width, inputs] }
  var weightShape: Shape { [outputs, inputs / form.groups, kernelHeight, kernelWidth] }
  /// As oneDNN sees the weights: groups have an axis of their own.
  var weightDimensions: [Int] {
    let groups = form.groups
    return groups == 1
      ? [outputs, inputs, kernelHeight, kernelWidth]
      : [groups, outputs / groups, inputs / groups, kernelHeight, kernelWidth]
  }

  var inputLayout: Layout { .featureMap(batch: batch, channels: inputs, height: height, width: width) }
  var outputLayout: Layout {
    .featureMap(batch: batch, channels: outputs, height: outputHeight, width: outputWidth)
  }
  var blockedInputLayout: Layout { .blockedFeatureMap(batch: batch, channels: inputs, height: height, width: width) }
  var blockedOutputLayout: Layout {
    .blockedFeatureMap(batch: batch, channels: outputs, height: outputHeight, width: outputWidth)
  }

  var strides: [Int64] { [Int64(form.stride.height), Int64(form.stride.width)] }
  /// Places left out between two elements of the kernel: oneDNN counts these.
  var gaps: [Int64] { [Int64(form.dilation.height - 1), Int64(form.dilation.width - 1)] }
  /// Padding above and left; what oneDNN calls padding_l.
  var paddingBefore: [Int64] { [Int64(form.padding.height), Int64(form.padding.width)] }
  /// Padding below and right; smaller than the one before where the stride does not reach the last rows.
  var paddingAfter: [Int64] {
    [
      Int64((outputHeight - 1) * form.stride.height + spanHeight - height - form.padding.height),
      Int64((outputWidth - 1) * form.stride.width + spanWidth - width - form.padding.width),
    ]
  }
}
