import Foundation
import Support

/// A zip archive of stored entries, byte for byte as Python's `zipfile` writes one for `numpy.savez`: every entry has
/// its sizes in a Zip64 field, so that none is too large, and the date is 1980-01-01, so that equal content gives equal
/// archives.
struct ZipWriter {
  private var directory: [UInt8] = []
  private var entries = 0
  private var position: UInt64 = 0
  private let write: (UnsafeRawBufferPointer) throws -> Void

  /// - Parameter write: takes the archive's bytes, in order.
  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.write = write }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - name: with `/` between folders; names must differ.
  ///   - data: the content.
  /// - Throws: what writing throws.
  mutating func add(_ name: String, _ data: Data) throws {
    let path = Array(name.utf8)
    let size = UInt64(data.count)
    let checksum = data.withUnsafeBytes { Inflate.checksum($0) }
    // Bit 11: the name is UTF-8. Zip's own times begin in 1980.
    let flags: UInt16 = path.allSatisfy { $0 < 128 } ? 0 : 0x800
    let date: [UInt8] = [0, 0, 0x21, 0]
    let sizes = size.littleEndianBytes
    let local: [UInt8] =
      [0x50, 0x4B, 3, 4] + Self.version + flags.littleEndianBytes + [0, 0] + date + checksum.littleEndianBytes
      + Self.inExtraField + Self.inExtraField + UInt16(path.count).littleEndianBytes + [20, 0] + path
      + [1, 0, 16, 0] + sizes + sizes
    let offset = position
    try put(local)
    try data.withUnsafeBytes(write)
    position += size
    // The directory has an extra field only for what does not fit into 32 bits.
    let largeSizes = size > Self.limit ? sizes + sizes : []
    let largeOffset = offset > Self.limit ? offset.littleEndianBytes : []
    let extra = largeSizes + largeOffset
    let field = extra.isEmpty ? [] : [1, 0] + UInt16(extra.count).littleEndianBytes + extra
    directory += [0x50, 0x4B, 1, 2] + [45, 3] + Self.version + flags.littleEndianBytes + [0, 0] + date
    directory += checksum.littleEndianBytes
    directory +=
      largeSizes.isEmpty
      ? UInt32(size).littleEndianBytes + UInt32(size).littleEndianBytes
      : Self.inExtraField + Self.inExtraField
    directory += UInt16(path.count).littleEndianBytes + UInt16(field.count).littleEndianBytes
    // No comment, first disk, no text; read and written by the owner.
    directory += [0, 0, 0, 0, 0, 0] + UInt32(0o600 << 16).littleEndianBytes
    directory += largeOffset.isEmpty ? UInt32(offset).littleEndianBytes : Self.inExtraField
    directory += path + field
    entries += 1
  }

  /// Writes the directory; nothing may be added after.
  mutating func finish() throws {
    let start = position
    let size = UInt64(directory.count)
    try put(directory)
    if entries >= 0xFFFF || start > Self.limit || size > Self.limit {
      let end = position
      let count = UInt64(entries).littleEndianBytes
      try put(
        [0x50, 0x4B, 6, 6] + UInt64(44).littleEndianBytes + Self.version + Self.version + Array(repeating: 0, count: 8)
          + count + count + size.littleEndianBytes + start.littleEndianBytes)
      try put([0x50, 0x4B, 6, 7, 0, 0, 0, 0] + end.littleEndianBytes + [1, 0, 0, 0])
    }
    let count = UInt16(min(entries, 0xFFFF)).littleEndianBytes
    try put(
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + UInt32(min(size, 0xFFFF_FFFF)).littleEndianBytes
        + UInt32(min(start, 0xFFFF_FFFF)).littleEndianBytes + [0, 0])
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes(write)
    position += UInt64(bytes.count)
  }

  /// 4.5, the first that knows Zip64.
  private static let version: [UInt8] = [45, 0]
  private static let inExtraField: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
  /// Above it Python's writer takes Zip64 fields in the directory.
  private static let limit: UInt64 = (1 << 31) - 1
}
