import Checkpoints
import Datasets
import Foundation
import Tensors
import TestSupport
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

  private func strong(_ set: ImageSet, _ indices: ArraySlice<Int>, epoch: Int, flip: Bool = true) -> [Float] {
    let normalization = Normalization(
      mean: Array([0.5, 0.4, 0.3].prefix(set.channels)), std: Array([0.2, 0.25, 0.3].prefix(set.channels)))
    let maker = BatchMaker(
      set, normalization: normalization, augmentation: Augmentation(padCrop: 1, flip: flip), seed: 9)
    let size = indices.count * set.imageSize
    return [Float](unsafeUninitializedCapacity: size) { buffer, count in
      count = size
      maker.fillStrong(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), indices: indices, epoch: epoch)
    }
  }

  @Test("make an image the same whatever its batch, and another one in every epoch", arguments: [1, 3])
  func repeatable(_ channels: Int) {
    let set = noiseSet(count: 9, height: 8, width: 10, channels: channels)
    let whole = strong(set, [4, 0, 8, 4], epoch: 2)
    #expect(Array(whole[set.imageSize..<2 * set.imageSize]) == strong(set, [0], epoch: 2))
    #expect(Array(whole[..<set.imageSize]) == Array(whole[(3 * set.imageSize)...]))
    #expect(strong(set, [0], epoch: 2) != strong(set, [0], epoch: 3))
    // Each value is that of a byte.
    let first = stride(from: 0, to: whole.count, by: channels).map { (whole[$0] * 0.2 + 0.5) * 255 }
    let areBytes = first.allSatisfy { abs($0 - $0.rounded()) < 1e-3 && $0 > -0.1 && $0 < 255.1 }
    #expect(areBytes)
  }
}
