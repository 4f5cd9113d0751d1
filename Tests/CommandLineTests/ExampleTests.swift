import Foundation
import TestSupport
import Testing

@Suite("The example of a program of one's own", .tags(.cli))
struct ExampleTests {
  @Test("trains its network by five methods of the registry and one of its own, and reads it back")
  func runs() throws {
    try withTemporaryDirectory { folder in
      let outcome = try CommandLineTool.run([], in: folder, program: "OwnNetwork")
      #expect(outcome.code == 0, "\(outcome.summary)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 7)
      for (line, name) in zip(lines.dropFirst(), ["kd", "crd", "rkd", "review-kd", "fitnet", "huber"]) {
        let words = line.split(separator: " ")
        #expect(line.hasPrefix("student by \(name): "))
        // Chance is a third.
        #expect(Double(words[3]).map { $0 > 50 } == true, "\(line)")
      }
    }
  }

  @Test("has files of at most 40 lines")
  func short() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Examples/OwnNetwork")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 3)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 45, "\(file.lastPathComponent)")
    }
  }
}
