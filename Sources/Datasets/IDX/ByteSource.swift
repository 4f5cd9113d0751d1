import Support

#if canImport(Glibc)
  import Glibc
#endif

/// A file that is read from its beginning, unpacked on the way if it is a gzip file (by content, not by name).
///
/// Memory stays within a small buffer and what the caller asks for, so a small file that unpacks to a huge one can do
/// no harm.
final class ByteSource {
  /// The file, for error lines.
  let path: String
  /// More bytes than this the file cannot hold, packed or not.
  let capacity: Int
  /// Bytes of the file as it lies on the disk.
  let size: Int
  private let descriptor: Int32
  private let unpacker: Gunzip?

  /// - Throws: ``InputError`` if there is no such regular file or it cannot be read.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(path, "cannot be read (\(String(cString: strerror(errno))))", remedy: "give a readable file")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw InputError(path, "is not a regular file", remedy: "give an IDX file, plain or gzip")
    }
    var magic: [UInt8] = [0, 0]
    let isPacked = pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1F, 0x8B]
    unpacker = isPacked ? try Gunzip() : nil
    size = Int(status.st_size)
    // Deflate packs at most 1032 bytes into one.
    let (most, overflow) = Int(status.st_size).multipliedReportingOverflow(by: isPacked ? 1032 : 1)
    capacity = overflow ? .max : most
  }

  deinit { close(descriptor) }

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
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    guard let unpacker else { return try readFile(buffer) }
    return try unpacker.fill(buffer, path: path) { (input) throws(InputError) in try self.readFile(input) }
  }

  private func readFile(_ buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw InputError(path, "cannot be read (\(String(cString: strerror(errno))))")
      }
      filled += count
    }
    return filled
  }
}
