#if canImport(Glibc)
  import Glibc
#endif

/// Keeps a second process from working in the same folder; gone with the process, however it ends.
public final class FolderLock {
  private let descriptor: Int32

  /// - Parameters:
  ///   - path: the folder, which exists.
  ///   - remedy: what to do instead, for the error.
  /// - Throws: ``InputError`` if another process holds it.
  public init(_ path: String, remedy: String) throws {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A file system that knows no locks has none to respect.
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    close(descriptor)
    throw InputError(path, "another process is working on this run", remedy: remedy)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
