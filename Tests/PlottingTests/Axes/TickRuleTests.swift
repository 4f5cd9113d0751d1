import Foundation
import Plotting
import Testing

@Suite("Ticks")
struct TickRuleTests {
  @Test(
    "stand at round steps that cover the data",
    arguments: [
      (0.3...0.97, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
      (0.901...0.912, [0.900, 0.902, 0.904, 0.906, 0.908, 0.910, 0.912]),
      (0...240.0, [0, 50, 100, 150, 200, 250]),
      (-1...1.0, [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]),
      (0...9.0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
      (5...5.0, [5]),
    ])
  func values(_ range: ClosedRange<Double>, _ expected: [Double]) {
    #expect(TickRule.values(range) == expected)
  }

  @Test("are at most nine intervals, with as few digits as tell them apart", arguments: 0..<300)
  func anyRange(_ seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    let middle = (random.next() - 0.5) * pow(10, random.next() * 14 - 6)
    let range = AxisScale(Axis("", range: middle...(middle + abs(middle) * pow(10, -random.next() * 9))), extent: nil)
    let ticks = TickRule.values(range.domain)
    #expect((2...10).contains(ticks.count))
    let slack = 1e-3 * (ticks[1] - ticks[0])
    #expect(ticks[0] <= range.domain.lowerBound + slack && ticks[ticks.count - 1] >= range.domain.upperBound - slack)
    let labels = NumberText.labels(ticks)
    #expect(Set(labels).count == labels.count)
    for label in labels {
      let digits = label.prefix { $0 != "×" }.filter(\.isNumber).drop { $0 == "0" }
      #expect(digits.count < 9, "\(label)")
    }
  }

  @Test(
    "at whole numbers have whole steps",
    arguments: [
      (0.6...3.2, [0, 1, 2, 3, 4]), (1...12.0, [0, 2, 4, 6, 8, 10, 12]),
      (0...200.0, [0, 25, 50, 75, 100, 125, 150, 175, 200]),
    ])
  func wholeNumbers(_ range: ClosedRange<Double>, _ expected: [Double]) {
    #expect(TickRule.values(range, areWhole: true) == expected)
  }

  @Test("of a logarithmic axis are powers of ten, or finer where there are few of them")
  func logarithmic() {
    #expect(TickRule.logarithmicValues(1e-5...2e-2) == [1e-5, 1e-4, 1e-3, 1e-2, 1e-1])
    #expect(TickRule.logarithmicValues(0.9...30) == [1, 2, 5, 10, 20])
    #expect(TickRule.logarithmicValues(1e-20...1e20).count <= 10)
  }

  /// SplitMix64 as numbers from 0 to 1.
  private struct SplitMix {
    var state: UInt64

    mutating func next() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
    }
  }
}
