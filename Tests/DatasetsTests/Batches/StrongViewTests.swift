import Checkpoints
import Datasets
import Foundation
import TestSupport
import Tensors
import Testing

@Suite("Operations of strong views") struct StrongViewTests {
  @Test("are Pillow's to the byte", .tags(.golden), arguments: try Golden.cases("strong-views"))
  func golden(_ golden: GoldenCase) throws {
    let (pixels, expected) = try (golden.stored("pixels"), golden.stored("image"))
    var image = StrongImage(
      Array(pixels.bytes), height: pixels.shape[0], width: pixels.shape[1], channels: pixels.shape[2])
    if golden.operation == "cut-out" {
      try image.cutOut(side: golden.number("side"), x: golden.number("x"), y: golden.number("y"))
    } else {
      let operation = try #require(StrongOperation(rawValue: golden.operation))
      try operation.apply(golden.number("strength"), to: &image)
    }
    #expect(image.bytes == Array(expected.bytes))
  }

  @Test("are all drawn, with strengths from their whole ranges, and squares anywhere")
  func draws() {
    var random = RandomGenerator(Philox(seed: 3))
    let changes = (0..<4000).map { _ in StrongChange(&random) }
    let drawn = changes.flatMap(\.operations)
    for operation in StrongOperation.allCases {
      let strengths = drawn.filter { $0.operation == operation }.map(\.strength)
      // 8000 draws among 14: 571 expected, six standard deviations are 138.
      #expect(abs(strengths.count - 571) < 138)
      let width = operation.range.upperBound - operation.range.lowerBound
      let areInside = strengths.allSatisfy { operation.range.contains($0) }
      #expect(areInside)
      #expect((strengths.min() ?? 9) < operation.range.lowerBound + 0.05 * width)
      #expect((strengths.max() ?? 0) > operation.range.upperBound - 0.05 * width)
    }
    for values in [changes.map { $0.side * 2 }, changes.map(\.centre.x), changes.map(\.centre.y)] {
      let areShares = values.allSatisfy { (0..<1).contains($0) }
      #expect(areShares)
      // The mean of 4000 uniform numbers: standard deviation 0.0046.
      #expect(abs(values.reduce(0, +) / 4000 - 0.5) < 0.028)
    }
  }
}
