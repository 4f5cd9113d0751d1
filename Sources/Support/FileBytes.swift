#if canImport(Glibc)
  import Glibc
#endif

/// Whole files in memory.
public enum FileBytes {
  /// Reads a regular file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: a longer file is refused before anything is allocated, bytes.
  ///   - meaning: what the file should be, for the error line: `a PNG or JPEG picture`.
  /// - Returns: the file's bytes.
  /// - Throws: ``InputError`` if there is no such regular file, it is too long, or it cannot be read.
  public static func read(_ path: String, atMost limit: Int, as meaning: String) throws -> [UInt8] {
    // Not to hang at a pipe that nobody writes to.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let problem = errno == ENOENT ? "no such file" : "cannot be read (\(String(cString: strerror(errno))))"
      throw InputError(path, problem, remedy: "\(meaning) is expected")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw InputError(path, "is not a regular file", remedy: "\(meaning) is expected")
    }
    let count = Int(status.st_size)
    guard count <= limit else {
      throw InputError(path, "has \(count) bytes", remedy: "\(meaning) of at most \(limit) bytes is expected")
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let part = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
        if part < 0, errno == EINTR { continue }
        if part < 0 { failure = errno }
        if part <= 0 { break }
        filled += part
      }
    }
    guard failure == 0 else {
      throw InputError(path, "cannot be read (\(String(cString: strerror(failure))))", remedy: "check the disk")
    }
    return bytes
  }
}
