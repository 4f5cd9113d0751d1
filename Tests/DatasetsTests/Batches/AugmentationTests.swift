import Datasets
import Foundation
import Support
import Tensors
import TestSupport
import Testing

@Suite("Augmentation", .serialized) struct AugmentationTests {
  // Not square: height and width cannot be swapped unseen.
  private static let set = noiseSet(count: 19, height: 6, width: 11, channels: 3)
  private static let normalization = Normalization(mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3])
  private static let size = 6 * 11 * 3

  private func maker(_ augmentation: Augmentation?, seed: UInt64 = 1) -> BatchMaker {
    BatchMaker(Self.set, normalization: Self.normalization, augmentation: augmentation, seed: seed)
  }

  private func filled(_ maker: BatchMaker, _ indices: [Int], epoch: Int = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: indices.count * Self.size) { buffer, count in
      count = indices.count * Self.size
      maker.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), indices: indices[...], epoch: epoch)
    }
  }

  static let kinds = [
    Augmentation(resizedCrop: 0.3), Augmentation(colours: ColourJitter(brightness: 0.4, hue: 0.2)),
    Augmentation(cutout: 3), Augmentation(mixup: 0.4), Augmentation(padCrop: 3, padding: .reflect),
    Augmentation(
      padCrop: 2, flip: true,
      colours: ColourJitter(brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0.1), cutout: 2, mixup: 1),
  ]

  @Test("depends on seed, epoch and index, not on batch, order or threads", arguments: kinds)
  func determinism(augmentation: Augmentation) {
    let first = maker(augmentation)
    let whole = filled(first, Array(0..<19), epoch: 3)
    let parts = [Array(0..<4), [4], Array(5..<19)].flatMap { filled(first, $0, epoch: 3) }
    expectSame(whole, parts)
    let turned = filled(maker(augmentation), [18, 7], epoch: 3)
    expectSame(Array(turned[..<Self.size]), Array(whole[(18 * Self.size)...]))
    let threads = Threads.count
    Threads.use(1)
    expectSame(filled(first, Array(0..<19), epoch: 3), whole)
    Threads.use(threads)
    #expect(filled(first, Array(0..<19), epoch: 4) != whole)
    #expect(filled(maker(augmentation, seed: 2), Array(0..<19), epoch: 3) != whole)
  }

  @Test("cut-outs are squares of the mean colour that reach over the edges, everywhere equally often")
  func cutout() {
    let (plain, cut) = (maker(nil), maker(Augmentation(cutout: 3)))
    let original = filled(plain, [5])
    var centres = [Int](repeating: 0, count: 66)
    for epoch in 0..<2000 {
      let image = filled(cut, [5], epoch: epoch)
      let gone = (0..<66).filter { image[3 * $0] != original[3 * $0] }
      #expect(gone.allSatisfy { image[3 * $0..<3 * $0 + 3].allSatisfy { $0 == 0 } })
      let (rows, columns) = (Set(gone.map { $0 / 11 }), Set(gone.map { $0 % 11 }))
      let isSquare = gone.count == rows.count * columns.count && rows.count <= 3 && columns.count <= 3
      #expect(isSquare && !gone.isEmpty)
      // Of a whole square the middle is its centre; one at an edge has its centre on the edge.
      let (top, left) = (rows.min() ?? 0, columns.min() ?? 0)
      let row = rows.count == 3 ? top + 1 : top == 0 ? rows.count - 2 : 5
      let column = columns.count == 3 ? left + 1 : left == 0 ? columns.count - 2 : 10
      centres[row * 11 + column] += 1
    }
    // 2000 over 66 places: 30 each, deviation 5.5; five deviations.
    #expect(centres.allSatisfy { abs($0 - 30) < 28 })
  }

  @Test("resized crops of the whole area are the image itself where its proportions are allowed")
  func wholeCrop() {
    let set = noiseSet(count: 3, height: 9, width: 10, channels: 3)
    let wide = CropWindow.drawn(height: 6, width: 11, least: 1) { 0.5 }
    // 6×11 is flatter than 4:3: the largest part that is not.
    #expect(wide == CropWindow(top: 0, left: 1, height: 6, width: 8))
    let same = CropWindow(top: 0, left: 0, height: 9, width: 10)
    #expect(set.withImage(1) { same.scaled($0, height: 9, width: 10, channels: 3) } == set.withImage(1) { Array($0) })
  }

  @Test("colour changes leave each pixel's place")
  func places() {
    let changed = filled(maker(Augmentation(colours: ColourJitter(brightness: 0.5))), [2])
    let raw = Self.set.withImage(2) { $0.map { Float($0) / 255 } }
    // Brightness multiplies: the ratio is the same at all pixels that are not clipped.
    let ratios = (0..<Self.size).compactMap { place -> Float? in
      let value = changed[place] * Self.normalization.std[place % 3] + Self.normalization.mean[place % 3]
      return raw[place] > 0.05 && value < 0.999 ? value / raw[place] : nil
    }
    #expect(ratios.count > 50 && (ratios.max() ?? 9) - (ratios.min() ?? 0) < 1e-4)
  }

  @Test("mixtures are the two images in their shares, and name the other one")
  func mixup() throws {
    let (plain, mixed) = (maker(nil), maker(Augmentation(mixup: 0.7)))
    let mixing = try #require(mixed.mixing([4, 9][...], epoch: 6))
    let values = filled(mixed, [4, 9], epoch: 6)
    for (place, index) in [4, 9].enumerated() {
      let (own, other) = (filled(plain, [index]), filled(plain, [mixing[place].partner]))
      let share = mixing[place].share
      #expect(share >= 0.5 && share <= 1)
      expectClose(
        Array(values[place * Self.size..<(place + 1) * Self.size]),
        zip(own, other).map { Double(share * $0 + (1 - share) * $1) }, relative: 0, absolute: 1e-6)
    }
    #expect(plain.mixing([4][...], epoch: 6) == nil)
  }

  @Test("shares of mixtures have the moments of Beta(α, α)", arguments: [0.2, 0.5, 1, 3])
  func beta(alpha: Double) {
    var random = RandomGenerator(Philox(seed: 77))
    let count = 20_000
    let draws = (0..<count).map { _ in Mixing.beta(alpha, &random) }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
    let expected = 1 / (4 * (2 * alpha + 1))
    // The mean to five standard errors; (λ − ½)² is at most ¼, so its mean to five of at most ¼/√n.
    #expect(abs(mean - 0.5) < 5 * (expected / Double(count)).squareRoot())
    #expect(abs(variance - expected) < 5 * 0.125 / Double(count).squareRoot())
    #expect(draws.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test("is read from the options, and two crops at once are refused")
  func options() throws {
    let counts: [String: OptionValue] = ["train": .number(20), "development": .number(10), "test": .number(10)]
    let all: [String: OptionValue] = [
      "flip": .flag(false), "resized-crop": .number(0.25), "brightness": .number(0.4), "hue": .number(0.1),
      "cutout": .number(8), "mixup": .number(0.2),
    ]
    let splits = try load("part-shapes", counts.merging(all) { $1 })
    #expect(
      splits.augmentation
        == Augmentation(
          resizedCrop: 0.25, colours: ColourJitter(brightness: 0.4, hue: 0.1), cutout: 8, mixup: 0.2))
    let edge: [String: OptionValue] = ["pad-crop": .number(3), "padding": .text("edge")]
    #expect(
      try load("part-shapes", counts.merging(edge) { $1 }).augmentation
        == Augmentation(padCrop: 3, padding: .edge, flip: true))
    #expect(
      try complaint { _ = try load("part-shapes", counts.merging(["padding": .text("edge")]) { $1 }) }
        == "data.padding: is given without a shift; set pad-crop, or leave padding out")
    let both: [String: OptionValue] = ["pad-crop": .number(2), "resized-crop": .number(0.25)]
    #expect(
      try complaint { _ = try load("part-shapes", counts.merging(both) { $1 }) }
        == "data.resized-crop: is given beside pad-crop: 2; set pad-crop: 0")
  }
}
