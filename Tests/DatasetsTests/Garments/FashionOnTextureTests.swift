import Datasets
import Testing

@Suite("Garments on textures", .enabled(if: installed, "dataset-fashion-mnist is not installed"))
struct FashionOnTextureTests {
  @Test("garments keep their masks, centred, and their labels")
  func masks() throws {
    let colored = try load("fashion-on-texture", ["train": .number(300), "test": .number(100)])
    let grey = try load("fashion-mnist", ["train": .number(300), "test": .number(100)])
    #expect(colored.train.labels == grey.train.labels && colored.test.labels == grey.test.labels)
    let masks = try #require(colored.train.masks)
    for image in 0..<300 {
      for row in 0..<32 {
        for column in 0..<32 {
          let isInside = (2..<30).contains(row) && (2..<30).contains(column)
          let value = isInside ? grey.train.pixels[(image * 28 + row - 2) * 28 + column - 2] : 0
          #expect(masks[(image * 32 + row) * 32 + column] == (value > 0 ? 1 : 0))
        }
      }
    }
  }

  @Test("an image depends on seed and garment alone, not on how many are made")
  func determinism() throws {
    let few = try load("fashion-on-texture", ["train": .number(50), "test": .number(50)])
    let many = try load("fashion-on-texture", ["train": .number(500), "test": .number(500)])
    #expect(
      try load("fashion-on-texture", ["train": .number(50), "test": .number(50)]).train.pixels == few.train.pixels)
    #expect(Set(images(few.train)).isSubset(of: images(many.train)))
    #expect(Set(images(few.test)).isSubset(of: images(many.test)))
    let other = try load("fashion-on-texture", ["train": .number(50), "test": .number(50)], seed: 2)
    #expect(Set(images(few.train)).isDisjoint(with: images(other.train)))
  }

  @Test("jitter moves garments by at most two pixels")
  func jitter() throws {
    let still = try load("fashion-on-texture", ["train": .number(200), "test": .number(10)])
    let moved = try load(
      "fashion-on-texture", ["train": .number(200), "test": .number(10), "jitter": .number(2)])
    let (before, after) = (try #require(still.train.masks), try #require(moved.train.masks))
    var shifts: Set<[Int]> = []
    for image in 0..<200 {
      let matches = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.filter { shift in
        (4..<28).allSatisfy { row in
          (4..<28).allSatisfy { column in
            before[(image * 32 + row) * 32 + column]
              == after[(image * 32 + row + shift[0]) * 32 + column + shift[1]]
          }
        }
      }
      #expect(!matches.isEmpty, "image \(image)")
      shifts.formUnion(matches)
    }
    #expect(shifts.count == 25)
  }

  @Test("the texture family follows the class as often as the correlation says", arguments: [0, 0.4, 1])
  func correlation(strength: Float) {
    let painter = GarmentPainter(correlation: strength, jitter: 0, seed: 3)
    let own = (0..<20_000).count { painter.textureFamily(label: $0 % 10, index: $0, origin: 0) == $0 % 10 }
    // A random family is the own one in a tenth of the cases; binomial deviation at most 0.0035, five of them.
    let expected = strength + (1 - strength) * 0.1
    #expect(abs(Float(own) / 20_000 - expected) < 0.018)
  }
}
