/// Counter-based random numbers: the n-th is a hash of the seed and n (Steele, Lea and Flood, OOPSLA 2014).
///
/// Good enough for resampling, and small enough that statistics need no other room.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
  private var counter: UInt64

  /// - Parameter seed: any; the same seed gives the same numbers on every machine.
  public init(seed: UInt64) { counter = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    counter &+= 0x9E37_79B9_7F4A_7C15
    var bits = counter
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// An index from 0 up to `count`; the bias of the multiplication is below count / 2⁶⁴.
  mutating func index(below count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
