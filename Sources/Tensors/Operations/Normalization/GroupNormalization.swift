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
///
/// A job is some neighbouring groups of one image: enough channels to fill a vector, whatever the groups' width. Its sums
/// run over positions for each channel, in double precision, and are then put together group by group.
private struct GroupExtents: Sendable {
  let batch: Int
  let positions: Int
  let groups: Int
  let width: Int
  private let groupsInJob: Int
  private let jobsInImage: Int

  init(_ shape: Shape, groups: Int) {
    batch = shape[0]
    positions = shape[1] * shape[2]
    self.groups = groups
    width = shape[3] / groups
    groupsInJob = max(1, (16 + width - 1) / max(1, width))
    jobsInImage = (groups + groupsInJob - 1) / groupsInJob
  }

  private var channels: Int { groups * width }
  /// Values of one group of one image.
  private var count: Double { Double(positions * width) }

  /// The normalised map, and mean and 1/σ for each image and channel, [2, batch, channels].
  func normalize(_ input: Tensor, _ scale: Tensor, _ shift: Tensor, epsilon: Float) -> (Tensor, Storage) {
    let output = Tensor(uninitialized: input.shape)
    let statistics = Storage(count: 2 * batch * channels)
    nonisolated(unsafe) let (x, y, s) = (input.base, output.base, statistics.base)
    nonisolated(unsafe) let (factor, term) = (scale.base, shift.base)
    forEachJob { image, first, span, sums, squares in
      let start = image * positions * channels + first
      let means = s + image * channels + first
      let inverses = means + batch * channels
      forEachRun(start) { run in for k in 0..<span { sums[k] += Double(x[run + k]) } }
      spreadOverGroups(sums, span) { $0 / count }
      forEachRun(start) { run in
        for k in 0..<span {
          let distance = Double(x[run + k]) - sums[k]
          squares[k] += distance * distance
        }
      }
      spreadOverGroups(squares, span) { 1 / ($0 / count + Double(epsilon)).squareRoot() }
      for k in 0..<span {
        means[k] = Float(sums[k])
        inverses[k] = Float(squares[k])
      }
      forEachRun(start) { run in
        for k in 0..<span { y[run + k] = (x[run + k] - means[k]) * inverses[k] * factor[first + k] + term[first + k] }
      }
    }
    return (output, statistics)
  }

  /// The gradients of input, scale and shift. Those of scale and shift are first summed up image by image.
  func gradients(_ gradient: Tensor, _ input: Tensor, _ scale: Tensor, _ statistics: Storage) -> [Tensor?] {
    let result = Tensor(uninitialized: input.shape)
    let parts = Tensor(uninitialized: [2, batch, channels])
    nonisolated(unsafe) let (x, g, dx, s) = (input.base, gradient.base, result.base, statistics.base)
    nonisolated(unsafe) let (factor, sums) = (scale.base, parts.base)
    forEachJob { image, first, span, along, plain in
      let start = image * positions * channels + first
      let means = s + image * channels + first
      let inverses = means + batch * channels
      forEachRun(start) { run in
        for k in 0..<span {
          along[k] += Double(g[run + k] * ((x[run + k] - means[k]) * inverses[k]))
          plain[k] += Double(g[run + k])
        }
      }
      let part = sums + image * channels + first
      for k in 0..<span {
        part[k] = Float(along[k])
        part[batch * channels + k] = Float(plain[k])
        along[k] *= Double(factor[first + k])
        plain[k] *= Double(factor[first + k])
      }
      spreadOverGroups(along, span) { $0 / count }
      spreadOverGroups(plain, span) { $0 / count }
      forEachRun(start) { run in
        for k in 0..<span {
          let normalized = (x[run + k] - means[k]) * inverses[k]
          let straight = g[run + k] * factor[first + k] - Float(plain[k])
          dx[run + k] = (straight - normalized * Float(along[k])) * inverses[k]
        }
      }
    }
    return [result] + parts.sum(alongAxes: [1]).unstacked()
  }

  /// Runs the jobs on all threads, each with two lists of zeros, one number for each of its channels.
  private func forEachJob(
    _ body:
      @escaping @Sendable (
        _ image: Int, _ firstChannel: Int, _ span: Int, _ first: UnsafeMutablePointer<Double>,
        _ second: UnsafeMutablePointer<Double>
      ) -> Void
  ) {
    let widest = groupsInJob * width
    parallelFor(count: batch * jobsInImage, grain: max(1, elementGrain / max(1, positions * widest))) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * widest) { buffer in
        guard let lists = buffer.baseAddress else { return }
        for job in range {
          lists.initialize(repeating: 0, count: 2 * widest)
          let group = job % jobsInImage * groupsInJob
          let span = min(groupsInJob, groups - group) * width
          body(job / jobsInImage, group * width, span, lists, lists + widest)
        }
      }
    }
  }

  /// Replaces each channel's number by a function of the sum of its group's.
  private func spreadOverGroups(_ list: UnsafeMutablePointer<Double>, _ span: Int, _ function: (Double) -> Double) {
    for start in stride(from: 0, to: span, by: width) {
      var total = 0.0
      for k in start..<start + width { total += list[k] }
      let value = function(total)
      for k in start..<start + width { list[k] = value }
    }
  }

  /// The job's channels at every position, by where they begin in memory.
  @inline(__always)
  private func forEachRun(_ start: Int, _ body: (_ run: Int) -> Void) {
    for position in 0..<positions { body(start + position * channels) }
  }
}
