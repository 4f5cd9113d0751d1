import Foundation
import TestSupport
import Testing

/// Lines that fill their box: the worst case of a stroke.
@Suite("A large table", .tags(.cli))
struct PlotTimingTests {
  @Test("of a million rows is drawn within 20 s and 1 GiB")
  func rows() throws {
    try withTemporaryDirectory { folder in
      var text = "step,loss,group\n"
      var state: UInt64 = 1
      for row in 0..<1_000_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += "\(row),0.\(state >> 44),g\(row % 3)\n"
      }
      try Data(text.utf8).write(to: folder.appendingPathComponent("large.csv"))
      let started = ContinuousClock.now
      let drawn = try CommandLineTool.run(["plot", "large.csv", "--out", "large.png"], in: folder, mebibytes: 1024)
      #expect(drawn.code == 0, "\(drawn.summary)")
      #expect(ContinuousClock.now - started < .seconds(20))
    }
  }

  @Test("with a cell of ten megabytes is refused or drawn at once")
  func cell() throws {
    try withTemporaryDirectory { folder in
      let long = String(repeating: "x", count: 10_000_000)
      try Data("a,b\n1,2\n\(long),3\n".utf8).write(to: folder.appendingPathComponent("long.csv"))
      let started = ContinuousClock.now
      let drawn = try CommandLineTool.run(["plot", "long.csv", "--out", "long.png"], in: folder, mebibytes: 1024)
      #expect(
        drawn.code == 2 && drawn.errors.contains("long.csv:3: a field has 10000000 bytes"), "\(drawn.summary)")
      #expect(ContinuousClock.now - started < .seconds(20))
    }
  }
}
