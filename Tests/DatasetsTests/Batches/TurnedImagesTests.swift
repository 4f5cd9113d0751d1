import Datasets
import Tensors
import Testing

/// What self-supervised distillation is shown: every image four times.
@Suite("Turned images")
struct TurnedImagesTests {
  /// Five images of 3×3 pixels; image k has the bytes 1 to 9, row by row, plus 10k.
  private let set = ImageSet(
    name: "digits", height: 3, width: 3, channels: 1, classes: ["one"],
    pixels: (0..<5).flatMap { image in (1...9).map { UInt8(10 * image + $0) } }, labels: [0, 0, 0, 0, 0])
  /// numpy.rot90(image, k) of the first image for k = 0, 1, 2, 3.
  private static let turns: [[Int]] = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 6, 9, 2, 5, 8, 1, 4, 7], [9, 8, 7, 6, 5, 4, 3, 2, 1],
    [7, 4, 1, 8, 5, 2, 9, 6, 3],
  ]

  private func maker(_ augmentation: Augmentation?, seed: UInt64 = 1) -> BatchMaker {
    BatchMaker(set, normalization: Normalization(mean: [0], std: [1]), augmentation: augmentation, seed: seed)
  }

  /// The bytes of a batch, nine for each view.
  private func filled(_ maker: BatchMaker, _ indices: [Int], epoch: Int) -> [[Int]] {
    let count = 4 * indices.count
    let values = [Float](unsafeUninitializedCapacity: 9 * count) { buffer, filled in
      maker.fillRotations(
        UnsafeMutableBufferPointer(rebasing: buffer[..<(9 * count)]), indices: indices[...], epoch: epoch)
      filled = 9 * count
    }
    return (0..<count).map { view in values[(9 * view)..<(9 * view + 9)].map { Int(($0 * 255).rounded()) } }
  }

  /// A view shifted by one window of 3×3 over the view with a black border of one pixel.
  private func shifted(_ view: [Int], down: Int, right: Int) -> [Int] {
    (0..<9).map { place in
      let (row, column) = (place / 3 + down, place % 3 + right)
      return (0..<3).contains(row) && (0..<3).contains(column) ? view[3 * row + column] : 0
    }
  }

  @Test("are those of numpy.rot90, an image's four one after the other, the upright one first")
  func turned() {
    let expected = [2, 0].flatMap { image in Self.turns.map { turn in turn.map { $0 + 10 * image } } }
    #expect(filled(maker(nil), [2, 0], epoch: 0) == expected)
  }

  @Test("are shifted after the turn, each by a draw of its own, and never mirrored")
  func drawn() throws {
    let maker = maker(Augmentation(padCrop: 1, flip: true))
    let shifts = [-1, 0, 1].flatMap { down in [-1, 0, 1].map { (down, $0) } }
    let candidates = Self.turns.map { turn in shifts.map { shifted(turn, down: $0.0, right: $0.1) } }
    var counts = Array(repeating: Array(repeating: 0, count: 9), count: 4)
    var together = Array(repeating: 0, count: 81)
    for epoch in 0..<1800 {
      let views = filled(maker, [0], epoch: epoch)
      let places = try (0..<4).map { try #require(candidates[$0].firstIndex(of: views[$0])) }
      for (view, place) in places.enumerated() { counts[view][place] += 1 }
      together[9 * places[0] + places[3]] += 1
    }
    // Nine shifts 200 times each, deviation 13.3; 81 pairs 22.2 times, deviation 4.7: five deviations.
    #expect(counts.allSatisfy { $0.allSatisfy { abs($0 - 200) < 67 } })
    #expect(together.allSatisfy { abs(Double($0) - 22.2) < 24 && $0 > 0 })
  }

  @Test("depend on seed, epoch and index, not on the batch")
  func determined() {
    let maker = maker(Augmentation(padCrop: 2))
    let whole = filled(maker, [0, 1, 2, 3, 4], epoch: 3)
    #expect([[0, 1], [2], [3, 4]].flatMap { filled(maker, $0, epoch: 3) } == whole)
    #expect(filled(maker, [0, 1, 2, 3, 4], epoch: 4) != whole)
    #expect(filled(self.maker(Augmentation(padCrop: 2), seed: 2), [0, 1, 2, 3, 4], epoch: 3) != whole)
  }
}
