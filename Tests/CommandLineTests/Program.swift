import Foundation
import Testing

/// The built `kdscope`, run as a user runs it.
struct Program {
  /// How a run ended.
  struct Outcome {
    let exitCode: Int32
    let output: String
    let messages: String
  }

  /// Runs one command line in a fresh folder and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: after the program's name.
  ///   - files: files to lay into the folder, by name.
  ///   - environment: variables beside `PATH`; the terminal is 80 columns wide.
  /// - Returns: exit code and what was written to both streams.
  /// - Throws: what laying files or starting the program throws.
  static func run(
    _ arguments: [String], files: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kdscope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    // Files, not pipes: nobody has to read while the program writes.
    let streams = try ["stdout", "stderr"].map { name in
      let file = folder.appendingPathComponent(".\(name)")
      try Data().write(to: file)
      return (file: file, handle: try FileHandle(forWritingTo: file))
    }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "COLUMNS": "80"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = streams[0].handle
    process.standardError = streams[1].handle
    try process.run()
    process.waitUntilExit()
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0.file), as: UTF8.self) }
    return Outcome(exitCode: process.terminationStatus, output: texts[0], messages: texts[1])
  }

  /// Beside the test bundle, where the package manager puts all products.
  static var executable: URL {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("kdscope")
  }

  /// A recipe that can run.
  static let recipe = """
    data: { set: part-shapes, train: 500, development: 100 }
    teacher: { model: resnet20 }
    student: { model: resnet8 }
    distillation:
      - { method: kd, temperature: 2, weight: 0.5 }
    """
}
