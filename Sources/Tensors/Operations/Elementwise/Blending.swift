import Support

/// Feature maps added up with a share of its own at every place: Σₖ shares[…, k] · mapₖ[…, c].
///
/// One pass forward, and back one for each gradient, where products and sums would write each map several times. There is
/// no second derivative.
///
/// - Parameters:
///   - maps: at least one, of one shape [… places, channels].
///   - shares: [… places, maps].
/// - Returns: of the maps' shape.
public func blended(_ maps: [Tensor], by shares: Tensor) -> Tensor {
  precondition(
    !maps.isEmpty && maps.allSatisfy { $0.shape == maps[0].shape } && maps[0].shape.rank > 0
      && shares.shape == Shape(maps[0].shape.dimensions.dropLast() + [maps.count]),
    "blended: maps \(maps.map(\.shape)) by shares \(shares.shape)")
  let blend = Blend(maps, shares)
  return blend.sum().recorded("blended", maps + [shares]) { gradient in
    let toShares = shares.isWanted ? blend.products(gradient) : nil
    return maps.indices.map { maps[$0].isWanted ? blend.share($0, of: gradient) : nil } + [toShares]
  }
}

/// The passes over the places; each place is one thread's alone.
private struct Blend: @unchecked Sendable {
  private let maps: [Tensor]
  private let sources: [UnsafeMutablePointer<Float>]
  private let shares: Tensor
  private let (places, channels): (Int, Int)

  init(_ maps: [Tensor], _ shares: Tensor) {
    self.maps = maps.map { $0.detached() }
    self.shares = shares.detached()
    sources = maps.map(\.base)
    channels = maps[0].shape[-1]
    places = channels == 0 ? 0 : maps[0].count / channels
  }

  private func forEachPlace(_ body: @Sendable (Int) -> Void) {
    parallelFor(count: places, grain: max(1, elementGrain / (channels * maps.count + 1))) { range in
      for place in range { body(place) }
    }
  }

  func sum() -> Tensor {
    let result = Tensor(uninitialized: maps[0].shape)
    nonisolated(unsafe) let (target, factors) = (result.base, shares.base)
    forEachPlace { [self] place in
      let (start, factors) = (place * channels, factors + place * sources.count)
      writeRow(sources[0] + start, times: factors[0], over: target + start, channels)
      for k in 1..<sources.count { addRow(sources[k] + start, times: factors[k], to: target + start, channels) }
    }
    return result
  }

  /// The gradient of one map.
  func share(_ k: Int, of gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: gradient.shape)
    nonisolated(unsafe) let (target, factors, source) = (result.base, shares.base, gradient.base)
    forEachPlace { [self] place in
      let start = place * channels
      writeRow(source + start, times: factors[place * sources.count + k], over: target + start, channels)
    }
    return result
  }

  /// The gradient of the shares.
  func products(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shares.shape)
    nonisolated(unsafe) let (target, source) = (result.base, gradient.base)
    forEachPlace { [self] place in
      let start = place * channels
      for k in sources.indices {
        target[place * sources.count + k] = rowProduct(source + start, sources[k] + start, channels)
      }
    }
    return result
  }
}
