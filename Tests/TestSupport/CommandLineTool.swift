import Foundation
import Glibc

/// The built `kdscope` program, run as a user runs it.
public enum CommandLineTool {
  /// What a finished program left.
  public struct Result: Sendable {
    /// All that it wrote to standard output.
    public let output: String
    /// All that it wrote to standard error.
    public let errors: String
    /// The exit code; 128 + number where a signal ended it, 137 if it took too long.
    public let code: Int32
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - folder: where it runs; the current one where nil.
  ///   - environment: added to that of the tests.
  ///   - timeout: seconds after which it is killed.
  ///   - program: its name among the package's products.
  /// - Returns: output, errors and exit code.
  /// - Throws: ``NotBuilt``, or what writing the temporary files throws.
  public static func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], timeout: Double = 60,
    program: String = "kdscope"
  ) throws -> Result {
    try start(arguments, in: folder, environment: environment, program: program).wait(timeout: timeout)
  }

  /// Runs the program to its end with so little memory that an allocation of what a file claims fails.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - folder: where it runs.
  ///   - mebibytes: the most memory of its own, as the kernel counts data.
  /// - Returns: output, errors and exit code.
  /// - Throws: as ``run(_:in:environment:timeout:)``.
  public static func run(_ arguments: [String], in folder: URL, mebibytes: Int) throws -> Result {
    try start(arguments, in: folder, after: "ulimit -d \(mebibytes << 10)").wait(timeout: 60)
  }

  /// Starts the program as a shell does after another command: one that sets limits, or has signals ignored.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - folder: where it runs.
  ///   - setting: the shell's command, such as `ulimit -f 8`.
  ///   - pipe: what the program's standard output goes to, such as `head -1`; nil for the test.
  /// - Returns: the shell, which the program takes the place of unless there is a pipe.
  /// - Throws: as ``run(_:in:environment:timeout:)``.
  public static func start(
    _ arguments: [String], in folder: URL, after setting: String, pipe: String? = nil
  ) throws -> RunningProgram {
    let script = pipe.map { "\(setting); \"$@\" | \($0)" } ?? "\(setting) && exec \"$@\""
    return try RunningProgram(
      URL(fileURLWithPath: "/bin/sh"), ["-c", script, "sh", executable().path] + arguments, in: folder, environment: [:]
    )
  }

  /// Starts the program and goes on; for what interrupts or kills it.
  public static func start(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], program: String = "kdscope"
  ) throws -> RunningProgram {
    try RunningProgram(executable(program), arguments, in: folder, environment: environment)
  }

  /// The program is not beside the tests: `swift build --build-tests` makes both.
  public struct NotBuilt: Error {}

  /// The program of this build, found beside the running test bundle.
  ///
  /// - Parameter name: `kdscope`, or another product of the package.
  /// - Returns: its file.
  /// - Throws: ``NotBuilt``.
  public static func executable(_ name: String = "kdscope") throws -> URL {
    let bundles = CommandLine.arguments.filter { $0.contains(".xctest") }
    let running = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map { [$0] } ?? []
    for bundle in running + bundles {
      var folder = URL(fileURLWithPath: bundle)
      for _ in 0..<4 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent(name)
        var status = stat()
        if stat(candidate.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return candidate }
      }
    }
    throw NotBuilt()
  }
}
