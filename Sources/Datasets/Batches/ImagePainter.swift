import Tensors

/// Makes the training images of one epoch: reads, crops, mirrors, colours, normalises, cuts out, mixes.
///
/// Shifts and mirrors come from the block of four words at the image's index; what came later draws from a stream of
/// the image's own, so that it does not change them.
struct ImagePainter: Sendable {
  let set: ImageSet
  let augmentation: Augmentation
  let random: Philox
  let epoch: Int
  /// [256, C]: what a byte becomes.
  let normalized: [Float]
  /// [256, C]: the byte in [0, 1].
  let scaled: [Float]

  /// Writes an image with all that its mixture asks for, [H, W, C].
  func paint(_ index: Int, to target: UnsafeMutableBufferPointer<Float>) {
    paintAlone(index, to: target)
    guard let alpha = augmentation.mixup else { return }
    let mixing = Mixing.of(index, among: set.count, alpha: alpha, random, epoch: epoch)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: target.count) { other in
      paintAlone(mixing.partner, to: other)
      for place in target.indices {
        target[place] = mixing.share * target[place] + (1 - mixing.share) * other[place]
      }
    }
  }

  /// Writes an image turned by quarters to the left, then shifted by a draw of its own, not mirrored, [H, W, C].
  ///
  /// - Parameters:
  ///   - index: of the image, whose sides are equal.
  ///   - quarters: 0 for upright.
  ///   - target: [H, W, C].
  func paintTurned(_ index: Int, quarters: Int, to target: UnsafeMutableBufferPointer<Float>) {
    let words = random.split(.turning, epoch).words(at: UInt64(4 * index + quarters))
    let placement = placement(words.x, words.y, isMirrored: false)
    let (side, channels) = (set.height, set.channels)
    set.withImage(index) { image in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: image.count) { turned in
        for row in 0..<side {
          for column in 0..<side {
            let (fromRow, fromColumn) =
              switch quarters {
              case 0: (row, column)
              case 1: (column, side - 1 - row)
              case 2: (side - 1 - row, side - 1 - column)
              default: (side - 1 - column, row)
              }
            for channel in 0..<channels {
              turned[(row * side + column) * channels + channel] =
                image[(fromRow * side + fromColumn) * channels + channel]
            }
          }
        }
        copy(UnsafeBufferPointer(turned), normalized, placement, to: target)
      }
    }
  }

  func placement(_ down: UInt32, _ right: UInt32, isMirrored: Bool) -> Placement {
    let choices = UInt64(2 * augmentation.padCrop + 1)
    return Placement(
      down: Int((UInt64(down) * choices) >> 32) - augmentation.padCrop,
      right: Int((UInt64(right) * choices) >> 32) - augmentation.padCrop, isMirrored: isMirrored)
  }

  private func paintAlone(_ index: Int, to target: UnsafeMutableBufferPointer<Float>) {
    guard augmentation != Augmentation() else {
      return set.withImage(index) { copy($0, normalized, Placement(), to: target) }
    }
    let words = random.split(.augmentation, epoch).words(at: UInt64(index))
    let placement = placement(words.x, words.y, isMirrored: augmentation.flip && words.z & 1 == 1)
    var generator = RandomGenerator(random.split(.appearance, epoch << 32 | index))
    let table = augmentation.colours == nil ? normalized : scaled
    withCrop(index, &generator) { copy($0, table, placement, to: target) }
    if let colours = augmentation.colours {
      for (operation, factor) in colours.drawn(&generator) {
        ColourJitter.apply(operation, factor, to: target, channels: set.channels)
      }
      normalize(target)
    }
    if augmentation.cutout > 0 { cutOut(target, &generator) }
  }

  /// One image, of which the random resized crop is taken where the recipe has one.
  func withCrop(_ index: Int, _ generator: inout RandomGenerator, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    set.withImage(index) { image in
      guard let least = augmentation.resizedCrop else { return body(image) }
      let window = CropWindow.drawn(height: set.height, width: set.width, least: least) {
        Double(generator.uniform())
      }
      window.scaled(image, height: set.height, width: set.width, channels: set.channels).withUnsafeBufferPointer(body)
    }
  }

  /// One image through a table of values, [256, C], shifted and mirrored; what is shifted in is as the padding says.
  func copy<Value>(
    _ image: UnsafeBufferPointer<UInt8>, _ table: [Value], _ placement: Placement,
    to target: UnsafeMutableBufferPointer<Value>
  ) {
    let (width, channels, padding) = (set.width, set.channels, augmentation.padding)
    table.withUnsafeBufferPointer { table in
      for row in 0..<set.height {
        let sourceRow = padding.source(row + placement.down, of: set.height)
        for column in 0..<width {
          let shifted = (placement.isMirrored ? width - 1 - column : column) + placement.right
          let to = (row * width + column) * channels
          guard let sourceRow, let sourceColumn = padding.source(shifted, of: width) else {
            for channel in 0..<channels { target[to + channel] = table[channel] }
            continue
          }
          let from = (sourceRow * width + sourceColumn) * channels
          for channel in 0..<channels {
            target[to + channel] = table[Int(image[from + channel]) * channels + channel]
          }
        }
      }
    }
  }

  /// From [0, 1] to what a network sees: the line through the table's ends.
  private func normalize(_ target: UnsafeMutableBufferPointer<Float>) {
    let channels = set.channels
    for channel in 0..<channels {
      let zero = normalized[channel]
      let slope = normalized[255 * channels + channel] - zero
      for place in stride(from: channel, to: target.count, by: channels) {
        target[place] = zero + slope * target[place]
      }
    }
  }

  /// Zeros, the mean after normalisation, in a square whose centre is anywhere on the image.
  private func cutOut(_ target: UnsafeMutableBufferPointer<Float>, _ generator: inout RandomGenerator) {
    let top = generator.index(below: set.height) - augmentation.cutout / 2
    let left = generator.index(below: set.width) - augmentation.cutout / 2
    let columns = max(0, left)..<min(set.width, left + augmentation.cutout)
    for row in max(0, top)..<min(set.height, top + augmentation.cutout) {
      for place in (row * set.width + columns.lowerBound) * set.channels..<(row * set.width + columns.upperBound)
        * set.channels
      { target[place] = 0 }
    }
  }
}

/// Where the window of an augmented image lies in the original.
struct Placement {
  var down = 0
  var right = 0
  var isMirrored = false
}
