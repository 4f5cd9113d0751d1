/// Cyclic redundancy checks of 32 bits, reflected, with initial value and final xor of all ones.
public struct CRC32: Sendable {
  /// Of PNG, zip and gzip (ISO 3309, polynomial 0x04C11DB7); "123456789" has 0xCBF43926.
  public static let standard = CRC32(reflectedPolynomial: 0xEDB8_8320)
  /// Castagnoli's, of TFRecord files (polynomial 0x1EDC6F41); "123456789" has 0xE3069283.
  public static let castagnoli = CRC32(reflectedPolynomial: 0x82F6_3B78)

  private let table: [UInt32]

  private init(reflectedPolynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ reflectedPolynomial : rest >> 1 }
    }
  }

  /// The check of some bytes.
  public func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { rest, byte in rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
  }
}

extension FixedWidthInteger {
  /// The integer's bytes, lowest first.
  public var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
