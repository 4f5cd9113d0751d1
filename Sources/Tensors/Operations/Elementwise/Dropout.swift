import Support

extension Tensor {
  /// Sets each element to zero with probability `rate` and divides the others by 1 − rate.
  ///
  /// - Parameters:
  ///   - rate: in [0, 1).
  ///   - random: the stream of this call; the same stream gives the same mask.
  /// - Returns: a tensor of this shape; this one where the rate is 0.
  public func dropout(rate: Float, random: Philox) -> Tensor {
    precondition(rate >= 0 && rate < 1, "dropout: rate \(rate) is outside [0, 1)")
    guard rate > 0 else { return self }
    let threshold = UInt32(Double(rate) * 0x1p32)
    let scale = 1 / (1 - rate)
    let mask = Tensor(uninitialized: shape)
    nonisolated(unsafe) let target = mask.base
    let count = self.count
    parallelFor(count: (count + 3) / 4, grain: elementGrain / 4) { range in
      for block in range {
        let words = random.words(at: UInt64(block))
        for lane in 0..<min(4, count - 4 * block) { target[4 * block + lane] = words[lane] < threshold ? 0 : scale }
      }
    }
    return self * mask
  }
}
