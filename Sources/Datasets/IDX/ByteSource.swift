import Support

/// A file that is read from its beginning, unpacked on the way if it is a gzip file (by content, not by name).
///
/// Memory stays within a small buffer and what the caller asks for, so a small file that unpacks to a huge one can do
/// no harm.
final class ByteSource {
  /// The file, for error lines.
  var path: String { file.path }
  /// More bytes than this the file cannot hold, packed or not.
  let capacity: Int
  /// Bytes of the file as it lies on the disk.
  var size: Int { file.size }
  private let file: RegularFile
  private let unpacker: Gunzip?

  /// - Throws: ``InputError`` if there is no such regular file or it cannot be read.
  init(_ path: String) throws {
    file = try RegularFile(path, as: "an IDX file, plain or gzip,")
    let isPacked = file.start(2) == [0x1F, 0x8B]
    unpacker = isPacked ? try Gunzip() : nil
    // Deflate packs at most 1032 bytes into one.
    let (most, overflow) = file.size.multipliedReportingOverflow(by: isPacked ? 1032 : 1)
    capacity = overflow ? .max : most
  }

  /// The next `count` bytes.
  ///
  /// - Throws: ``InputError`` if the file ends before or is damaged.
  func read(_ count: Int) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try fill(UnsafeMutableRawBufferPointer(buffer))
    }
    guard bytes.count == count else {
      throw InputError(
        path, "ends after \(bytes.count) of \(count) bytes", remedy: "the file is truncated: fetch it again")
    }
    return bytes
  }

  /// Whether all has been read, and for a gzip file whether its checksum held.
  func isAtEnd() throws -> Bool {
    var byte: UInt8 = 0
    return try withUnsafeMutableBytes(of: &byte) { try fill($0) } == 0
  }

  /// Fills the buffer as far as the file goes and returns the number of bytes.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let unpacker else { return try file.read(into: buffer) }
    return try unpacker.fill(buffer, path: path) { try file.read(into: $0) }
  }
}
