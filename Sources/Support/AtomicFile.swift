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
    try refuseSpecialFile(url.path)
    let folder = url.deletingLastPathComponent()
    removeAbandonedDrafts(of: url.lastPathComponent, in: folder)
    let draft = folder.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).part").path
    let removal = Interrupt.removing(draft)
    defer { removal.end() }
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw SystemFailure.opening(errno, url.path) }
    do {
      defer { close(descriptor) }
      try body(descriptor)
      guard fsync(descriptor) == 0 else { throw SystemFailure.writing(errno, url.path) }
      guard rename(draft, url.path) == 0 else { throw SystemFailure.opening(errno, url.path) }
    } catch {
      unlink(draft)
      throw error
    }
    try syncFolder(of: url)
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
        throw SystemFailure.writing(errno, path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// A rename would put a file into the place of a device or a pipe, and destroy that.
  private static func refuseSpecialFile(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFDIR else {
      throw InputError(path, "is not a regular file", remedy: "give the path of a file that may be replaced")
    }
  }

  /// A new name is on the disk only when its folder is.
  private static func syncFolder(of url: URL) throws {
    let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may not be read can be written to all the same.
    guard folder >= 0 else { return }
    defer { close(folder) }
    // Some file systems know no such thing.
    guard fsync(folder) != 0, errno == EIO || errno == ENOSPC || errno == EDQUOT else { return }
    throw WorkError("\(url.path): its folder cannot be synced (\(SystemFailure.reason(errno))); check the disk")
  }

  /// Drafts of this file that a killed program left: nobody else would ever remove them.
  private static func removeAbandonedDrafts(of name: String, in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for draft in names where draft.hasPrefix(".\(name).") && draft.hasSuffix(".part") {
      guard let owner = pid_t(draft.dropFirst(name.count + 2).dropLast(5)), owner > 0 else { continue }
      if kill(owner, 0) != 0, errno == ESRCH { unlink(folder.appendingPathComponent(draft).path) }
    }
  }
}
