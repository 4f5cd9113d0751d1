import Foundation
import Support

/// A grey PNG of 8 bits a pixel, not compressed.
///
/// - Parameters:
///   - height: rows.
///   - width: columns; all rows together have less than 65,535 bytes.
///   - pixels: row by row.
/// - Returns: the file.
func greyPNG(height: Int, width: Int, _ pixels: [UInt8]) -> Data {
  func big(_ value: UInt32) -> [UInt8] { value.littleEndianBytes.reversed() }
  func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    return big(UInt32(body.count)) + named + big(CRC32.standard.checksum(named))
  }
  // Each row begins with its filter, none.
  let rows = (0..<height).flatMap { [0] + pixels[$0 * width..<($0 + 1) * width] }
  let (low, high) = rows.reduce((UInt32(1), UInt32(0))) { sums, byte in
    let low = (sums.0 + UInt32(byte)) % 65_521
    return (low, (sums.1 + low) % 65_521)
  }
  let count = UInt16(rows.count)
  let stream = [0x78, 0x01, 0x01] + count.littleEndianBytes + (~count).littleEndianBytes + rows + big(high << 16 | low)
  let header = big(UInt32(width)) + big(UInt32(height)) + [8, 0, 0, 0, 0]
  let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  return Data(signature + chunk("IHDR", header) + chunk("IDAT", stream) + chunk("IEND", []))
}
