import Datasets
import Tensors
import Testing

@Suite("Batches", .serialized) struct BatchMakerTests {
  private let set = noiseSet(count: 23, height: 7, width: 10, channels: 3)
  private let normalization = Normalization(mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3])

  private func filled(_ maker: BatchMaker, _ indices: ArraySlice<Int>, epoch: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: indices.count * set.imageSize) { buffer, count in
      count = indices.count * set.imageSize
      maker.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), indices: indices, epoch: epoch)
    }
  }

  /// The value of one pixel of image `index` when shifted and mirrored; outside the image it is black.
  private func expected(_ index: Int, _ y: Int, _ x: Int, _ c: Int, down: Int, right: Int, mirrored: Bool) -> Float {
    let (row, column) = (y + down, (mirrored ? 9 - x : x) + right)
    let isInside = (0..<7).contains(row) && (0..<10).contains(column)
    let byte = isInside ? set.pixels[((index * 7 + row) * 10 + column) * 3 + c] : 0
    return (Float(byte) / 255 - normalization.mean[c]) / normalization.std[c]
  }

  private func transformed(_ index: Int, down: Int, right: Int, mirrored: Bool) -> [Float] {
    (0..<210).map {
      expected(index, $0 / 30, $0 / 3 % 10, $0 % 3, down: down, right: right, mirrored: mirrored)
    }
  }

  @Test("without augmentation each value is normalised and nothing moves")
  func plain() {
    let maker = BatchMaker(set, normalization: normalization, augmentation: nil, seed: 1)
    let indices = [4, 0, 22, 4]
    let reference = indices.flatMap { transformed($0, down: 0, right: 0, mirrored: false) }
    #expect(filled(maker, indices[...], epoch: 3) == reference)
  }

  @Test("raw pixels are only scaled to [0, 1]")
  func raw() {
    let maker = BatchMaker(
      set, normalization: normalization, augmentation: Augmentation(padCrop: 2, flip: true), seed: 1)
    let values = [Float](unsafeUninitializedCapacity: 2 * set.imageSize) { buffer, count in
      count = buffer.count
      maker.fillRaw(buffer, indices: [3, 1])
    }
    let reference = [3, 1].flatMap { image in (0..<210).map { Float(set.pixels[image * 210 + $0]) / 255 } }
    #expect(Array(values[..<420]) == reference)
  }

  @Test("every augmented image is one of the possible shifts and mirrors, and all of them occur")
  func augmented() throws {
    let maker = BatchMaker(
      set, normalization: normalization, augmentation: Augmentation(padCrop: 1, flip: true), seed: 1)
    let choices = [-1, 0, 1].flatMap { down in
      [-1, 0, 1].flatMap { right in [false, true].map { (down, right, $0) } }
    }
    let candidates = choices.map { transformed(5, down: $0, right: $1, mirrored: $2) }
    var counts = [Int](repeating: 0, count: choices.count)
    for epoch in 0..<1800 { counts[try #require(candidates.firstIndex(of: filled(maker, [5], epoch: epoch)))] += 1 }
    // 18 choices, 100 times each, deviation 10; five deviations.
    #expect(counts.allSatisfy { abs($0 - 100) < 50 })
  }

  @Test("an image's augmentation depends on seed, epoch and index, not on batch or threads")
  func determinism() {
    let augmentation = Augmentation(padCrop: 3, flip: true)
    let maker = BatchMaker(set, normalization: normalization, augmentation: augmentation, seed: 1)
    let whole = filled(maker, ArraySlice(0..<23), epoch: 2)
    let cut = [0..<5, 5..<6, 6..<23].flatMap { filled(maker, Array(0..<23)[$0], epoch: 2) }
    #expect(whole == cut)
    let threads = Threads.count
    Threads.use(1)
    #expect(filled(maker, ArraySlice(0..<23), epoch: 2) == whole)
    Threads.use(threads)
    #expect(filled(maker, ArraySlice(0..<23), epoch: 3) != whole)
    let other = BatchMaker(set, normalization: normalization, augmentation: augmentation, seed: 2)
    #expect(filled(other, ArraySlice(0..<23), epoch: 2) != whole)
  }

  @Test("an epoch visits each image once, in an order of its own", arguments: [0, 1, 2, 100])
  func order(count: Int) {
    let order = BatchMaker.order(count: count, seed: 9, epoch: 4)
    #expect(order.sorted() == Array(0..<count))
    #expect(BatchMaker.order(count: count, seed: 9, epoch: 4) == order)
    if count == 100 {
      #expect(BatchMaker.order(count: count, seed: 9, epoch: 5) != order)
      #expect(BatchMaker.order(count: count, seed: 8, epoch: 4) != order)
    }
  }

  @Test("all orders of three images are equally frequent")
  func uniformOrders() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 { counts[BatchMaker.order(count: 3, seed: 1, epoch: epoch), default: 0] += 1 }
    // Six orders, 1000 times each, deviation 29; five deviations.
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
