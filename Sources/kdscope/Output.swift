import Glibc
import Support

/// The two streams of the program.
enum Output {
  /// Writes a result to standard output.
  ///
  /// - Throws: ``WorkError`` when it cannot be written, such as to a full disk.
  static func write(_ text: String) throws {
    var text = text
    let isWritten = text.withUTF8 { send($0, to: STDOUT_FILENO) }
    guard isWritten else {
      throw WorkError(
        "standard output: writing failed (\(String(cString: strerror(errno)))); free space or choose another file")
    }
  }

  /// Writes a message to standard error; there is no one left to tell if that fails.
  static func writeError(_ text: String) {
    var text = text
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
}
