import Foundation

/// A folder of one test's own, removed with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }
}

/// The bytes as gzip packs them, without a name or time.
func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", "-nc", try folder.write("plain", bytes)]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let packed = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Array(packed)
}

/// An IDX file of unsigned bytes.
func idx(_ dimensions: [UInt32], _ values: [UInt8]) -> [UInt8] {
  let sizes = dimensions.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * UInt32($0))) } }
  return [0, 0, 8, UInt8(dimensions.count)] + sizes + values
}
