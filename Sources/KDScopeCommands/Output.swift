import Glibc
import Support

/// The two streams of the program.
enum Output {
  /// Writes a result to standard output, as it is.
  ///
  /// - Throws: ``WorkError`` when it cannot be written, such as to a full disk.
  static func write(_ text: String) throws {
    var text = text
    let isWritten = text.withUTF8 { send($0, to: STDOUT_FILENO) }
    guard isWritten else {
      endQuietlyIfNobodyReads()
      throw WorkError(
        "standard output: writing failed (\(SystemFailure.reason(errno))); free space or choose another file")
    }
  }

  /// Writes a text for people to standard output; names in it can do nothing to the terminal.
  ///
  /// - Throws: as ``write(_:)``.
  static func writeText(_ text: String) throws {
    try write(VisibleText.lines(text, atMost: VisibleText.longestRow))
  }

  /// Writes a message to standard error; there is no one left to tell if that fails.
  static func writeError(_ text: String) {
    var text = VisibleText.lines(text)
    _ = text.withUTF8 { send($0, to: STDERR_FILENO) }
  }

  private static func send(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// `kdscope … | head` has what it wanted. Usually the signal SIGPIPE has ended the program before; where that is
  /// ignored, it is sent again with its usual effect.
  private static func endQuietlyIfNobodyReads() {
    guard errno == EPIPE else { return }
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  }
}
