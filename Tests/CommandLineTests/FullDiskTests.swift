import Foundation
import Support
import TestSupport
import Testing

@Suite(
  "A disk that fills up", .tags(.cli, .slow),
  .enabled(if: SmallDisk.isPossible, "a small disk can only be mounted by root"))
struct FullDiskTests {
  /// The run's files are whole, there is no draft, and what the states speak of is there.
  private func expectWhole(_ disk: SmallDisk) throws {
    let files = Fingerprints.files(below: disk.url)
    #expect(!files.contains { $0.hasSuffix(".part") }, "\(files)")
    // Reading refuses whatever is not whole.
    _ = try Fingerprints.tensors(below: disk.url)
    for state in files where state.hasSuffix("state/latest.safetensors") {
      let folder = state.dropLast("state/latest.safetensors".count)
      #expect(files.contains("\(folder)epoch-001.safetensors") && files.contains("\(folder)log.csv"))
    }
  }

  // The teacher's checkpoints have 318 kB each, its state 307 kB; a student's checkpoint 83 kB, its maps 600 bytes.
  @Test(
    "in the middle of a run ends it with exit code 1 and one line, nothing half-written; with more room it goes on",
    arguments: [100, 400, 700, 1000, 1300, 1450, 1650, 1900, 2150, 2400, 2600])
  func run(_ kilobytes: Int) throws {
    let disk = try SmallDisk(kilobytes: 16_384)
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let arguments = ["run", "tiny.yaml", "--quiet", "--resume", "--out", disk.url.path]
      // There is room enough when the run asks; then somebody else takes it.
      let program = try CommandLineTool.start(arguments, in: folder)
      let mark = disk.url.appendingPathComponent("runs/tiny/training.sha256").path
      #expect(program.wait(until: { access(mark, F_OK) == 0 }))
      program.send(SIGSTOP)
      try disk.shrink(kilobytes: kilobytes)
      program.send(SIGCONT)
      let outcome = program.wait()
      #expect(outcome.failed(1, disk.url.path), "\(outcome.summary)")
      #expect(
        outcome.errors.contains(": writing failed (No space left on device); nothing was replaced"),
        "\(outcome.summary)")
      try expectWhole(disk)
      // Trying again in vain changes nothing: it is refused, unless so little is left to write that it is tried.
      let again = try CommandLineTool.run(arguments, in: folder)
      let refusal = "\(disk.url.path)/runs/tiny: the run writes about "
      #expect(again.failed(2, refusal) || again.failed(1, disk.url.path), "\(again.summary)")
      try expectWhole(disk)
      try disk.resize(kilobytes: 16_384)
      let end = try CommandLineTool.run(arguments, in: folder)
      #expect(end.code == 0, "\(end.summary)")
      #expect(try Fingerprints.tensors(below: disk.url.appendingPathComponent("runs")) == TinyRun.undisturbed.get())
    }
  }

  @Test("with files, not bytes, ends a run in the same way", arguments: [2, 3, 5, 9, 14])
  func files(_ count: Int) throws {
    let disk = try SmallDisk(kilobytes: 16_384, files: count)
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let outcome = try CommandLineTool.run(["run", "tiny.yaml", "--quiet", "--out", disk.url.path], in: folder)
      #expect(outcome.failed(1, disk.url.path), "\(outcome.summary)")
      #expect(outcome.errors.contains("(No space left on device)"))
      #expect(!Fingerprints.files(below: disk.url).contains { $0.hasSuffix(".part") })
    }
  }

  @Test("is seen before any work: the run is refused, and nothing is written", arguments: [false, true])
  func refused(_ isQuiet: Bool) throws {
    let disk = try SmallDisk(kilobytes: 1_500)
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let arguments = ["run", "tiny.yaml", "--out", disk.url.path] + (isQuiet ? ["--quiet"] : [])
      let outcome = try CommandLineTool.run(arguments, in: folder)
      #expect(outcome.failed(2, "\(disk.url.path)/runs/tiny: the run writes about "), "\(outcome.summary)")
      #expect(outcome.errors.contains(", and 1.5 MiB are free; free space, choose another --out, or keep fewer epochs"))
      #expect(Fingerprints.files(below: disk.url).isEmpty)
    }
  }

  @Test("keeps the answer of an earlier question as it was")
  func logits() throws {
    let disk = try SmallDisk(kilobytes: 8)
    try withTemporaryDirectory { folder in
      let samples = try ProbeSamples(folder)
      let out = disk.url.appendingPathComponent("y.safetensors")
      try Data("old".utf8).write(to: out)
      // 400 images of 10 logits take 16 kB.
      let outcome = try CommandLineTool.run(
        ["probe", "logits", samples.own.path, "--images", samples.manyImages.path, "--out", out.path])
      #expect(outcome.failed(1, "\(out.path): writing failed (No space left on device)"), "\(outcome.summary)")
      #expect(try Data(contentsOf: out) == Data("old".utf8))
      #expect(Fingerprints.files(below: disk.url) == ["y.safetensors"])
    }
  }
}
