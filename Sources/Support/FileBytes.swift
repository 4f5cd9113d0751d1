import Foundation

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
  ///   - remedy: what to do where there is no such file; nil says that `meaning` is expected.
  /// - Returns: the file's bytes.
  /// - Throws: ``InputError`` if there is no such regular file, it is too long, or it cannot be read; ``WorkError`` if
  ///   the system fails.
  public static func read(
    _ path: String, atMost limit: Int, as meaning: String, remedy: String? = nil
  ) throws -> [UInt8] {
    let file = try RegularFile(path, as: meaning, remedy: remedy)
    func tooLong(_ count: Int) -> InputError {
      InputError(path, "has \(count) bytes", remedy: "\(meaning) of at most \(limit) bytes is expected")
    }
    guard file.size <= limit else { throw tooLong(file.size) }
    var bytes: [UInt8] = []
    // The system's own files have no size until they are read, and a file may grow meanwhile.
    var piece = file.size + 1
    while true {
      let part = try [UInt8](unsafeUninitializedCapacity: piece) { buffer, filled in
        filled = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      guard bytes.count <= limit else { throw tooLong(bytes.count) }
      if part.count < piece {
        if let stand = standIn(bytes.prefix(256), path) { throw stand }
        return bytes
      }
      piece = min(1 << 16, limit - bytes.count + 1)
    }
  }

  /// The bytes of a file that need not be there; nil if it is absent, no regular file, too long or unreadable.
  ///
  /// For files of the program's own that can be made anew.
  public static func readIfGood(_ path: String, atMost limit: Int) -> [UInt8]? {
    try? read(path, atMost: limit, as: "a file of this program")
  }

  /// Maps a regular file: what nobody looks at is not loaded.
  ///
  /// - Throws: as ``read(_:atMost:as:remedy:)``.
  public static func mapped(_ path: String, as meaning: String, remedy: String? = nil) throws -> Data {
    let file = try RegularFile(path, as: meaning, remedy: remedy)
    guard file.size > 0 else { return Data() }
    guard let address = mmap(nil, file.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0), address != MAP_FAILED else {
      throw SystemFailure.reading(errno, path, remedy: "a file that can be mapped into memory is expected")
    }
    let data = Data(bytesNoCopy: address, count: file.size, deallocator: .unmap)
    if let stand = standIn(Array(data.prefix(256))[...], path) { throw stand }
    return data
  }

  /// What lies there where a download gave a pointer or a page instead of the file, whatever kind of file it was to be.
  private static func standIn(_ start: ArraySlice<UInt8>, _ path: String) -> InputError? {
    if start.starts(with: "version https://git-lfs".utf8) {
      return InputError(path, "is a git-LFS pointer, not the file itself", remedy: "fetch the file with git lfs pull")
    }
    // Most files are told by their first byte.
    guard let first = start.first, [0x3C, 0x20, 0x0A, 0x0D, 0xEF].contains(first) else { return nil }
    let words = String(decoding: start, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    guard words.hasPrefix("<!doctype html") || words.hasPrefix("<html") || words.contains("<head>") else { return nil }
    return InputError(
      path, "is a page of HTML: the download gave a page about the file",
      remedy: "fetch the file itself (at Hugging Face /resolve/ instead of /blob/)")
  }
}
