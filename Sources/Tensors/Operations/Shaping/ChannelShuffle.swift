import Support

/// Channels in another order (Zhang et al., CVPR 2018): of g groups of n channels each, the first of every group come
/// first, then the second of every group, and so on.
///
/// - Parameters:
///   - input: [batch, height, width, channels].
///   - groups: a divisor of the channels.
/// - Returns: of the input's shape.
public func channelShuffle(_ input: Tensor, groups: Int) -> Tensor {
  let shape = input.shape
  precondition(
    shape.rank == 4 && groups > 0 && shape[3] % groups == 0, "channelShuffle: input \(shape) in \(groups) groups")
  let each = shape[3] / groups
  guard groups > 1, each > 1 else { return input }
  let output = Tensor(uninitialized: shape)
  nonisolated(unsafe) let (source, target) = (input.base, output.base)
  parallelFor(count: shape.count / shape[3], grain: max(1, elementGrain / shape[3])) { pixels in
    for pixel in pixels {
      let (from, to) = (source + pixel * shape[3], target + pixel * shape[3])
      for group in 0..<groups {
        for c in 0..<each { to[c * groups + group] = from[group * each + c] }
      }
    }
  }
  return output.recorded("channelShuffle", [input], isRecordable: true) { [channelShuffle($0, groups: each)] }
}
