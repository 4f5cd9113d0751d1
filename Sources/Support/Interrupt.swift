import Glibc

/// The user pressed Ctrl-C, or the system asks the program to end. Exit code 130.
public struct Interrupted: Error, CustomStringConvertible {
  /// One line.
  public let description = "interrupted; the state is saved, --resume goes on"

  /// The error.
  public init() {}
}

/// Turns SIGINT and SIGTERM into a flag that long loops look at between steps.
public enum Interrupt {
  // Written by the signal handler, read by loops; a word-sized store is all that happens in the handler.
  nonisolated(unsafe) private static var signals: sig_atomic_t = 0

  /// Begins to catch the signals; a second one ends the program at once.
  public static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interrupt.signals > 0 { _exit(130) }
        Interrupt.signals += 1
        _ = number
      }
    }
  }

  /// - Throws: ``Interrupted`` if a signal came.
  public static func check() throws { if signals > 0 { throw Interrupted() } }
}
