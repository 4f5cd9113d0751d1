import Foundation
import Synchronization

/// Version of the program, as `kdscope --version` and every report have it.
public let programVersion = "0.1.0"

/// What messages and printed commands call the program: `kdscope`, or the name of one's own with its commands.
public var programName: String { ProgramName.known.withLock(\.self) }

/// Sets ``programName``, before any command is read.
public enum ProgramName {
  fileprivate static let known = Mutex("kdscope")

  /// - Parameter path: that the process was started by. A copy of the program under another name that begins with `kdscope`
  ///   is still the program.
  public static func take(from path: String) {
    let name = URL(fileURLWithPath: path).lastPathComponent
    guard !name.isEmpty, !name.hasPrefix("kdscope") else { return }
    known.withLock { $0 = name }
  }
}
