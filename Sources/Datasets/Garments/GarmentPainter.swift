import Tensors

/// Puts grey garments in color on textures.
package struct GarmentPainter: Sendable {
  private let correlation: Float
  private let jitter: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - correlation: probability that the texture is of the class's own family.
  ///   - jitter: largest shift of a garment, pixels; at most 2.
  ///   - seed: of all random choices.
  package init(correlation: Float, jitter: Int, seed: UInt64) {
    self.correlation = correlation
    self.jitter = jitter
    self.seed = seed
  }

  /// The chosen garments as 32×32 RGB images with masks.
  ///
  /// - Parameters:
  ///   - garments: grey, 28×28.
  ///   - indices: which of them, in order.
  ///   - origin: tells the training file from the test file.
  /// - Returns: images in the order of `indices`, with the garments' labels.
  func painted(_ garments: ImageSet, _ indices: [Int], origin: Int) -> ImageSet {
    let size = FashionOnTexture.size
    let area = size * size
    var masks = [UInt8](repeating: 0, count: indices.count * area)
    let pixels = [UInt8](unsafeUninitializedCapacity: indices.count * area * 3) { pixels, filled in
      masks.withUnsafeMutableBufferPointer { masks in
        guard let firstPixel = pixels.baseAddress, let firstMask = masks.baseAddress else { return }
        nonisolated(unsafe) let (pixelBase, maskBase) = (firstPixel, firstMask)
        parallelFor(count: indices.count, grain: 8) { range in
          for place in range {
            paint(
              garments, indices[place], origin, pixels: pixelBase + place * area * 3, mask: maskBase + place * area)
          }
        }
      }
      filled = indices.count * area * 3
    }
    return ImageSet(
      name: garments.name, height: size, width: size, channels: 3, classes: garments.classes, pixels: pixels,
      labels: indices.map { garments.labels[$0] }, masks: masks)
  }

  private func paint(
    _ garments: ImageSet, _ index: Int, _ origin: Int, pixels: UnsafeMutablePointer<UInt8>,
    mask: UnsafeMutablePointer<UInt8>
  ) {
    var random = generator(index, origin)
    let family = textureFamily(Int(garments.labels[index]), &random)
    let texture = SmoothTexture(family: family, &random)
    let tint = Color.random(&random, saturation: 0.25..<0.9, value: 0.75..<1)
    let size = FashionOnTexture.size
    let steps = 2 * jitter + 1
    let top = 2 - jitter + random.index(below: steps)
    let left = 2 - jitter + random.index(below: steps)
    for row in 0..<size {
      for column in 0..<size {
        let (y, x) = (row - top, column - left)
        let isInside = y >= 0 && y < 28 && x >= 0 && x < 28
        let grey = isInside ? garments.pixels[(index * 28 + y) * 28 + x] : 0
        // The darkest cloth keeps some of its color.
        let color =
          grey > 0 ? tint * (0.3 + 0.7 * Float(grey) / 255) : texture.color(Float(column), Float(row))
        let place = row * size + column
        mask[place] = grey > 0 ? 1 : 0
        store(color, at: pixels + 3 * place)
      }
    }
  }

  /// The texture family behind a garment: that of its class with the given correlation, else a random one.
  package func textureFamily(label: Int, index: Int, origin: Int) -> Int {
    var random = generator(index, origin)
    return textureFamily(label, &random)
  }

  private func textureFamily(_ label: Int, _ random: inout RandomGenerator) -> Int {
    let isOwn = random.uniform() < correlation
    let other = random.index(below: SmoothTexture.familyCount)
    return isOwn ? label : other
  }

  private func generator(_ index: Int, _ origin: Int) -> RandomGenerator {
    RandomGenerator(Philox(seed: seed).split(.synthesis, origin << 40 | index))
  }
}

/// Writes a color as three bytes.
@inline(__always)
func store(_ color: Color, at place: UnsafeMutablePointer<UInt8>) {
  let bytes = color.clamped(lowerBound: Color(repeating: 0), upperBound: Color(repeating: 1)) * 255 + 0.5
  place[0] = UInt8(bytes.x)
  place[1] = UInt8(bytes.y)
  place[2] = UInt8(bytes.z)
}
