import Foundation
import Support
import TestSupport
import Testing

@Suite("Ctrl-C", .tags(.cli, .slow))
struct InterruptionTests {
  private let line =
    "kdscope: interrupted; what a run has finished is kept (kdscope run goes on with --resume)\n"

  @Test(
    "saves the state, says so in one line, and ends with 130; the run goes on from there", arguments: [SIGINT, SIGTERM])
  func training(_ signal: Int32) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let long = ["run", "tiny.yaml", "--quiet", "--set", "name=long", "--set", "training.epochs=2000"]
      let program = try CommandLineTool.start(long, in: folder)
      let teacher = folder.appendingPathComponent("runs/long/seed-1/teacher")
      let third = teacher.appendingPathComponent("epoch-003.safetensors").path
      #expect(program.wait(until: { access(third, F_OK) == 0 }))
      program.send(signal)
      let outcome = program.wait(timeout: 20)
      #expect(outcome.code == 130 && outcome.output.isEmpty && outcome.errors == line, "\(outcome.summary)")
      let files = Fingerprints.files(below: teacher)
      #expect(!files.contains { $0.hasSuffix(".part") })
      #expect(files.contains("state/latest.safetensors"))
      let reached = files.count { $0.hasPrefix("epoch-") } - 1
      #expect(reached >= 3 && reached < 2000)

      let again = try CommandLineTool.start(long.filter { $0 != "--quiet" } + ["--resume"], in: folder)
      #expect(again.wait(until: { again.errorsSoFar.contains("resumed after epoch \(reached)") }))
      again.send(signal)
      let end = again.wait(timeout: 20)
      #expect(
        end.code == 130 && end.errors.contains("\ntraining teacher: resumed after epoch \(reached)"), "\(end.summary)")
      #expect(end.errors.hasSuffix("\n" + line) && !end.errors.contains("\u{1B}"))
    }
  }

  @Test("while measuring stops within a second or so, and nothing measured is lost")
  func measuring() throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      let slow = [
        "run", "tiny.yaml", "--quiet", "--set", "analysis.iterations=400", "--set", "analysis.draws=64", "--set",
        "analysis.probe-images=40",
      ]
      let program = try CommandLineTool.start(slow, in: folder)
      let last = TinyRun.training("features", in: folder).appendingPathComponent("state/latest.safetensors").path
      #expect(program.wait(until: { access(last, F_OK) == 0 }))
      usleep(300_000)
      program.send(SIGINT)
      let outcome = program.wait(timeout: 20)
      #expect(outcome.code == 130 && outcome.output.isEmpty && outcome.errors == line, "\(outcome.summary)")
    }
  }
}
