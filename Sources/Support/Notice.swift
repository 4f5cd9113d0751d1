import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// What a user should know of an answer that is given all the same, on standard error.
public enum Notice {
  private static let told = Mutex<Set<String>>([])

  /// Says a line, once however often it is to be said.
  ///
  /// - Parameter line: without the program's name.
  public static func tell(_ line: String) {
    guard told.withLock({ $0.insert(line).inserted }) else { return }
    var text = (Interrupt.hasDrawnLine > 0 ? "\r\u{1B}[K" : "") + VisibleText.lines("kdscope: \(line)") + "\n"
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
