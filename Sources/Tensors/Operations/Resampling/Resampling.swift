import Support

/// How a feature map is brought to another size.
public enum ResamplingRule: Sendable, Hashable {
  /// The nearest place at or before, ⌊o · in/out⌋: PyTorch's `nearest`.
  case nearest
  /// Linear between the two nearest places along each side; pixels are squares, and the borders of the images agree.
  case bilinear
  /// Linear between the two nearest places along each side; the centres of the corner pixels agree.
  case bilinearWithAlignedCorners
}

/// A feature map at another size.
///
/// oneDNN's resampling is not used: its nearest place is rounded otherwise than PyTorch's, and it has no aligned corners.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - height: of the result, at least 1.
///   - width: of the result, at least 1.
///   - rule: how values between places are made.
/// - Returns: [batch, new height, new width, channels].
public func resampled(_ input: Tensor, height: Int, width: Int, _ rule: ResamplingRule) -> Tensor {
  let shape = input.shape
  precondition(
    shape.rank == 4 && height > 0 && width > 0 && shape[1] > 0 && shape[2] > 0,
    "resampled: input \(shape) (NHWC) to \(height) × \(width)")
  let plan = ResamplingPlan(
    rows: taps(from: shape[1], to: height, rule), columns: taps(from: shape[2], to: width, rule))
  return plan.spreadForward(input)
}

/// A value of the result along one side: a share of the place before it and the rest of the place after.
private struct Tap: Sendable {
  let first: Int
  let second: Int
  let share: Float
}

private func taps(from: Int, to: Int, _ rule: ResamplingRule) -> [Tap] {
  (0..<to).map { place in
    let position: Double
    switch rule {
    case .nearest:
      let nearest = min(from - 1, place * from / to)
      return Tap(first: nearest, second: nearest, share: 0)
    case .bilinear: position = max(0, (Double(place) + 0.5) * Double(from) / Double(to) - 0.5)
    case .bilinearWithAlignedCorners:
      position = to == 1 ? 0 : Double(place) * Double(from - 1) / Double(to - 1)
    }
    let first = min(from - 1, Int(position))
    return Tap(first: first, second: min(from - 1, first + 1), share: Float(position - Double(first)))
  }
}

/// The linear map from feature maps of one size to those of another, and the transposed one.
private struct ResamplingPlan: Sendable {
  let rows: [Tap]
  let columns: [Tap]

  func spreadForward(_ input: Tensor) -> Tensor {
    let (batch, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
    let output = Tensor(uninitialized: [batch, rows.count, columns.count, channels])
    nonisolated(unsafe) let (source, target) = (input.base, output.base)
    let line = columns.count * channels
    parallelFor(count: batch * rows.count, grain: max(1, elementGrain / max(1, line))) { [self] range in
      for place in range {
        let (image, row) = (place / rows.count, rows[place % rows.count])
        let upper = source + (image * height + row.first) * width * channels
        let lower = source + (image * height + row.second) * width * channels
        for (index, column) in columns.enumerated() {
          let out = target + place * line + index * channels
          let (left, right) = (column.first * channels, column.second * channels)
          let (x, y) = (column.share, row.share)
          if x == 0, y == 0 {
            out.update(from: upper + left, count: channels)
            continue
          }
          for c in 0..<channels {
            let top = upper[left + c] + x * (upper[right + c] - upper[left + c])
            let bottom = lower[left + c] + x * (lower[right + c] - lower[left + c])
            out[c] = top + y * (bottom - top)
          }
        }
      }
    }
    return output.recorded("resampled", [input], isRecordable: true) { [spreadBack($0, height: height, width: width)] }
  }

  /// Each input row is one thread's alone, which adds up what all output rows have taken from it.
  func spreadBack(_ gradient: Tensor, height: Int, width: Int) -> Tensor {
    let (batch, channels) = (gradient.shape[0], gradient.shape[3])
    let output = Tensor.zeros([batch, height, width, channels])
    nonisolated(unsafe) let (source, target) = (gradient.base, output.base)
    var takers = Array(repeating: [(row: Int, share: Float)](), count: height)
    for (row, tap) in rows.enumerated() {
      takers[tap.first].append((row, 1 - tap.share))
      if tap.share > 0 { takers[tap.second].append((row, tap.share)) }
    }
    let line = columns.count * channels
    parallelFor(count: batch * height, grain: max(1, elementGrain / max(1, line))) { [self, takers] range in
      for place in range {
        let sum = target + place * width * channels
        for (row, y) in takers[place % height] {
          let given = source + (place / height * rows.count + row) * line
          for (index, column) in columns.enumerated() {
            let (left, right) = (sum + column.first * channels, sum + column.second * channels)
            let (near, far) = (y * (1 - column.share), y * column.share)
            let values = given + index * channels
            for c in 0..<channels { left[c] += near * values[c] }
            if far > 0 { for c in 0..<channels { right[c] += far * values[c] } }
          }
        }
      }
    }
    return output.recorded("resamplingGradient", [gradient], isRecordable: true) { [spreadForward($0)] }
  }
}
