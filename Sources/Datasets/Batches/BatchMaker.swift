import Tensors

/// Turns images of a set into float NHWC batches, normalised and augmented.
///
/// What happens to an image depends on (seed, epoch, its index) alone: not on the batch it is in, nor on the number of
/// threads, so that a run that was killed goes on with the same bits.
public struct BatchMaker: Sendable {
  /// Where the images come from.
  public let set: ImageSet
  private let augmentation: Augmentation
  private let random: Philox
  /// [256, C]: what a byte becomes.
  private let normalized: [Float]
  private let scaled: [Float]

  /// - Parameters:
  ///   - set: where the images come from.
  ///   - normalization: subtracted and divided by after scaling to [0, 1].
  ///   - augmentation: nil for evaluation.
  ///   - seed: of the run.
  public init(_ set: ImageSet, normalization: Normalization, augmentation: Augmentation?, seed: UInt64) {
    precondition(
      normalization.mean.count == set.channels,
      "BatchMaker: \(normalization.mean.count) means for \(set.channels) channels")
    self.set = set
    self.augmentation = augmentation ?? Augmentation()
    random = Philox(seed: seed)
    let channels = set.channels
    normalized = (0..<256 * channels).map { index in
      (Float(index / channels) / 255 - normalization.mean[index % channels]) / normalization.std[index % channels]
    }
    scaled = (0..<256 * channels).map { Float($0 / channels) / 255 }
  }

  /// Fills a batch with normalised, augmented images.
  ///
  /// - Parameters:
  ///   - output: [indices, H, W, C].
  ///   - indices: which images, in the batch's order.
  ///   - epoch: another epoch shifts and mirrors the same image differently.
  public func fill(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>, epoch: Int) {
    let stream = random.split(.augmentation, epoch)
    let augmentation = augmentation
    fill(output, indices, normalized) { index in
      guard augmentation != Augmentation() else { return Placement() }
      let words = stream.words(at: UInt64(index))
      let choices = UInt64(2 * augmentation.padCrop + 1)
      return Placement(
        down: Int((UInt64(words.x) * choices) >> 32) - augmentation.padCrop,
        right: Int((UInt64(words.y) * choices) >> 32) - augmentation.padCrop,
        isMirrored: augmentation.flip && words.z & 1 == 1)
    }
  }

  /// Fills a batch with pixels scaled to [0, 1], neither normalised nor augmented.
  ///
  /// - Parameters:
  ///   - output: [indices, H, W, C].
  ///   - indices: which images, in the batch's order.
  public func fillRaw(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>) {
    fill(output, indices, scaled) { _ in Placement() }
  }

  /// The order in which an epoch visits the images: a random permutation of `0..<count`.
  ///
  /// - Parameters:
  ///   - count: images per epoch.
  ///   - seed: of the run.
  ///   - epoch: each epoch has its own order.
  /// - Returns: each index once.
  public static func order(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var order = Array(0..<count)
    var random = RandomGenerator(Philox(seed: seed).split(.order, epoch))
    order.shuffle(with: &random)
    return order
  }

  private func fill(
    _ output: UnsafeMutableBufferPointer<Float>, _ indices: ArraySlice<Int>, _ table: [Float],
    _ placement: @Sendable (Int) -> Placement
  ) {
    let size = set.imageSize
    precondition(
      output.count == indices.count * size, "fill: \(output.count) values for \(indices.count) images of \(size)")
    let count = set.count
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count }, "fill: an index outside 0..<\(count)")
    guard let base = output.baseAddress else { return }
    nonisolated(unsafe) let target = base
    parallelFor(count: indices.count, grain: 4) { range in
      table.withUnsafeBufferPointer { table in
        for place in range {
          let index = indices[indices.startIndex + place]
          set.withImage(index) { copy($0, table, placement(index), to: target + place * size) }
        }
      }
    }
  }

  /// One image through the table of values, shifted and mirrored; what is shifted in is black.
  private func copy(
    _ image: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<Float>, _ placement: Placement,
    to target: UnsafeMutablePointer<Float>
  ) {
    let (width, channels) = (set.width, set.channels)
    for row in 0..<set.height {
      let sourceRow = row + placement.down
      let isRowInside = sourceRow >= 0 && sourceRow < set.height
      for column in 0..<width {
        let shifted = (placement.isMirrored ? width - 1 - column : column) + placement.right
        let isInside = isRowInside && shifted >= 0 && shifted < width
        let to = (row * width + column) * channels
        let from = (sourceRow * width + shifted) * channels
        for channel in 0..<channels {
          let value = isInside ? Int(image[from + channel]) : 0
          target[to + channel] = table[value * channels + channel]
        }
      }
    }
  }
}

/// Where the window of an augmented image lies in the original.
private struct Placement {
  var down = 0
  var right = 0
  var isMirrored = false
}
