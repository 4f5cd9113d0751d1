#if canImport(Glibc)
  import Glibc
#endif

/// A regular file, open for reading: the one way in which this program opens a file that a user names or that lies in a
/// folder of theirs.
///
/// A named pipe would hang the program, and a device never end: both are refused, without waiting for a writer.
public final class RegularFile {
  /// The file, for error lines.
  public let path: String
  /// Bytes, when it was opened.
  public let size: Int
  /// Open until this object is gone.
  let descriptor: Int32
  private let meaning: String

  /// Linux's own, for `lseek`; the C library shows them only to GNU sources.
  private static let (nextData, nextHole): (Int32, Int32) = (3, 4)
  /// Files up to this size may have holes, bytes.
  private static let freeSize = 64 << 20
  /// A larger file must lie on the disk to at least one part in so many.
  private static let emptiest = 20

  /// - Parameters:
  ///   - path: the file.
  ///   - meaning: what it should be, for the error line: `a PNG or JPEG picture`.
  ///   - remedy: what to do where there is no such file; nil says that `meaning` is expected.
  /// - Throws: ``InputError`` if there is no such regular file, it may not be read, or it is a large file that consists
  ///   of holes; ``WorkError`` if the system fails.
  public init(_ path: String, as meaning: String, remedy: String? = nil) throws {
    self.path = path
    self.meaning = meaning
    let expected = "\(meaning) is expected"
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      size = 0
      // A socket has a name, too, but nobody can open it.
      if errno == ENXIO { throw InputError(path, "is not a regular file", remedy: expected) }
      throw SystemFailure.reading(errno, path, remedy: errno == ENOENT ? remedy ?? expected : expected)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      size = 0
      throw SystemFailure.reading(errno, path, remedy: expected)
    }
    size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw InputError(path, "is \(kind)", remedy: expected)
    }
    guard size <= Self.freeSize || hasData(atLeast: size / Self.emptiest) else {
      throw InputError(
        path, "has \(size) bytes, nearly all of which are holes: nothing was ever written there",
        remedy: "fetch it again; if it is meant so, fill the holes with cp --sparse=never")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Fills the buffer as far as the file goes.
  ///
  /// - Returns: the number of bytes; fewer than asked for only at the end.
  /// - Throws: ``InputError`` or ``WorkError``, as the system says.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemFailure.reading(errno, path, remedy: "\(meaning) is expected")
      }
      filled += count
    }
    return filled
  }

  /// The first bytes, wherever reading has come to.
  public func start(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
    }
  }

  /// Whether so many bytes were ever written: holes of a sparse file cost its maker nothing, and are read as zeros.
  private func hasData(atLeast wanted: Int) -> Bool {
    var (found, place) = (0, off_t(0))
    // A file of many small pieces is not followed to its end.
    for _ in 0..<100_000 where found < wanted {
      let begin = lseek(descriptor, place, Self.nextData)
      // No more data; or a file system that knows no holes.
      if begin < 0 {
        if errno != ENXIO { found = size }
        break
      }
      let end = lseek(descriptor, begin, Self.nextHole)
      guard end > begin else { break }
      found += Int(end - begin)
      place = end
    }
    lseek(descriptor, 0, SEEK_SET)
    return found >= wanted
  }
}
