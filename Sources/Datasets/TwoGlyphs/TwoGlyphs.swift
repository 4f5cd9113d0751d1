import Tensors

/// Two glyphs in each picture, A and B, at random places on rough ground: of equal size, ink and contrast, each with four
/// shapes that are drawn independently.
///
/// The pictures do not depend on which of the two is the label, so that one network learns A's shape and another B's
/// from the same pictures: what either keeps of A and of B must then differ.
package struct TwoGlyphs: Sendable {
  /// One of the two parts.
  package enum Glyph: UInt8, CaseIterable, Sendable {
    case a = 1
    case b

    /// Names of its shapes.
    package var shapes: [String] {
      switch self {
      case .a: ["plus", "saltire", "tee", "corner"]
      case .b: ["block", "diamond", "bars", "dots"]
      }
    }

    /// Ink of its shapes on 5 × 5 fields, nine of which are black in each.
    fileprivate var fields: [[String]] {
      switch self {
      case .a:
        [
          ["..#..", "..#..", "#####", "..#..", "..#.."], ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
          ["#####", "..#..", "..#..", "..#..", "..#.."], ["#....", "#....", "#....", "#....", "#####"],
        ]
      case .b:
        [
          [".....", ".###.", ".###.", ".###.", "....."], ["..#..", ".#.#.", "#.#.#", ".#.#.", "..#.."],
          [".###.", ".....", ".###.", ".....", ".###."], ["#.#.#", ".....", "#.#.#", ".....", "#.#.#"],
        ]
      }
    }

    /// Whether a shape has ink at each of its 25 fields.
    package func ink(_ shape: Int) -> [Bool] { fields[shape].joined().map { $0 == "#" } }
  }

  /// Shapes of each glyph.
  package static let shapeCount = 4

  /// Which images belong together; each split counts from 0.
  package enum Split: Int, Sendable { case train, development, test, background }

  /// Side of the images, pixels.
  package var size = 32
  /// Whose shape the class is.
  package var label = Glyph.a
  /// Whether A and B differ in colour, too; otherwise both of an image have one colour, which says nothing.
  package var hasTwoColours = true
  /// Bound of the standard deviation of the ground's noise.
  package var grain: Float = 0.2
  /// Of all random choices.
  package var seed: UInt64

  /// - Parameter seed: of all random choices.
  package init(seed: UInt64) { self.seed = seed }

  /// The shape of a glyph in an image: all pairs take turns, so that both are balanced and independent.
  package func shape(of glyph: Glyph, _ index: Int) -> Int {
    (glyph == .a ? index : index / Self.shapeCount) % Self.shapeCount
  }

  /// The first images of a split; those of `background` have no glyph.
  package func images(_ split: Split, count: Int) -> ImageSet {
    let area = size * size
    var parts = [UInt8](repeating: 0, count: count * area)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * area * 3) { pixels, filled in
      parts.withUnsafeMutableBufferPointer { parts in
        guard let firstPixel = pixels.baseAddress, let firstPart = parts.baseAddress else { return }
        nonisolated(unsafe) let (pixelBase, partBase) = (firstPixel, firstPart)
        parallelFor(count: count) { range in
          for index in range {
            paint(split, index, pixels: pixelBase + index * area * 3, parts: partBase + index * area)
          }
        }
      }
      filled = count * area * 3
    }
    return ImageSet(
      name: TwoGlyphsSet.entry.name, height: size, width: size, channels: 3, classes: label.shapes, pixels: pixels,
      labels: (0..<count).map { Int32(shape(of: label, $0)) }, masks: parts.map { $0 == 0 ? 0 : 1 }, parts: parts,
      partNames: Glyph.allCases.map { "\($0)" })
  }

  /// Pictures without a glyph.
  @Sendable package func backgrounds(count: Int) -> ImageSet { images(.background, count: count) }

  /// Pixels of one field of a glyph: a glyph is about a third as wide as the image.
  private var field: Int { max(1, size / 16) }

  private func paint(
    _ split: Split, _ index: Int, pixels: UnsafeMutablePointer<UInt8>, parts: UnsafeMutablePointer<UInt8>
  ) {
    var random = RandomGenerator(Philox(seed: seed).split(.synthesis, split.rawValue << 40 | index))
    let ground = Color(repeating: random.uniform(in: 0.25..<0.45))
    let clouds = Noise(salt: random.next32())
    let roughness = Grain(largest: grain, &random)
    for row in 0..<size {
      for column in 0..<size {
        let unit = 8 / Float(size)
        let swell = (clouds.value(Float(column) * unit, Float(row) * unit) - 0.5) * 0.2
        store(ground + swell + roughness.color(column, row), at: pixels + 3 * (row * size + column))
      }
    }
    guard split != .background else { return }
    let places = self.places(&random)
    // Red against green of one brightness to the eye; none of them is cut at white.
    let brightness = Color(repeating: random.uniform(in: 0.55..<0.7))
    let hue = Color(0.3, -0.15, -0.014_5)
    let shared = random.uniform(in: -1..<1)
    for (glyph, place) in zip(Glyph.allCases, places) {
      let tint = hasTwoColours ? (glyph == .a ? 1 : -1) : shared
      draw(glyph, shape(of: glyph, index), at: place, brightness + hue * tint, pixels, parts)
    }
  }

  /// Upper left corners of both glyphs, which do not touch.
  private func places(_ random: inout RandomGenerator) -> [(row: Int, column: Int)] {
    let side = 5 * field
    let room = size - side + 1
    func place() -> (row: Int, column: Int) { (random.index(below: room), random.index(below: room)) }
    while true {
      let (a, b) = (place(), place())
      if max(abs(a.row - b.row), abs(a.column - b.column)) > side { return [a, b] }
    }
  }

  private func draw(
    _ glyph: Glyph, _ shape: Int, at place: (row: Int, column: Int), _ color: Color,
    _ pixels: UnsafeMutablePointer<UInt8>, _ parts: UnsafeMutablePointer<UInt8>
  ) {
    let ink = glyph.ink(shape)
    for row in 0..<5 * field {
      for column in 0..<5 * field {
        let index = (place.row + row) * size + place.column + column
        // The gaps belong to the glyph: without them its shape cannot be told.
        parts[index] = glyph.rawValue
        if ink[row / field * 5 + column / field] { store(color, at: pixels + 3 * index) }
      }
    }
  }
}
