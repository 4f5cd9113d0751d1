import Tensors

/// Procedural objects of ten classes made of parts, on cluttered, textured backgrounds, with a mask per part.
///
/// Each image has random streams of its own, so that it is the same whatever else is made.
package struct PartShapes: Sendable {
  /// What a class is.
  package enum Label: Sendable, Equatable {
    /// The kind of object.
    case object
    /// The variant of one part, which is independent of everything else in the image.
    case variant(of: Part)
  }

  /// Which set an image belongs to; each counts its images from 0.
  package enum Split: Int, CaseIterable, Sendable {
    case train, development, test
    /// Pictures without an object, which belong to no set.
    case background
  }

  /// Side of the images, pixels.
  package var size = 32
  /// What a class is.
  package var label = Label.object
  /// Probability that the background's texture is of the family that belongs to the label, else of a random one.
  package var textureCorrelation: Float = 0.3
  /// Between 0 and 1: how many loose parts are scattered around, behind and before the object.
  package var clutter: Float = 0.5
  /// Between 0 and 1: how much position, size, rotation and proportions vary.
  package var pose: Float = 1
  /// With a part as label: how many times larger the object is drawn, that part near the middle of the image; from 1.
  package var closeUp: Float = 1
  /// Bound of the standard deviation of the background's noise of one and two pixels; 0 for none.
  package var grain: Float = 0
  /// Of all random choices.
  package var seed: UInt64

  /// - Parameter seed: of all random choices.
  package init(seed: UInt64) { self.seed = seed }

  /// What decides an image: its factors of variation that have names.
  package struct Scene: Sendable, Equatable {
    /// Index into `classes`.
    package var label: Int
    /// The kind of object.
    package var object: ObjectClass
    /// Of its parts.
    package var variants: PartVariants
    /// Index of the background's texture family.
    package var textureFamily: Int
  }

  /// Class names.
  package var classes: [String] {
    switch label {
    case .object: ObjectClass.allCases.map(\.name)
    case .variant(let part): part.variants ?? []
    }
  }

  /// Objects that can occur: with a part as label those that have it.
  package var objects: [ObjectClass] {
    guard case .variant(let part) = label else { return ObjectClass.allCases }
    return ObjectClass.allCases.filter { $0.parts.contains(part) }
  }

  /// The factors of an image. Labels take turns, so classes are balanced; all else is drawn.
  package func scene(_ split: Split, _ index: Int) -> Scene {
    var random = generator(split, index, .factors)
    var variants = PartVariants()
    for part in Part.allCases where part.variants != nil { variants[part] = random.index(below: Part.variantCount) }
    let objects = objects
    var object = objects[random.index(below: objects.count)]
    let label = index % classes.count
    switch self.label {
    case .object: object = objects[label]
    case .variant(let part): variants[part] = label
    }
    let isOwn = random.uniform() < textureCorrelation
    let family = random.index(below: Texture.Family.allCases.count)
    return Scene(label: label, object: object, variants: variants, textureFamily: isOwn ? label : family)
  }

  /// Purposes of the random streams of one image, so that one factor's numbers do not shift another's.
  enum Purpose: Int { case factors, proportions, pose, palette, background, clutter, grain, roughness }

  func generator(_ split: Split, _ index: Int, _ purpose: Purpose) -> RandomGenerator {
    RandomGenerator(stream(split, index, purpose))
  }

  func stream(_ split: Split, _ index: Int, _ purpose: Purpose) -> Philox {
    Philox(seed: seed).split(.synthesis, (split.rawValue << 40 | index) << 3 | purpose.rawValue)
  }

  /// The first `count` images of a split.
  package func images(_ split: Split, count: Int) -> ImageSet {
    images(split, (0..<count).map { scene(split, $0) })
  }

  /// Pictures without an object: a background with its loose parts.
  ///
  /// - Parameter count: number of images.
  /// - Returns: images whose masks are empty.
  @Sendable package func backgrounds(count: Int) -> ImageSet { images(.background, count: count) }

  /// Images of given scenes; scene `i` takes all that scenes do not say from the random streams of image `i`.
  package func images(_ split: Split, _ scenes: [Scene]) -> ImageSet {
    let area = size * size
    let count = scenes.count
    var parts = [UInt8](repeating: 0, count: count * area)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * area * 3) { pixels, filled in
      parts.withUnsafeMutableBufferPointer { parts in
        guard let firstPixel = pixels.baseAddress, let firstPart = parts.baseAddress else { return }
        nonisolated(unsafe) let (pixelBase, partBase) = (firstPixel, firstPart)
        parallelFor(count: count) { range in
          var canvas = Canvas(size: size)
          for index in range {
            paint(scenes[index], split, index, on: &canvas)
            canvas.write(
              pixels: pixelBase + index * area * 3, parts: partBase + index * area,
              grain: stream(split, index, .grain))
          }
        }
      }
      filled = count * area * 3
    }
    return ImageSet(
      name: PartShapesSet.entry.name, height: size, width: size, channels: 3, classes: classes, pixels: pixels,
      labels: scenes.map { Int32($0.label) }, masks: parts.map { $0 == 0 ? 0 : 1 }, parts: parts,
      partNames: Part.allCases.map(\.name))
  }
}
