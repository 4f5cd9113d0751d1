import Foundation

/// Starts measurements in processes of their own, so that neither memory nor warm caches of one reach another.
struct Children {
  let threads: Int
  let python: String

  /// A child that failed; its own words are on standard error.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// One measurement of the engine: this program again, as `work NAME`, perhaps with variables of its own.
  func engine<Result: Decodable>(
    _ work: [String], with variables: [String: String] = [:], as type: Result.Type = Result.self
  ) throws -> Result {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try JSONDecoder().decode(type, from: output(of: [own, "work"] + work, with: variables))
  }

  /// One measurement of PyTorch: a script beside this package.
  func torch<Result: Decodable>(_ script: String, _ arguments: [String], as type: Result.Type = Result.self) throws
    -> Result
  {
    let path = Host.package.appendingPathComponent("pytorch/\(script)").path
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: output(of: [python, path, "--threads", "\(threads)"] + arguments))
  }

  private func output(of line: [String], with variables: [String: String] = [:]) throws -> Data {
    let process = Process()
    // env looks names without a slash up in PATH.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = line
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "\(threads)"]) { $1 }
      .merging(variables) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Failure(description: "\(line.joined(separator: " ")): ended with \(process.terminationStatus)")
    }
    return data
  }
}
