import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Files that are complete or absent: written beside, synced, renamed.
public enum AtomicFile {
  /// Replaces the file at `url` by `data`; on failure the old file is untouched and no draft is left.
  ///
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if the disk is full or the write fails.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { descriptor in
      try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: url.path) }
    }
  }

  /// Replaces the file at `url` by what `body` writes to the file descriptor that it is given.
  public static func write(to url: URL, _ body: (Int32) throws -> Void) throws {
    let folder = url.deletingLastPathComponent()
    removeAbandonedDrafts(of: url.lastPathComponent, in: folder)
    let draft = folder.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).part").path
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(errno, opening: url.path) }
    do {
      defer { close(descriptor) }
      try body(descriptor)
      guard fsync(descriptor) == 0 else { throw failure(errno, writing: url.path) }
      guard rename(draft, url.path) == 0 else { throw failure(errno, opening: url.path) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Writes all bytes to an open descriptor, going on after interruptions.
  ///
  /// - Throws: ``WorkError`` naming `path` when the disk is full or the write fails.
  public static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes[...]
    while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let count = Glibc.write(descriptor, base, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno, writing: path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Drafts of this file that a killed program left: nobody else would ever remove them.
  private static func removeAbandonedDrafts(of name: String, in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for draft in names where draft.hasPrefix(".\(name).") && draft.hasSuffix(".part") {
      guard let owner = pid_t(draft.dropFirst(name.count + 2).dropLast(5)), owner > 0 else { continue }
      if kill(owner, 0) != 0, errno == ESRCH { unlink(folder.appendingPathComponent(draft).path) }
    }
  }

  private static func failure(_ code: Int32, opening path: String) -> any Error {
    if code == ENOSPC || code == EDQUOT { return failure(code, writing: path) }
    return InputError(
      path, "cannot be written (\(String(cString: strerror(code))))", remedy: "choose a folder you may write to")
  }

  private static func failure(_ code: Int32, writing path: String) -> any Error {
    WorkError("\(path): writing failed (\(String(cString: strerror(code)))); nothing was replaced")
  }
}
