import Tensors

extension ImagePainter {
  /// Writes an image cropped and mirrored as the recipe says, then strongly changed, [H, W, C]; the recipe's own colours,
  /// cut-out and mixture are left out.
  func paintStrong(_ index: Int, to target: UnsafeMutableBufferPointer<Float>) {
    let words = random.split(.augmentation, epoch).words(at: UInt64(index))
    let placement = placement(words.x, words.y, isMirrored: augmentation.flip && words.z & 1 == 1)
    var generator = RandomGenerator(random.split(.appearance, epoch << 32 | index))
    let channels = set.channels
    let same = (0..<256 * channels).map { UInt8($0 / channels) }
    var bytes = [UInt8](repeating: 0, count: target.count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      withCrop(index, &generator) { copy($0, same, placement, to: bytes) }
    }
    var image = StrongImage(bytes, height: set.height, width: set.width, channels: channels)
    StrongChange(&generator).apply(to: &image)
    for place in target.indices { target[place] = normalized[Int(image.bytes[place]) * channels + place % channels] }
  }
}
