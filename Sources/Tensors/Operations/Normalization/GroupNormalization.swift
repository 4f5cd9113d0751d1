import Support

/// Normalises each image's groups of channels by their own mean and variance (Wu & He, ECCV 2018).
///
/// With one channel to a group this is instance normalisation (Ulyanov et al., arXiv 1607.08022).
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - groups: number of groups of neighbouring channels; it divides the channels.
///   - scale: γ, [channels].
///   - shift: β, [channels].
///   - epsilon: added to the variance; groups whose values are all equal become β.
/// - Returns: a tensor of the input's shape.
public func groupNormalization(_ input: Tensor, groups: Int, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5)
  -> Tensor
{
  let shape = input.shape
  precondition(
    shape.rank == 4 && groups > 0 && shape[3] % groups == 0 && scale.shape == [shape[3]] && shift.shape == scale.shape,
    "groupNormalization: input \(shape) in \(groups) groups with scale \(scale.shape) and shift \(shift.shape)")
  let extents = GroupExtents(shape, groups: groups)
  let (output, statistics) = extents.normalize(input, scale, shift, epsilon: epsilon)
  return output.recorded("groupNormalization", [input, scale, shift], isRecordable: true) { upstream in
    if isRecording {
      let view: Shape = [extents.batch, extents.positions, groups, extents.width]
      let parts = NormalizationRule(axes: [1, 3], epsilon: epsilon).gradients(
        upstream.reshaped(view), input.reshaped(view), scale.reshaped([groups, extents.width]),
        shift.reshaped([groups, extents.width]))
      return zip(parts, [shape, scale.shape, scale.shape]).map { $0?.reshaped($1) }
    }
    return extents.gradients(upstream, input, scale, statistics)
  }
}

/// A feature map seen as [batch, positions, groups, width].
private struct GroupExtents: Sendable {
  let batch: Int
  let positions: Int
  let groups: Int
  let width: Int

  init(_ shape: Shape, groups: Int) {
    batch = shape[0]
    positions = shape[1] * shape[2]
    self.groups = groups
    width = shape[3] / groups
  }

  private var channels: Int { groups * width }
  /// Fewer groups than this are done on the calling thread.
  private var grain: Int { max(1, elementGrain / max(1, positions * width)) }

  /// The normalised map, and mean and 1/σ of each image's groups, [batch, groups, 2].
  func normalize(_ input: Tensor, _ scale: Tensor, _ shift: Tensor, epsilon: Float) -> (Tensor, Storage) {
    let output = Tensor(uninitialized: input.shape)
    let statistics = Storage(count: batch * groups * 2)
    nonisolated(unsafe) let (x, y, s) = (input.base, output.base, statistics.base)
    nonisolated(unsafe) let (factor, term) = (scale.base, shift.base)
    parallelFor(count: batch * groups, grain: grain) { range in
      for place in range {
        let (start, first) = corner(place)
        let count = Double(positions * width)
        var total = 0.0
        forEachRun(start) { run in for k in 0..<width { total += Double(x[run + k]) } }
        let mean = total / count
        var squares = 0.0
        forEachRun(start) { run in
          for k in 0..<width {
            let distance = Double(x[run + k]) - mean
            squares += distance * distance
          }
        }
        let inverse = Float(1 / (squares / count + Double(epsilon)).squareRoot())
        s[2 * place] = Float(mean)
        s[2 * place + 1] = inverse
        forEachRun(start) { run in
          for k in 0..<width { y[run + k] = (x[run + k] - Float(mean)) * inverse * factor[first + k] + term[first + k] }
        }
      }
    }
    return (output, statistics)
  }

  /// The gradients of input, scale and shift. Those of scale and shift are first summed up image by image.
  func gradients(_ gradient: Tensor, _ input: Tensor, _ scale: Tensor, _ statistics: Storage) -> [Tensor?] {
    let result = Tensor(uninitialized: input.shape)
    let parts = Tensor.zeros([2, batch, channels])
    nonisolated(unsafe) let (x, g, dx, s) = (input.base, gradient.base, result.base, statistics.base)
    nonisolated(unsafe) let (factor, sums) = (scale.base, parts.base)
    parallelFor(count: batch * groups, grain: grain) { range in
      for place in range {
        let (start, first) = corner(place)
        let (mean, inverse) = (s[2 * place], s[2 * place + 1])
        let along = sums + place / groups * channels + first
        let plain = along + batch * channels
        forEachRun(start) { run in
          for k in 0..<width {
            along[k] += g[run + k] * (x[run + k] - mean) * inverse
            plain[k] += g[run + k]
          }
        }
        var (straight, tilted) = (0.0, 0.0)
        for k in 0..<width {
          straight += Double(plain[k] * factor[first + k])
          tilted += Double(along[k] * factor[first + k])
        }
        let count = Double(positions * width)
        let (level, slope) = (Float(straight / count), Float(tilted / count))
        forEachRun(start) { run in
          for k in 0..<width {
            let normalized = (x[run + k] - mean) * inverse
            dx[run + k] = (g[run + k] * factor[first + k] - level - normalized * slope) * inverse
          }
        }
      }
    }
    let totals = parts.sum(alongAxes: [1])
    return [result] + totals.unstacked()
  }

  /// Where a group begins in memory, and its first channel.
  private func corner(_ place: Int) -> (start: Int, channel: Int) {
    let first = place % groups * width
    return (place / groups * positions * channels + first, first)
  }

  /// The group's channels at every position.
  @inline(__always)
  private func forEachRun(_ start: Int, _ body: (_ run: Int) -> Void) {
    for position in 0..<positions { body(start + position * channels) }
  }
}
