import CZlib

/// A grey PNG without compression tricks: one IDAT chunk of rows with filter 0.
func png(height: Int, width: Int, _ pixels: [UInt8]) -> [UInt8] {
  let rows = (0..<height).flatMap { [0] + pixels[$0 * width..<($0 + 1) * width] }
  return pngFile([
    pngChunk("IHDR", pngHeader(height: height, width: width, depth: 8, type: 0)), pngChunk("IDAT", deflated(rows)),
    pngChunk("IEND", []),
  ])
}

/// The signature and chunks.
func pngFile(_ chunks: [[UInt8]]) -> [UInt8] { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.joined() }

/// The 13 bytes of IHDR.
func pngHeader(height: Int, width: Int, depth: UInt8, type: UInt8, interlace: UInt8 = 0) -> [UInt8] {
  bigEndian(width) + bigEndian(height) + [depth, type, 0, 0, interlace]
}

/// Length, name, body and checksum of one chunk.
func pngChunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
  let named = Array(name.utf8) + body
  return bigEndian(body.count) + named + bigEndian(Int(checksum(named)))
}

/// Four bytes.
func bigEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

/// CRC-32 as PNG and zip have it.
func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32(0, bytes, UInt32(bytes.count))) }

/// A zlib stream.
func deflated(_ bytes: [UInt8]) -> [UInt8] {
  var count = compressBound(UInt(bytes.count))
  var packed = [UInt8](repeating: 0, count: Int(count))
  compress(&packed, &count, bytes, UInt(bytes.count))
  return Array(packed.prefix(Int(count)))
}
