#if canImport(Glibc)
  import Glibc
#endif

/// What the system's error numbers mean to the user: one table for all that opens, reads, writes or makes files.
///
/// A path that is wrong, or that the user may not use, is an ``InputError``. All else, such as a broken disk, a full one,
/// or no memory, is a ``WorkError``: with the same input the work may succeed another time.
public enum SystemFailure {
  /// A file could not be opened or read.
  ///
  /// - Parameters:
  ///   - code: the system's number.
  ///   - path: the file.
  ///   - remedy: what would be right in the place of a wrong path.
  /// - Returns: the error.
  public static func reading(_ code: Int32, _ path: String, remedy: String) -> any Error {
    if code == ENOENT { return InputError(path, "no such file", remedy: remedy) }
    return failure(code, path, "cannot be read", remedy: remedy)
  }

  /// A file could not be opened for writing, or not put into its place.
  public static func opening(_ code: Int32, _ path: String) -> any Error {
    if code == ENOSPC || code == EDQUOT { return writing(code, path) }
    return failure(code, path, "cannot be written", remedy: "choose a folder you may write to")
  }

  /// A write to an open file failed; the file in whose place it was meant to come is untouched.
  public static func writing(_ code: Int32, _ path: String) -> WorkError {
    WorkError("\(path): writing failed (\(reason(code))); nothing was replaced")
  }

  /// A folder could not be made.
  public static func makingFolder(_ code: Int32, _ path: String) -> any Error {
    if code == ENOSPC || code == EDQUOT {
      return WorkError("\(path): the folder cannot be made (\(reason(code))); free space")
    }
    return failure(code, path, "the folder cannot be made", remedy: "choose a folder you may write to with --out")
  }

  /// The system's words for a number.
  public static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// Whether it is the path that is wrong, or what its owner allows.
  static func isOfInput(_ code: Int32) -> Bool {
    switch code {
    case ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, EROFS, EEXIST, ENOTEMPTY, EINVAL, ENXIO, ENODEV,
      EXDEV, EILSEQ:
      true
    default: false
    }
  }

  private static func failure(_ code: Int32, _ path: String, _ problem: String, remedy: String) -> any Error {
    if isOfInput(code) { return InputError(path, "\(problem) (\(reason(code)))", remedy: remedy) }
    let help =
      switch code {
      case EMFILE, ENFILE: "too many files are open: raise the limit (ulimit -n) or end other programs"
      case ENOMEM: "free memory"
      default: "check the disk"
      }
    return WorkError("\(path): \(problem) (\(reason(code))); \(help)")
  }
}
