import Foundation
import Glibc
import Workloads

/// This machine, this package, and the program beside this one.
enum Host {
  /// The folder of this package.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Processor, number of cores, and system.
  static var description: String {
    let processor = line("/proc/cpuinfo", "model name") ?? "unknown processor"
    let system = line("/etc/os-release", "PRETTY_NAME") ?? "Linux"
    return "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores, \(system)"
  }

  /// What lets OpenBLAS take kernels for this processor where it does not know it: it falls back to those of 2004 then,
  /// beside which anything is fast.
  static var libraryKernels: [String: String] {
    guard ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil, ProductBenchmark.kernels == "Prescott" else {
      return [:]
    }
    let flags = Set((line("/proc/cpuinfo", "flags") ?? "").split(separator: " "))
    return switch (flags.contains("avx512f"), flags.contains("avx2")) {
    case (true, _): ["OPENBLAS_CORETYPE": "SkylakeX"]
    case (false, true): ["OPENBLAS_CORETYPE": "Haswell"]
    case (false, false): [:]
    }
  }

  /// What stands behind a key in a file of such lines.
  private static func line(_ file: String, _ key: String) -> String? {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix(key) }?.dropFirst(key.count)
      .trimmingCharacters(in: CharacterSet(charactersIn: " \t:=\""))
  }

  /// The `kdscope` that was built together with this program.
  static func kdscope() throws -> String {
    let own = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let path = own.deletingLastPathComponent().appendingPathComponent("kdscope").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Children.Failure(description: "\(path) is not built")
    }
    return path
  }

  /// Times of whole runs of a program, after two that warm up.
  static func milliseconds(of program: String, _ argument: String, repeats: Int) throws -> [Double] {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let words = [strdup(program), strdup(argument), nil]
    defer { for word in words { free(word) } }
    let clock = ContinuousClock()
    let times = try (0..<repeats + 2).map { _ in
      let start = clock.now
      var child: pid_t = 0
      var status: Int32 = 0
      guard posix_spawn(&child, program, &actions, nil, words, environ) == 0, waitpid(child, &status, 0) == child,
        status == 0
      else { throw Children.Failure(description: "\(program) \(argument) failed") }
      return (clock.now - start) / .milliseconds(1)
    }
    return Array(times.dropFirst(2))
  }

  /// One line on standard error.
  static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
