/// The values of a tensor at the places where a maximum pooling found its largest values: the derivative of the
/// gradient of maximum pooling, which sends each output's gradient to the place that won.
///
/// - Parameters:
///   - values: of the pooled feature map's shape, NHWC.
///   - map: the feature map that was pooled; the first of equal values in a window won.
///   - shape: of the pooled output.
///   - window: of the pooling.
///   - spread: sends a gradient of the output's shape to the winners' places.
/// - Returns: a tensor of the output's shape.
func pickedWinners(
  _ values: Tensor, of map: Tensor, _ shape: Shape, _ window: (kernel: [Int], stride: Int, padding: Int),
  spread: @escaping (Tensor) -> Tensor
) -> Tensor {
  let (height, width, channels) = (map.shape[1], map.shape[2], map.shape[3])
  let output = Tensor(uninitialized: shape)
  nonisolated(unsafe) let (source, given, target) = (map.base, values.base, output.base)
  let (outputHeight, outputWidth) = (shape[1], shape[2])
  let (kernelHeight, kernelWidth) = (window.kernel[0], window.kernel[1])
  let (stride, padding) = (window.stride, window.padding)
  parallelFor(count: shape[0] * outputHeight) { range in
    for line in range {
      let (image, row) = (line / outputHeight, line % outputHeight)
      let rows = max(0, row * stride - padding)..<min(height, row * stride - padding + kernelHeight)
      for column in 0..<outputWidth {
        let columns = max(0, column * stride - padding)..<min(width, column * stride - padding + kernelWidth)
        for channel in 0..<channels {
          var best = ((image * height + rows.lowerBound) * width + columns.lowerBound) * channels + channel
          for y in rows {
            for x in columns {
              let place = ((image * height + y) * width + x) * channels + channel
              if source[place] > source[best] { best = place }
            }
          }
          target[(line * outputWidth + column) * channels + channel] = given[best]
        }
      }
    }
  }
  return output.recorded("pooledAgain", [values], isRecordable: true) { [spread($0)] }
}
