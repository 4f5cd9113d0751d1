import Foundation
import Support
import TestSupport
import Testing

@Suite("Atomic files")
struct AtomicFileTests {
  private struct Broken: Error {}

  @Test("replace the old file and leave nothing beside it")
  func replaces() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("file.txt")
      for text in ["first", "", "third, longer than the others"] {
        try AtomicFile.write(Data(text.utf8), to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == text)
        #expect(Fingerprints.files(below: folder) == ["file.txt"])
      }
    }
  }

  @Test("are not touched by a write that fails half-way; the draft is removed")
  func failing() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("file.txt")
      try AtomicFile.write(Data("old".utf8), to: url)
      #expect(throws: Broken.self) {
        try AtomicFile.write(to: url) { descriptor in
          try Array("new and half".utf8).withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
          // Until the end there is a draft beside the old file.
          #expect(Fingerprints.files(below: folder) == [".file.txt.\(getpid()).part", "file.txt"])
          throw Broken()
        }
      }
      #expect(try String(contentsOf: url, encoding: .utf8) == "old")
      #expect(Fingerprints.files(below: folder) == ["file.txt"])
    }
  }

  @Test("are refused as a user's error where nothing can be written")
  func refused() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: file)
      let below = folder.appendingPathComponent("filled")
      try FileManager.default.createDirectory(
        at: below.appendingPathComponent("sub"), withIntermediateDirectories: true)
      for (place, reason) in [
        (folder.appendingPathComponent("missing/file"), "No such file or directory"),
        (file.appendingPathComponent("below"), "Not a directory"), (below, "Is a directory"),
        (URL(fileURLWithPath: "/proc/file"), "No such file or directory"),
      ] {
        let expected = InputError(
          place.path, "cannot be written (\(reason))", remedy: "choose a folder you may write to")
        #expect(throws: expected) { try AtomicFile.write(Data([1, 2]), to: place) }
      }
      #expect(Fingerprints.files(below: folder) == ["file"])
    }
  }

  @Test(
    "on a full disk are failed work: old file kept, draft removed",
    .enabled(if: SmallDisk.isPossible, "a small disk can only be mounted by root"))
  func full() throws {
    let disk = try SmallDisk(kilobytes: 64)
    let url = disk.url.appendingPathComponent("file")
    try AtomicFile.write(Data(repeating: 1, count: 30_000), to: url)
    let error = #expect(throws: WorkError.self) { try AtomicFile.write(Data(repeating: 2, count: 60_000), to: url) }
    #expect(error?.description == "\(url.path): writing failed (No space left on device); nothing was replaced")
    #expect(try Data(contentsOf: url) == Data(repeating: 1, count: 30_000))
    #expect(Fingerprints.files(below: disk.url) == ["file"])
  }

  @Test("lose the drafts that a killed program left, and no others")
  func abandoned() throws {
    try withTemporaryDirectory { folder in
      // No process can have a number of more than 2²² on Linux.
      let names = [".file.99999999.part", ".file.1.part", ".other.99999999.part", ".file.x.part", ".file.99999999.txt"]
      for name in names { try Data([1]).write(to: folder.appendingPathComponent(name)) }
      try AtomicFile.write(Data([2]), to: folder.appendingPathComponent("file"))
      #expect(Fingerprints.files(below: folder) == (names.dropFirst() + ["file"]).sorted())
    }
  }
}
