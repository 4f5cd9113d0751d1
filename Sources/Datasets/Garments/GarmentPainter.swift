import Tensors

/// Puts grey garments in color on textures.
package struct GarmentPainter: Sendable {
  private let correlation: Float
  private let grain: Float
  private let jitter: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - correlation: probability that the texture is of the class's own family.
  ///   - grain: bound of the standard deviation of the texture's noise; 0 for a smooth one.
  ///   - jitter: largest shift of a garment, pixels; at most 2.
  ///   - seed: of all random choices.
  package init(correlation: Float, grain: Float = 0, jitter: Int, seed: UInt64) {
    self.correlation = correlation
    self.grain = grain
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
  package func painted(_ garments: ImageSet, _ indices: [Int], origin: Int) -> ImageSet {
    let scenes = indices.map { Scene(index: $0, origin: origin, label: Int(garments.labels[$0])) }
    return images(scenes, name: garments.name, classes: garments.classes) { garments.pixels[$0 * 784 + $1] }
  }

  /// Textures alone, without a garment, of scenes that are in no split; labels take turns.
  ///
  /// - Parameter count: number of images.
  /// - Returns: 32×32 RGB images whose masks are empty.
  @Sendable package func backgrounds(count: Int) -> ImageSet {
    let classes = IDXSets.garments
    let scenes = (0..<count).map { Scene(index: $0, origin: 2, label: $0 % classes.count) }
    return images(scenes, name: FashionOnTexture.entry.name, classes: classes) { _, _ in 0 }
  }

  /// What decides an image.
  private struct Scene {
    let index: Int
    let origin: Int
    let label: Int
  }

  /// The grey value of a garment's pixel, 0 where there is no cloth.
  private typealias Cloth = (_ index: Int, _ pixel: Int) -> UInt8

  private func images(_ scenes: [Scene], name: String, classes: [String], cloth: Cloth) -> ImageSet {
    let size = FashionOnTexture.size
    let area = size * size
    var masks = [UInt8](repeating: 0, count: scenes.count * area)
    let pixels = [UInt8](unsafeUninitializedCapacity: scenes.count * area * 3) { pixels, filled in
      masks.withUnsafeMutableBufferPointer { masks in
        guard let firstPixel = pixels.baseAddress, let firstMask = masks.baseAddress else { return }
        nonisolated(unsafe) let (pixelBase, maskBase) = (firstPixel, firstMask)
        withoutActuallyEscaping(cloth) { cloth in
          nonisolated(unsafe) let cloth = cloth
          parallelFor(count: scenes.count, grain: 8) { range in
            for place in range {
              paint(
                scenes[place], cloth, pixels: pixelBase + place * area * 3, mask: maskBase + place * area)
            }
          }
        }
      }
      filled = scenes.count * area * 3
    }
    return ImageSet(
      name: name, height: size, width: size, channels: 3, classes: classes, pixels: pixels,
      labels: scenes.map { Int32($0.label) }, masks: masks)
  }

  private func paint(
    _ scene: Scene, _ cloth: Cloth, pixels: UnsafeMutablePointer<UInt8>, mask: UnsafeMutablePointer<UInt8>
  ) {
    var random = generator(scene.index, scene.origin)
    let family = textureFamily(scene.label, &random)
    let texture = SmoothTexture(family: family, &random)
    let tint = Color.random(&random, saturation: 0.25..<0.9, value: 0.75..<1)
    let size = FashionOnTexture.size
    let steps = 2 * jitter + 1
    let top = 2 - jitter + random.index(below: steps)
    let left = 2 - jitter + random.index(below: steps)
    // From a stream of its own, so that all else looks the same with grain and without.
    var grainRandom = RandomGenerator(stream(scene.index, scene.origin | 4))
    let roughness = grain > 0 ? Grain(largest: grain, &grainRandom) : nil
    for row in 0..<size {
      for column in 0..<size {
        let (y, x) = (row - top, column - left)
        let isInside = y >= 0 && y < 28 && x >= 0 && x < 28
        let grey = isInside ? cloth(scene.index, y * 28 + x) : 0
        let place = row * size + column
        mask[place] = grey > 0 ? 1 : 0
        if grey > 0 {
          // The darkest cloth keeps some of its color.
          store(tint * (0.3 + 0.7 * Float(grey) / 255), at: pixels + 3 * place)
        } else {
          let ground = texture.color(Float(column), Float(row))
          store(roughness.map { ground + $0.color(column, row) } ?? ground, at: pixels + 3 * place)
        }
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

  private func generator(_ index: Int, _ origin: Int) -> RandomGenerator { RandomGenerator(stream(index, origin)) }

  private func stream(_ index: Int, _ origin: Int) -> Philox {
    Philox(seed: seed).split(.synthesis, origin << 40 | index)
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
