import Datasets
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Scrambled pictures") struct ScrambledPicturesTests {
  private func channel(_ set: ImageSet, _ image: Int, _ channel: Int) -> [UInt8] {
    (0..<set.height * set.width).map { set.pixels[image * set.imageSize + $0 * set.channels + channel] }
  }

  @Test("each colour keeps its values, and the picture is another one", arguments: [1, 3])
  func values(channels: Int) {
    let set = noiseSet(count: 5, height: 12, width: 15, channels: channels)
    let scrambled = set.scrambled(count: 5, seed: 3)
    #expect(scrambled.count == 5 && scrambled.labels == set.labels && scrambled.masks == nil)
    for image in 0..<5 {
      for colour in 0..<channels {
        #expect(channel(set, image, colour).sorted() == channel(scrambled, image, colour).sorted())
        #expect(channel(set, image, colour) != channel(scrambled, image, colour))
      }
    }
    #expect(set.scrambled(count: 5, seed: 3).pixels == scrambled.pixels)
    #expect(set.scrambled(count: 5, seed: 4).pixels != scrambled.pixels)
  }

  @Test("a picture does not depend on how many are made")
  func spread() {
    let set = noiseSet(count: 9, height: 8, width: 8, channels: 3)
    let (few, all) = (set.scrambled(count: 3, seed: 1), set.scrambled(count: 90, seed: 1))
    #expect(all.count == 9)
    #expect(images(few) == [0, 3, 6].map { images(all)[$0] })
  }

  @Test("colours that go together go together afterwards, and the spectrum stays in its main lines")
  func spectrum() {
    // Waves of one direction: after scrambling still waves of that direction.
    let side = 16
    let pixels = (0..<side * side).flatMap { pixel -> [UInt8] in
      let value = 128 + 100 * cos(2 * Double.pi * 3 * Double(pixel % side) / Double(side)) * 1.0
      return [UInt8(value), UInt8(255 - value), UInt8(value)]
    }
    let set = ImageSet(
      name: "waves", height: side, width: side, channels: 3, classes: ["one"], pixels: pixels, labels: [0])
    let scrambled = set.scrambled(count: 1, seed: 8)
    let (red, green, blue) = (channel(scrambled, 0, 0), channel(scrambled, 0, 1), channel(scrambled, 0, 2))
    #expect(red == blue)
    // Where red is bright, green is dark.
    let mean = { (values: [UInt8]) in Double(values.reduce(0) { $0 + Int($1) }) / Double(values.count) }
    let (r, g) = (mean(red), mean(green))
    #expect(zip(red, green).reduce(0.0) { $0 + (Double($1.0) - r) * (Double($1.1) - g) } < 0)
    let power = fourier(red.map { Complex(Double($0), 0) }, rows: side, columns: side, isInverse: false)
      .map { $0.real * $0.real + $0.imaginary * $0.imaginary }
    // Frequencies 3 and −3 along the rows hold nearly all that varies.
    #expect((power[3] + power[side - 3]) / power.dropFirst().reduce(0, +) > 0.9)
  }

  @Test(
    "the transform is that of the definition, and its inverse undoes it", arguments: [(1, 1), (4, 6), (7, 5), (9, 2)])
  func transform(rows: Int, columns: Int) {
    let values = (0..<rows * columns).map { Complex(Double(($0 * 37) % 11), Double($0 % 3)) }
    let spectrum = fourier(values, rows: rows, columns: columns, isInverse: false)
    for u in 0..<rows {
      for v in 0..<columns {
        var sum = Complex(0, 0)
        for y in 0..<rows {
          for x in 0..<columns {
            let angle = -2 * Double.pi * (Double(u * y) / Double(rows) + Double(v * x) / Double(columns))
            sum = sum + values[y * columns + x] * Complex(cos(angle), sin(angle))
          }
        }
        let found = spectrum[u * columns + v]
        #expect(abs(found.real - sum.real) < 1e-9 && abs(found.imaginary - sum.imaginary) < 1e-9)
      }
    }
    let back = fourier(spectrum, rows: rows, columns: columns, isInverse: true)
    for (value, found) in zip(values, back) {
      #expect(abs(found.real / Double(rows * columns) - value.real) < 1e-9)
    }
  }
}
