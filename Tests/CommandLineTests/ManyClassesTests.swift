import Foundation
import TestSupport
import Testing

@Suite("A thousand classes", .tags(.cli))
struct ManyClassesTests {
  @Test("need no memory of their square, and figure and table show what can be read")
  func memory() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(
        into: folder,
        [("development: 6", "development: 200, test: 200"), ("batch: 8", "batch: 64"), ("resnet8", "cnn2")],
        labels: (0..<1400).map { $0 % 1000 })
      let run = try CommandLineTool.run(["run", "small.yaml", "--quiet"], in: folder, mebibytes: 700)
      #expect(run.code == 0, "\(run.summary)")
      let table = try Data(contentsOf: folder.appendingPathComponent("notebooks-data/small/confusion.csv"))
      // At most one row for each image of each of three networks.
      let rows = table.count { $0 == UInt8(ascii: "\n") } - 1
      #expect(rows > 0 && rows <= 600)
      let report = try String(contentsOf: folder.appendingPathComponent("reports/small/report.md"), encoding: .utf8)
      #expect(report.contains("Of 1000 classes the 40 with most wrong answers are shown; `classes.csv` has all."))
      #expect(report.utf8.count < 200_000)
    }
  }

  @Test("of which one is a stray label are refused where the label stands")
  func stray() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder, labels: (0..<24).map { $0 == 9 ? 5000 : $0 % 3 })
      let outcome = try CommandLineTool.run(["run", "small.yaml", "--quiet"], in: folder)
      #expect(
        outcome.failed(2, "images.safetensors: labels: label 5000 of image 9 makes 5001 classes"), "\(outcome.summary)")
    }
  }

  @Test("are named before training where there is nothing to learn them from")
  func untrained() throws {
    try withTemporaryDirectory { folder in
      try SmallArrays.lay(into: folder, labels: (0..<24).map { $0 % 3 + ($0 % 3 == 2 ? 1 : 0) })
      let check = try CommandLineTool.run(["recipe", "--check", "small.yaml"], in: folder)
      #expect(
        check.code == 0 && check.errors.contains("1 of 4 classes have no training image and cannot be learned: 2\n"),
        "\(check.summary)")
    }
  }
}
