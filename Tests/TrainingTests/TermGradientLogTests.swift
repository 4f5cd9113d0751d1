import Checkpoints
import Distillation
import Foundation
import Support
import TestSupport
import Testing
import Training

@Suite("Logged gradients of terms")
struct TermGradientLogTests {
  private struct Stop: Error {}

  @Test("are those of every epoch, also after a training was stopped and went on, and change no weight")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("plain"))
      let plain = try training.run(try training.student())
      let weights = try training.weights(epoch: 3)
      #expect(plain.epochs.allSatisfy { $0.gradients == nil })
      #expect(!plain.csv.contains("gradient"))

      training.folder = RunFolder(folder.appendingPathComponent("whole"))
      let whole = try training.run(try training.student(gradientSteps: 3))
      #expect(try training.weights(epoch: 3) == weights)
      for epoch in whole.epochs {
        let found = try #require(epoch.gradients)
        #expect(found.map { "\($0.term) \($0.group)" }.count == Set(found.map { "\($0.term) \($0.group)" }).count)
        #expect(Set(found.map(\.term)) == ["kd", "feature-l2"])
        #expect(found.allSatisfy { $0.steps == 3 && ($0.cosine ?? 0).magnitude <= 1 && $0.norm >= 0 })
      }
      let lines = whole.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(
        lines[0].suffix(4).map(String.init)
          == ["kd", "feature-l2"].flatMap {
            ["gradient cosine \($0) to labels", "gradient norm \($0) over labels"]
          })
      #expect(lines.allSatisfy { $0.count == lines[0].count })

      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      var left = 12
      #expect(throws: Stop.self) {
        try training.run(try training.student(gradientSteps: 3)) { event in
          if case .step = event { left -= 1 }
          if left == 0 { throw Stop() }
        }
      }
      let parts = try training.run(try training.student(gradientSteps: 3))
      #expect(parts.epochs.map(\.gradients) == whole.epochs.map(\.gradients))
    }
  }
}
