import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Folders that results go into.
public enum Folders {
  /// Makes a folder and those above it; one that is there already is left as it is.
  ///
  /// - Throws: ``InputError`` if it cannot be made there, ``WorkError`` if the disk is full.
  public static func create(_ url: URL) throws {
    let path = url.standardizedFileURL.path
    if mkdir(path, 0o755) == 0 { return }
    var code = errno
    if code == ENOENT, path != "/" {
      try create(url.standardizedFileURL.deletingLastPathComponent())
      if mkdir(path, 0o755) == 0 { return }
      code = errno
    }
    if code == EEXIST {
      if isFolder(path) { return }
      code = ENOTDIR
    }
    throw SystemFailure.makingFolder(code, path)
  }

  /// Refuses a folder that could not be made or written to later, and makes nothing.
  ///
  /// - Throws: ``InputError`` if it, or the nearest folder above it that is there, is none or not writable.
  public static func requireWritable(_ url: URL) throws {
    var nearest = url.standardizedFileURL
    while nearest.path != "/", access(nearest.path, F_OK) != 0, errno == ENOENT { nearest.deleteLastPathComponent() }
    guard isFolder(nearest.path) else { throw SystemFailure.makingFolder(ENOTDIR, url.path) }
    guard access(nearest.path, W_OK | X_OK) == 0 else { throw SystemFailure.makingFolder(errno, url.path) }
  }

  /// Bytes that are free on the disk of a folder, which need not be there yet; nil where the system does not say.
  public static func freeBytes(at url: URL) -> Int? {
    var nearest = url.standardizedFileURL
    while nearest.path != "/", access(nearest.path, F_OK) != 0 { nearest.deleteLastPathComponent() }
    var status = statvfs()
    guard statvfs(nearest.path, &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// Whether a folder of this path is there.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
