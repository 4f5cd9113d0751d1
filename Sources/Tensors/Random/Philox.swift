/// Philox 4×32-10, a counter-based generator (Salmon et al., SC 2011, "Parallel random numbers: as easy as 1, 2, 3").
///
/// A value depends on key and counter alone, so any part of any stream can be made at any time on any thread: this is
/// what makes runs bit-identical after a kill.
public struct Philox: Equatable, Sendable {
  /// Seed of the run.
  public let seed: UInt64
  /// Tells streams of one seed apart (initialisation, batch order, augmentation, noise, …).
  public let stream: UInt64

  /// - Parameters:
  ///   - seed: seed of the run.
  ///   - stream: which of the seed's independent streams; see ``RandomStream``.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// Four independent uniform 32-bit words for a block index.
  @inlinable
  public func words(at block: UInt64) -> SIMD4<UInt32> {
    var key0 = UInt32(truncatingIfNeeded: seed)
    var key1 = UInt32(truncatingIfNeeded: seed >> 32)
    var counter = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
      UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
    for _ in 0..<10 {
      let low = UInt64(counter.x) &* 0xD251_1F53
      let high = UInt64(counter.z) &* 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: high >> 32) ^ counter.y ^ key0, UInt32(truncatingIfNeeded: high),
        UInt32(truncatingIfNeeded: low >> 32) ^ counter.w ^ key1, UInt32(truncatingIfNeeded: low))
      key0 = key0 &+ 0x9E37_79B9
      key1 = key1 &+ 0xBB67_AE85
    }
    return counter
  }

  /// The stream that belongs to a named part of a run, and below it to an index (epoch, image, …).
  public func split(_ stream: RandomStream, _ index: Int = 0) -> Philox {
    Philox(seed: seed, stream: UInt64(stream.rawValue) << 48 | UInt64(truncatingIfNeeded: index) & 0xFFFF_FFFF_FFFF)
  }
}

/// The parts of a run that draw random numbers, each from a stream of its own.
public enum RandomStream: UInt16, Sendable {
  case initialisation = 1
  case order = 2
  case augmentation = 3
  case dropout = 4
  case noise = 5
  case synthesis = 6
  case split = 7
  case bootstrap = 8
  case method = 9
  case appearance = 20
  case mixing = 21
  case turning = 22
  case scrambling = 23
}

/// A cursor over one stream of ``Philox``, for code that draws numbers one after the other.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  @usableFromInline let philox: Philox
  @usableFromInline var block: UInt64 = 0
  @usableFromInline var words = SIMD4<UInt32>()
  @usableFromInline var used = 4

  /// - Parameter philox: the stream to read from its beginning.
  public init(_ philox: Philox) { self.philox = philox }

  /// The next 32 random bits.
  @inlinable
  public mutating func next32() -> UInt32 {
    if used == 4 {
      words = philox.words(at: block)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 { UInt64(next32()) << 32 | UInt64(next32()) }

  /// A uniform number in [0, 1), with 24 random bits.
  public mutating func uniform() -> Float { Float(next32() >> 8) * 0x1p-24 }

  /// A uniform number in the given half-open range.
  public mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// A uniform whole number below `count`.
  @inlinable
  public mutating func index(below count: Int) -> Int { Int((UInt64(next32()) * UInt64(count)) >> 32) }
}
