import Support
import TestSupport
import Testing

@Suite("A folder's lock")
struct FolderLockTests {
  @Test("keeps a second holder out until the first is gone")
  func excludes() throws {
    try withTemporaryDirectory { folder in
      var first: FolderLock? = try FolderLock(folder.path, remedy: "wait")
      #expect(throws: InputError(folder.path, "another process is working on this run", remedy: "wait")) {
        _ = try FolderLock(folder.path, remedy: "wait")
      }
      withExtendedLifetime(first) {}
      first = nil
      _ = try FolderLock(folder.path, remedy: "wait")
    }
  }
}
