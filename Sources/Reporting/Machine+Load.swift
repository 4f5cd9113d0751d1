import Foundation

extension Machine {
  /// Processors that other programs want just now.
  ///
  /// The load of the last minute would count what has ended, such as the build of this program. What is counted is
  /// threads that can run, five times within a tenth of a second; the least counts.
  ///
  /// - Parameter needed: threads that this program is about to use; it uses one while it asks.
  /// - Returns: nil where enough are left, and where the system does not say.
  public static func takenByOthers(leaving needed: Int) -> Int? {
    let loads = (0..<5).map { _ -> String in
      Thread.sleep(forTimeInterval: 0.02)
      return text("/proc/loadavg")
    }
    return taken(loads, leaving: needed, of: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The same from texts of `/proc/loadavg`: "0.20 0.18 0.12 3/80 11206", 3 threads can run.
  package static func taken(_ loads: [String], leaving needed: Int, of cores: Int) -> Int? {
    let runnable = loads.compactMap { load -> Int? in
      let fields = load.split(separator: " ")
      return fields.count > 3 ? fields[3].split(separator: "/").first.flatMap { Int($0) } : nil
    }
    guard let least = runnable.min(), least - 1 + needed > cores else { return nil }
    return least - 1
  }
}
