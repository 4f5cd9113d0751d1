import KDScope

/// Images of one's own, as arrays of bytes: stripes across, stripes along, and checks, under noise.
enum Stripes {
  static let size = 16

  static func splits(train: Int, seed: UInt64) -> DataSplits {
    DataSplits(train: images(train, seed), development: images(150, seed + 1), test: images(150, seed + 2))
  }

  private static func images(_ count: Int, _ seed: UInt64) -> ImageSet {
    var random = RandomGenerator(Philox(seed: seed))
    var pixels: [UInt8] = []
    for index in 0..<count {
      let shift = Int.random(in: 0..<4, using: &random)
      for row in 0..<size {
        for column in 0..<size {
          let (across, along) = ((row + shift) / 2 % 2, (column + shift) / 2 % 2)
          let isBright = [across, along, across ^ along][index % 3] == 1
          let value = (isBright ? 150 : 100) + Int.random(in: -70...70, using: &random)
          pixels += [UInt8](repeating: UInt8(value), count: 3)
        }
      }
    }
    return ImageSet(
      name: "stripes", height: size, width: size, channels: 3, classes: ["across", "along", "checks"],
      pixels: pixels, labels: (0..<count).map { Int32($0 % 3) })
  }
}
