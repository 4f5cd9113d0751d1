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
  let stride: Int
  let padding: Int

  /// - Parameters:
  ///   - input: [batch, height, width, input channels].
  ///   - weight: [output channels, input channels, kernel height, kernel width].
  ///   - stride: in both directions.
  ///   - padding: zeros on every side.
  init(input: Shape, weight: Shape, stride: Int, padding: Int) {
    precondition(
      input.rank == 4 && weight.rank == 4 && input[3] == weight[1],
      "convolution: input \(input) (NHWC) does not go with weights \(weight) (OIHW)")
    batch = input[0]
    height = input[1]
    width = input[2]
    inputs = input[3]
    outputs = weight[0]
    kernelHeight = weight[2]
    kernelWidth = weight[3]
    self.stride = stride
    self.padding = padding
    precondition(
      outputHeight > 0 && outputWidth > 0, "convolution: input \(input) is smaller than the kernel of weights \(weight)"
    )
  }

  /// The same convolution of another number of images.
  func withBatch(_ batch: Int) -> ConvolutionGeometry {
    var copy = self
    copy.batch = batch
    return copy
  }

  var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  var outputShape: Shape { [batch, outputHeight, outputWidth, outputs] }
  var inputShape: Shape { [batch, height, width, inputs] }
  var weightDimensions: [Int] { [outputs, inputs, kernelHeight, kernelWidth] }

  var inputLayout: Layout { .featureMap(batch: batch, channels: inputs, height: height, width: width) }
  var outputLayout: Layout {
    .featureMap(batch: batch, channels: outputs, height: outputHeight, width: outputWidth)
  }
  var blockedInputLayout: Layout { .blockedFeatureMap(batch: batch, channels: inputs, height: height, width: width) }
  var blockedOutputLayout: Layout {
    .blockedFeatureMap(batch: batch, channels: outputs, height: outputHeight, width: outputWidth)
  }

  var strides: [Int64] { [Int64(stride), Int64(stride)] }
  /// Padding above and left; what oneDNN calls padding_l.
  var paddingBefore: [Int64] { [Int64(padding), Int64(padding)] }
  /// Padding below and right; smaller than `padding` where the stride does not reach the last rows.
  var paddingAfter: [Int64] {
    [
      Int64((outputHeight - 1) * stride + kernelHeight - height - padding),
      Int64((outputWidth - 1) * stride + kernelWidth - width - padding),
    ]
  }
}
