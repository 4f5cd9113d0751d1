import Foundation

/// Calls `body` with a new empty folder, which is removed afterwards.
public func withTemporaryDirectory<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = try newFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Calls `body` with a new empty folder, which is removed afterwards.
public func withTemporaryDirectory<R>(_ body: (URL) async throws -> R) async throws -> R {
  let folder = try newFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

private func newFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kdscope-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}
