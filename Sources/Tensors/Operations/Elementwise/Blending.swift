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
      scale(sources[0] + start, factors[0], into: target + start, adds: false)
      for k in 1..<sources.count { scale(sources[k] + start, factors[k], into: target + start, adds: true) }
    }
    return result
  }

  /// The gradient of one map.
  func share(_ k: Int, of gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: gradient.shape)
    nonisolated(unsafe) let (target, factors, source) = (result.base, shares.base, gradient.base)
    forEachPlace { [self] place in
      let start = place * channels
      scale(source + start, factors[place * sources.count + k], into: target + start, adds: false)
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
        target[place * sources.count + k] = product(source + start, sources[k] + start)
      }
    }
    return result
  }

  /// One place's channels times a number, written or added.
  @inline(__always)
  private func scale(
    _ source: UnsafePointer<Float>, _ factor: Float, into target: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    var c = 0
    while c + Lanes.scalarCount <= channels {
      let raw = UnsafeMutableRawPointer(target + c)
      var value = UnsafeRawPointer(source + c).loadUnaligned(as: Lanes.self) * factor
      if adds { value += raw.loadUnaligned(as: Lanes.self) }
      raw.storeBytes(of: value, as: Lanes.self)
      c += Lanes.scalarCount
    }
    while c < channels {
      target[c] = (adds ? target[c] : 0) + factor * source[c]
      c += 1
    }
  }

  @inline(__always)
  private func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Float {
    var (lanes, rest, c) = (Lanes(), Float(0), 0)
    while c + Lanes.scalarCount <= channels {
      lanes +=
        UnsafeRawPointer(a + c).loadUnaligned(as: Lanes.self) * UnsafeRawPointer(b + c).loadUnaligned(as: Lanes.self)
      c += Lanes.scalarCount
    }
    while c < channels {
      rest += a[c] * b[c]
      c += 1
    }
    return lanes.total + rest
  }
}
