import Foundation
import Support
import TestSupport
import Testing

@Suite("Folders")
struct FoldersTests {
  @Test("are made with those above them, and kept where they are")
  func create() throws {
    try withTemporaryDirectory { folder in
      let deep = folder.appendingPathComponent("a/b/../c")
      try Folders.create(deep)
      try AtomicFile.write(Data([1]), to: folder.appendingPathComponent("a/c/file"))
      try Folders.create(deep)
      #expect(Fingerprints.files(below: folder) == ["a/c/file"])
    }
  }

  @Test("that cannot be made are the user's error")
  func refused() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      let remedy = "choose a folder you may write to with --out"
      for place in [file, file.appendingPathComponent("a/b")] {
        let expected = InputError(place.path, "the folder cannot be made (Not a directory)", remedy: remedy)
        #expect(throws: expected) { try Folders.create(place) }
        #expect(throws: expected) { try Folders.requireWritable(place) }
      }
      let impossible = #expect(throws: InputError.self) {
        try Folders.create(URL(fileURLWithPath: "/proc/kdscope/runs"))
      }
      #expect(impossible?.description.hasPrefix("/proc/kdscope: the folder cannot be made (") == true)
      try Folders.requireWritable(folder.appendingPathComponent("not/there/yet"))
      #expect(Fingerprints.files(below: folder) == ["file"])
    }
  }

  @Test(
    "on a full disk are failed work", .enabled(if: SmallDisk.isPossible, "a small disk can only be mounted by root"))
  func full() throws {
    let disk = try SmallDisk(kilobytes: 64, files: 3)
    let error = #expect(throws: WorkError.self) { try Folders.create(disk.url.appendingPathComponent("a/b/c")) }
    #expect(
      error?.description.hasSuffix("/a/b/c: the folder cannot be made (No space left on device); free space") == true)
  }
}
