import Experiments
import Foundation
import Support
import TestSupport
import Testing

/// Alone, as what measures time is: other suites in the process take memory of their own.
@Suite("Memory of probes")
struct ProbeMemoryTimingTests {
  @Test("a hundred times in one process keep the memory that they took first")
  func memory() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (
        try ProbeSample.lay(folder, "a", "resnet8", seed: 1), try ProbeSample.lay(folder, "b", "resnet8", seed: 2)
      )
      let data = try ProbeSample.data(count: 8)
      var kept: [Int] = []
      for round in 0..<100 {
        _ = try LabelledAnswers(data.classifier(a, model: nil), on: data)
        if round % 10 == 0 {
          _ = try TopAnswers(b, model: nil, on: .data(data), top: 3, labels: nil)
          _ = try data.network(b, model: nil)
        }
        kept.append(Self.residentBytes)
      }
      let (early, late) = (kept[20..<40].sorted()[10], kept[80..<100].sorted()[10])
      #expect(late - early < 8 << 20, "from \(early >> 20) to \(late >> 20) MiB")
    }
  }

  /// Memory of this process in use, bytes.
  private static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
