import KDScope

/// Images of one's own, as arrays of bytes: a disc of stripes across, stripes along, or checks, under noise; masks say where.
enum Stripes {
  static let size = 16
  static let entry = CatalogEntry(
    "stripes", "a disc of stripes across, stripes along, or checks, under noise, 16×16",
    options: [train.option])
  static let train = OptionKey.integer("train", 30...10_000, default: 240, "training images")

  static func splits(train: Int, seed: UInt64) -> DataSplits {
    DataSplits(train: images(train, seed), development: images(150, seed + 1), test: images(150, seed + 2))
  }

  private static func images(_ count: Int, _ seed: UInt64) -> ImageSet {
    var random = RandomGenerator(Philox(seed: seed))
    var (pixels, masks): ([UInt8], [UInt8]) = ([], [])
    for index in 0..<count {
      let shift = Int.random(in: 0..<4, using: &random)
      for row in 0..<size {
        for column in 0..<size {
          let isDisc = (row - 8) * (row - 8) + (column - 8) * (column - 8) < 40
          let (across, along) = ((row + shift) / 2 % 2, (column + shift) / 2 % 2)
          let isBright = [across, along, across ^ along][index % 3] == 1
          let value = (isDisc ? (isBright ? 160 : 90) : 125) + Int.random(in: -70...70, using: &random)
          pixels += [UInt8](repeating: UInt8(value), count: 3)
          masks.append(isDisc ? 1 : 0)
        }
      }
    }
    return ImageSet(
      name: "stripes", height: size, width: size, channels: 3, classes: ["across", "along", "checks"],
      pixels: pixels, labels: (0..<count).map { Int32($0 % 3) }, masks: masks)
  }
}
