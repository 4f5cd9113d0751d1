import Support

/// Windows of a pooling as PyTorch's pooling layers take them.
public struct PoolingForm: Hashable, Sendable {
  /// Of the windows.
  public var size: HeightWidth
  /// From one window to the next.
  public var stride: HeightWidth
  /// On every side; at most half the window.
  public var padding: HeightWidth
  /// Whether a last window may hang over the padding (`ceil_mode`); it has to begin before it.
  public var roundsUp: Bool
  /// Whether a mean divides by padded places too (`count_include_pad`).
  public var countsPadding: Bool

  /// - Parameters:
  ///   - size: of the windows.
  ///   - stride: from one window to the next; the size where nil.
  ///   - padding: on every side; at most half the window.
  ///   - roundsUp: whether a last window may hang over the padding.
  ///   - countsPadding: whether a mean divides by padded places too.
  public init(
    size: HeightWidth, stride: HeightWidth? = nil, padding: HeightWidth = 0, roundsUp: Bool = false,
    countsPadding: Bool = true
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.roundsUp = roundsUp
    self.countsPadding = countsPadding
  }

  fileprivate func windows(_ input: Tensor) -> WindowedPooling {
    precondition(input.shape.rank == 4, "pooling: input \(input.shape) is not NHWC")
    func axis(_ extent: Int, _ part: KeyPath<HeightWidth, Int>) -> PoolingWindows {
      PoolingWindows(
        extent, size: size[keyPath: part], stride: stride[keyPath: part], padding: padding[keyPath: part],
        roundsUp: roundsUp, countsPadding: countsPadding)
    }
    return WindowedPooling(
      rows: axis(input.shape[1], \.height), columns: axis(input.shape[2], \.width), input: input.shape)
  }

  /// Size, stride and padding where oneDNN's square pooling does the same.
  fileprivate var square: (size: Int, stride: Int, padding: Int)? {
    guard !roundsUp, let size = size.both, let stride = stride.both, let padding = padding.both else { return nil }
    return (size, stride, padding)
  }
}

/// The largest value of each window of any form; padded places never win.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - form: the windows.
/// - Returns: [batch, output height, output width, channels].
public func maxPooling(_ input: Tensor, form: PoolingForm) -> Tensor {
  if let square = form.square {
    return maxPooling(input, size: square.size, stride: square.stride, padding: square.padding)
  }
  return form.windows(input).maxima(input)
}

/// The mean of each window of any form.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - form: the windows, and what a mean divides by.
/// - Returns: [batch, output height, output width, channels].
public func averagePooling(_ input: Tensor, form: PoolingForm) -> Tensor {
  if let square = form.square, form.countsPadding || square.padding == 0 {
    return averagePooling(input, size: square.size, stride: square.stride, padding: square.padding)
  }
  return form.windows(input).averages(input)
}

/// The mean of each of height × width windows that cover the feature map, whatever its size.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - output: numbers of windows.
/// - Returns: [batch, output height, output width, channels].
public func adaptiveAveragePooling(_ input: Tensor, to output: HeightWidth) -> Tensor {
  if output == HeightWidth(height: input.shape[1], width: input.shape[2]) { return input }
  // oneDNN works on 16 channels at a time, however few there are.
  if input.shape[3] >= 8, let form = divided(input, output) { return averagePooling(input, form: form) }
  return adaptive(input, output).averages(input)
}

/// The largest value of each of height × width windows that cover the feature map, whatever its size.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - output: numbers of windows.
/// - Returns: [batch, output height, output width, channels].
public func adaptiveMaxPooling(_ input: Tensor, to output: HeightWidth) -> Tensor {
  if output == HeightWidth(height: input.shape[1], width: input.shape[2]) { return input }
  if let form = divided(input, output) { return maxPooling(input, form: form) }
  return adaptive(input, output).maxima(input)
}

/// The windows where the output's extents divide the input's.
private func divided(_ input: Tensor, _ output: HeightWidth) -> PoolingForm? {
  let (height, width) = (input.shape[1], input.shape[2])
  guard height % output.height == 0, width % output.width == 0 else { return nil }
  return PoolingForm(size: HeightWidth(height: height / output.height, width: width / output.width))
}

private func adaptive(_ input: Tensor, _ output: HeightWidth) -> WindowedPooling {
  precondition(
    input.shape.rank == 4 && output.height > 0 && output.width > 0 && input.shape[1] > 0 && input.shape[2] > 0,
    "adaptive pooling: input \(input.shape) (NHWC) to \(output.height)×\(output.width)")
  return WindowedPooling(
    rows: PoolingWindows(adaptive: input.shape[1], to: output.height),
    columns: PoolingWindows(adaptive: input.shape[2], to: output.width), input: input.shape)
}
