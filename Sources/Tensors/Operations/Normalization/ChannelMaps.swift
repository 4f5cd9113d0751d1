import Support

/// Three feature maps of one shape, walked together in blocks of rows and groups of eight channels.
struct ChannelMaps: Sendable {
  let shape: Shape
  /// Values of each channel.
  let rows: Int
  let channels: Int
  // Held for the pointers.
  private let maps: (Tensor, Tensor, Tensor)
  private nonisolated(unsafe) let pointers: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
  /// So few that a block of three maps stays in the nearest cache while its groups are done.
  private let blockRows: Int

  /// - Parameters:
  ///   - u: [batch, height, width, channels], as the others.
  ///   - g: a second map.
  ///   - x: a third.
  init(_ u: Tensor, _ g: Tensor, _ x: Tensor) {
    precondition(u.shape == g.shape && g.shape == x.shape, "ChannelMaps: shapes \(u.shape), \(g.shape), \(x.shape)")
    maps = (u, g, x)
    pointers = (UnsafePointer(u.base), UnsafePointer(g.base), UnsafePointer(x.base))
    shape = x.shape
    channels = max(1, x.shape[x.shape.rank - 1])
    rows = x.count / channels
    blockRows = max(16, 2048 / channels)
  }

  private var blocks: Int { (rows + blockRows - 1) / blockRows }
  private var groups: Int { (channels + 7) / 8 }

  private func rows(ofBlock block: Int) -> Range<Int> { block * blockRows..<min(rows, (block + 1) * blockRows) }
  private func channels(ofGroup group: Int) -> Range<Int> { group * 8..<min(channels, group * 8 + 8) }

  /// Calls `body` with every block and group of channels, blocks on all threads.
  @inline(__always)
  func forEachBlock(_ body: @Sendable (_ rows: Range<Int>, _ channels: Range<Int>) -> Void) {
    parallelFor(count: blocks, grain: max(1, elementGrain / (blockRows * channels))) { range in
      for block in range {
        for group in 0..<groups { body(rows(ofBlock: block), channels(ofGroup: group)) }
      }
    }
  }

  /// Up to eight channels of the three maps.
  @inline(__always)
  func values(_ place: Int, _ count: Int) -> (u: SIMD8<Float>, g: SIMD8<Float>, x: SIMD8<Float>) {
    (read(pointers.0 + place, count), read(pointers.1 + place, count), read(pointers.2 + place, count))
  }

  /// Sums over each channel, x̂ = (x − mean)·inverse; in the same order for every number of threads.
  func sums(_ means: [Double], _ inverses: [Double]) -> [ChannelSums] {
    var parts = [ChannelSums](repeating: ChannelSums(), count: blocks * channels)
    parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let target = buffer
      sum(means, inverses) { block, channel, sums in target[block * channels + channel] = sums }
    }
    return (0..<channels).map { channel in
      (0..<blocks).reduce(ChannelSums()) { $0 + parts[$1 * channels + channel] }
    }
  }

  /// Tells the sums of each block.
  @inline(__always)
  private func sum(
    _ means: [Double], _ inverses: [Double], _ tell: @Sendable (_ block: Int, _ channel: Int, ChannelSums) -> Void
  ) {
    forEachBlock { rows, group in
      var (mean, inverse) = (SIMD8<Double>(), SIMD8<Double>())
      for channel in group {
        mean[channel - group.lowerBound] = means[channel]
        inverse[channel - group.lowerBound] = inverses[channel]
      }
      var (su, sg, sug) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
      var (sux, sgx) = (SIMD8<Double>(), SIMD8<Double>())
      for row in rows {
        let (u, g, x) = values(row * channels + group.lowerBound, group.count)
        let (du, dg) = (widened(u), widened(g))
        let normalized = (widened(x) - mean) * inverse
        su += du
        sg += dg
        sug += du * dg
        sux += du * normalized
        sgx += dg * normalized
      }
      let block = rows.lowerBound / blockRows
      for channel in group {
        let lane = channel - group.lowerBound
        tell(block, channel, ChannelSums(u: su[lane], g: sg[lane], ug: sug[lane], ux: sux[lane], gx: sgx[lane]))
      }
    }
  }
}

/// Up to eight values; zeros behind fewer.
@inline(__always)
private func read(_ values: UnsafePointer<Float>, _ count: Int) -> SIMD8<Float> {
  if count == 8 { return UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self) }
  var lanes = SIMD8<Float>()
  for lane in 0..<count { lanes[lane] = values[lane] }
  return lanes
}

/// Writes the first `count` of eight values.
@inline(__always)
func write(_ lanes: SIMD8<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
  if count == 8 { return UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: SIMD8<Float>.self) }
  for lane in 0..<count { target[lane] = lanes[lane] }
}

/// The same values in double precision; the standard library's conversion goes through one call for each.
@inline(__always)
private func widened(_ lanes: SIMD8<Float>) -> SIMD8<Double> {
  var wide = SIMD8<Double>()
  for lane in 0..<8 { wide[lane] = Double(lanes[lane]) }
  return wide
}
