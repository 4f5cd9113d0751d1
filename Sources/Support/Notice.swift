import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// What a user should know of an answer that is given all the same, on standard error.
public enum Notice {
  private static let told = Mutex<Set<String>>([])

  /// Says a line, once however often it is to be said.
  ///
  /// - Parameter line: without the program's name and the word note; line breaks in it are escaped.
  public static func tell(_ line: String) {
    guard told.withLock({ $0.insert(line).inserted }) else { return }
    let shown = VisibleText.name(line, atMost: VisibleText.longestMessage)
    var text = (Interrupt.hasDrawnLine > 0 ? "\r\u{1B}[K" : "") + "\(programName): note: \(shown)\n"
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
