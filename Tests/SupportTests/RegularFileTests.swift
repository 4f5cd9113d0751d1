import Foundation
import Support
import TestSupport
import Testing

@Suite("A file that is opened")
struct RegularFileTests {
  private func complaint(_ path: String) -> String? {
    do {
      _ = try FileBytes.read(path, atMost: 1 << 40, as: "a letter")
      return nil
    } catch { return "\(error)" }
  }

  @Test("is a regular one: pipes, devices, folders, sockets and absent ones are refused at once")
  func kinds() throws {
    try withTemporaryDirectory { folder in
      let pipe = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(pipe, 0o600) == 0)
      let link = folder.appendingPathComponent("link").path
      #expect(symlink(pipe, link) == 0)
      for (path, problem) in [
        (pipe, "is not a regular file"), (link, "is not a regular file"), ("/dev/zero", "is not a regular file"),
        ("/dev/null", "is not a regular file"), (folder.path, "is a folder"),
        (folder.path + "/none", "no such file"), (pipe + "/x", "cannot be read (Not a directory)"),
      ] {
        #expect(complaint(path) == "\(path): \(problem); a letter is expected")
        #expect(throws: InputError.self) { _ = try FileBytes.mapped(path, as: "a letter") }
        #expect(FileBytes.readIfGood(path, atMost: 100) == nil)
      }
    }
  }

  @Test("gives its bytes, whatever its size says")
  func bytes() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("file")
      for count in [0, 1, 65_535, 200_001] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try Data(bytes).write(to: file)
        #expect(try FileBytes.read(file.path, atMost: count, as: "a letter") == bytes)
        #expect(try FileBytes.mapped(file.path, as: "a letter") == Data(bytes))
        guard count > 0 else { continue }
        let short = #expect(throws: InputError.self) { _ = try FileBytes.read(file.path, atMost: count - 1, as: "it") }
        #expect(short?.description == "\(file.path): has \(count) bytes; it of at most \(count - 1) bytes is expected")
      }
      // The system's files have no size.
      #expect(try FileBytes.read("/proc/self/status", atMost: 1 << 20, as: "it").starts(with: "Name:".utf8))
    }
  }

  @Test("of many gigabytes of holes is refused before it is read, one that is written is not")
  func holes() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("sparse").path
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
      #expect(truncate(file, 300 << 30) == 0)
      #expect(complaint(file)?.contains("nearly all of which are holes") == true)
      #expect(throws: InputError.self) { _ = try FileBytes.mapped(file, as: "a letter") }
      let written = folder.appendingPathComponent("written").path
      try Data(repeating: 0, count: 5 << 20).write(to: URL(fileURLWithPath: written))
      #expect(truncate(written, 70 << 20) == 0)
      #expect(try FileBytes.mapped(written, as: "a letter").count == 70 << 20)
    }
  }

  @Test("is failed work, not a wrong path, where the system has no room for one more")
  func tooMany() async {
    await #expect(processExitsWith: .exitCode(9)) {
      var limit = rlimit(rlim_cur: 3, rlim_max: 3)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      do {
        _ = try FileBytes.read("/etc/passwd", atMost: 1 << 20, as: "it")
      } catch let error as WorkError where error.description.contains("too many files are open: raise the limit") {
        do {
          try AtomicFile.write(Data([1]), to: URL(fileURLWithPath: "/tmp/kdscope-too-many"))
        } catch is WorkError { exit(9) }
      }
      exit(1)
    }
  }

  @Test(
    "is called a pointer or a page where a download gave one, whatever was to be read",
    arguments: [
      ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a git-LFS pointer"),
      ("\n<!DOCTYPE html><html>", "is a page of HTML"), ("<HTML lang=en>", "is a page of HTML"),
    ])
  func standIns(_ text: String, _ problem: String) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("train.npz")
      try Data(text.utf8).write(to: file)
      for error in [
        #expect(throws: InputError.self) { try FileBytes.read(file.path, atMost: 1 << 20, as: "an archive") },
        #expect(throws: InputError.self) { try FileBytes.mapped(file.path, as: "an archive") },
      ] {
        #expect(error?.description.hasPrefix("\(file.path): \(problem)") == true, "\(String(describing: error))")
      }
      let other = folder.appendingPathComponent("note.txt")
      try Data("<b>version https://git-lfs</b>".utf8).write(to: other)
      #expect(try FileBytes.read(other.path, atMost: 1 << 20, as: "a text").count == 30)
    }
  }

  @Test(
    "and cannot be is a user's error where the path is wrong, else failed work",
    arguments: [
      (ENOENT, true), (EACCES, true), (ENOTDIR, true), (ELOOP, true), (ENAMETOOLONG, true), (EROFS, true), (EIO, false),
      (EMFILE, false), (ENFILE, false), (ENOMEM, false), (ESTALE, false), (EFBIG, false), (EBUSY, false),
    ])
  func table(_ code: Int32, _ isOfInput: Bool) {
    for error in [
      SystemFailure.reading(code, "x", remedy: "r"), SystemFailure.opening(code, "x"),
      SystemFailure.makingFolder(code, "x"),
    ] {
      #expect((error is InputError) == isOfInput && (error is WorkError) != isOfInput, "\(error)")
      #expect("\(error)".hasPrefix("x: ") && "\(error)".contains("; "))
    }
    #expect(SystemFailure.writing(code, "x").description.contains("; nothing was replaced"))
    #expect(SystemFailure.opening(ENOSPC, "x") is WorkError && SystemFailure.makingFolder(EDQUOT, "x") is WorkError)
  }
}
