import Support
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
  ///   - epoch: another epoch changes the same image differently.
  public func fill(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>, epoch: Int) {
    let painter = painter(epoch, random)
    forEach(output, indices) { index, target in painter.paint(index, to: target) }
  }

  /// Fills a batch with the images a second time, cropped and mirrored by draws of their own and strongly changed: two of
  /// RandAugment's operations and a cut-out (Jin, Wang & Lin, "Multi-Level Logit Distillation", CVPR 2023).
  ///
  /// - Parameters: as for ``fill(_:indices:epoch:)``.
  public func fillStrong(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>, epoch: Int) {
    let painter = painter(epoch, Philox(seed: random.seed ^ 0x5354_524F_4E47))
    forEach(output, indices) { index, target in painter.paintStrong(index, to: target) }
  }

  /// Fills a batch with the images a second time, augmented as before by draws of their own.
  ///
  /// - Parameters: as for ``fill(_:indices:epoch:)``.
  public func fillAgain(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>, epoch: Int) {
    let painter = painter(epoch, Philox(seed: random.seed ^ 0x5345_434F_4E44))
    forEach(output, indices) { index, target in painter.paint(index, to: target) }
  }

  /// Fills a batch with every image upright and turned by 90°, 180° and 270° to the left, each then shifted by a draw of
  /// its own, none mirrored (Xu et al., "Knowledge Distillation Meets Self-Supervision", ECCV 2020).
  ///
  /// - Parameters:
  ///   - output: [4 · indices, H, W, C], an image's four one after the other.
  ///   - indices: which images; their sides are equal.
  ///   - epoch: as for ``fill(_:indices:epoch:)``.
  public func fillRotations(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>, epoch: Int) {
    precondition(set.height == set.width, "fillRotations: images of \(set.height)×\(set.width)")
    let painter = painter(epoch, random)
    let size = set.imageSize
    let fourfold = indices.flatMap { index in (0..<4).map { quarters in (index, quarters) } }
    precondition(output.count == fourfold.count * size, "fillRotations: \(output.count) values")
    nonisolated(unsafe) let output = output
    parallelFor(count: fourfold.count, grain: 4) { range in
      for place in range {
        let (index, quarters) = fourfold[place]
        painter.paintTurned(
          index, quarters: quarters,
          to: UnsafeMutableBufferPointer(rebasing: output[place * size..<(place + 1) * size]))
      }
    }
  }

  private func painter(_ epoch: Int, _ random: Philox) -> ImagePainter {
    ImagePainter(
      set: set, augmentation: augmentation, random: random, epoch: epoch, normalized: normalized, scaled: scaled)
  }

  /// The other images of a batch's mixtures; nil where images are not mixed.
  ///
  /// - Parameters:
  ///   - indices: which images, in the batch's order.
  ///   - epoch: as for ``fill(_:indices:epoch:)``.
  /// - Returns: one for each image.
  public func mixing(_ indices: ArraySlice<Int>, epoch: Int) -> [Mixing]? {
    guard let alpha = augmentation.mixup else { return nil }
    return indices.map { Mixing.of($0, among: set.count, alpha: alpha, random, epoch: epoch) }
  }

  /// Fills a batch with pixels scaled to [0, 1], neither normalised nor augmented.
  ///
  /// - Parameters:
  ///   - output: [indices, H, W, C].
  ///   - indices: which images, in the batch's order.
  public func fillRaw(_ output: UnsafeMutableBufferPointer<Float>, indices: ArraySlice<Int>) {
    forEach(output, indices) { index, target in
      set.withImage(index) { image in
        for place in image.indices {
          target[place] = scaled[Int(image[place]) * set.channels + place % set.channels]
        }
      }
    }
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

  private func forEach(
    _ output: UnsafeMutableBufferPointer<Float>, _ indices: ArraySlice<Int>,
    _ body: @Sendable (_ index: Int, _ target: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let size = set.imageSize
    precondition(
      output.count == indices.count * size, "fill: \(output.count) values for \(indices.count) images of \(size)")
    let count = set.count
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count }, "fill: an index outside 0..<\(count)")
    nonisolated(unsafe) let output = output
    parallelFor(count: indices.count, grain: 4) { range in
      for place in range {
        body(
          indices[indices.startIndex + place],
          UnsafeMutableBufferPointer(rebasing: output[place * size..<(place + 1) * size]))
      }
    }
  }
}
