import Glibc

/// The user pressed Ctrl-C, or the system asks the program to end. Exit code 130.
public struct Interrupted: Error, CustomStringConvertible {
  /// One line.
  public let description = "interrupted; what a run has finished is kept (\(programName) run goes on with --resume)"

  /// The error.
  public init() {}
}

/// Ends the program at SIGINT, SIGTERM and SIGHUP: with one line, exit code 130, and no draft left.
///
/// A signal that was ignored when the program began stays so: `nohup` and shells ask for that.
public enum Interrupt {
  // Written by the signal handler, read by loops; word-sized stores are all that happens to them.
  nonisolated(unsafe) private static var signals: sig_atomic_t = 0
  nonisolated(unsafe) private static var isGraceful: sig_atomic_t = 0
  /// Whether a line that is redrawn stands on the terminal.
  nonisolated(unsafe) static var hasDrawnLine: sig_atomic_t = 0
  /// Paths that the handler removes, as C strings; a free place is nil.
  nonisolated(unsafe) private static let drafts = {
    let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: places)
    paths.initialize(repeating: nil, count: places)
    return paths
  }()
  private static let places = 16
  nonisolated(unsafe) private static let lines = (
    quick: strdup("\(programName): interrupted\n"), saved: strdup("\(programName): \(Interrupted())\n"),
    clearing: strdup("\r\u{1B}[K")
  )
  /// Seconds that work has to come to a good end.
  private static let patience: UInt32 = 2

  /// Begins to catch the signals: the first ends the program at once.
  public static func catchSignals() {
    // A handler may not be the first to make them.
    _ = (drafts, lines, places, patience, signals, isGraceful, hasDrawnLine)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
      signal(number) { _ in
        if Interrupt.signals > 0 || Interrupt.isGraceful == 0 { Interrupt.end() }
        Interrupt.signals += 1
        // Work that looks at the flag too seldom ends all the same; what is on the disk is always good.
        alarm(Interrupt.patience)
      }
    }
    signal(SIGALRM) { _ in Interrupt.end() }
    // A write beyond the limit of file size is then an error like that of a full disk.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// From now on the first signal is left to loops that ``check()``; a second one, or two seconds, end the program.
  public static func watch() {
    catchSignals()
    isGraceful = 1
  }

  /// - Throws: ``Interrupted`` if a signal came.
  public static func check() throws { if signals > 0 { throw Interrupted() } }

  /// A path that a signal removes, until it is told that the path has its end.
  struct Removal {
    fileprivate let place: Int?

    /// The path is gone or renamed.
    func end() {
      guard let place, let path = Interrupt.drafts[place] else { return }
      Interrupt.drafts[place] = nil
      free(path)
    }
  }

  /// Has a draft removed if a signal ends the program.
  static func removing(_ path: String) -> Removal {
    // More files than places are never written at once; a draft that has none is removed by a later write.
    guard let free = (0..<places).first(where: { drafts[$0] == nil }) else { return Removal(place: nil) }
    drafts[free] = strdup(path)
    return Removal(place: free)
  }

  /// Called by signal handlers: only calls that may be made there.
  private static func end() -> Never {
    for place in 0..<places { if let path = drafts[place] { unlink(path) } }
    if hasDrawnLine > 0 { say(lines.clearing) }
    say(isGraceful > 0 ? lines.saved : lines.quick)
    _exit(130)
  }

  private static func say(_ line: UnsafeMutablePointer<CChar>?) {
    if let line { _ = write(STDERR_FILENO, line, strlen(line)) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
