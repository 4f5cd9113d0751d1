import Support

/// The windows of a pooling along one axis: which inputs each output sees, and what a mean divides by.
struct PoolingWindows: Sendable {
  /// Inputs of each output, padding left out; starts and ends never go back.
  let ranges: [Range<Int>]
  /// Extent that each output's mean divides by.
  let divisors: [Float]
  /// Outputs that see each input.
  let seenBy: [Range<Int>]

  /// Windows of nearly equal size that cover an axis: output i sees ⌊i·n/m⌋ ..< ⌈(i+1)·n/m⌉ of n inputs and m outputs.
  init(adaptive extent: Int, to outputs: Int) {
    let ranges = (0..<outputs).map { $0 * extent / outputs..<(($0 + 1) * extent + outputs - 1) / outputs }
    self.init(extent, ranges, ranges.map(\.count))
  }

  /// Windows of one size at equal distances, as PyTorch's pooling layers have them.
  ///
  /// - Parameters:
  ///   - extent: of the input.
  ///   - size: of the windows.
  ///   - stride: from one window to the next.
  ///   - padding: before the first and behind the last input.
  ///   - roundsUp: whether a last window may hang over the padding (it must begin before it).
  ///   - countsPadding: whether the mean divides by padded places too; those beyond the padding never count.
  init(_ extent: Int, size: Int, stride: Int, padding: Int, roundsUp: Bool, countsPadding: Bool) {
    let free = extent + 2 * padding - size
    precondition(
      size > 0 && stride > 0 && padding >= 0 && 2 * padding <= size && free >= 0,
      "pooling: windows of \(size) at steps of \(stride), padding \(padding), over \(extent)")
    var outputs = (free + (roundsUp ? stride - 1 : 0)) / stride + 1
    if roundsUp, (outputs - 1) * stride >= extent + padding { outputs -= 1 }
    let whole = (0..<outputs).map { $0 * stride - padding..<min($0 * stride - padding + size, extent + padding) }
    let ranges = whole.map { max(0, $0.lowerBound)..<min(extent, $0.upperBound) }
    self.init(extent, ranges, (countsPadding ? whole : ranges).map(\.count))
  }

  private init(_ extent: Int, _ ranges: [Range<Int>], _ divisors: [Int]) {
    self.ranges = ranges
    self.divisors = divisors.map { Float($0) }
    var first = 0
    seenBy = (0..<extent).map { input in
      while first < ranges.count, ranges[first].upperBound <= input { first += 1 }
      var end = first
      while end < ranges.count, ranges[end].lowerBound <= input { end += 1 }
      return first..<end
    }
  }
}
