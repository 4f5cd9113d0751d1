import Datasets
import Support
import Testing

@Suite("Grain") struct GrainTests {
  /// Twenty made-up garments: cloth here and there.
  private var garments: ImageSet {
    let pixels = (0..<20 * 784).map { (place: Int) -> UInt8 in
      let isCloth: Bool = place * 7919 / 13 % 256 > 128
      return isCloth ? UInt8(place % 251) : 0
    }
    let labels = (0..<20).map { (place: Int) -> Int32 in Int32(place % 10) }
    return ImageSet(
      name: "garments", height: 28, width: 28, channels: 1, classes: (0..<10).map { "\($0)" }, pixels: pixels,
      labels: labels)
  }

  private func painted(_ grain: Float) -> ImageSet {
    GarmentPainter(correlation: 0.5, grain: grain, jitter: 2, seed: 3).painted(garments, Array(0..<20), origin: 1)
  }

  private func colour(_ set: ImageSet, _ pixel: Int) -> ArraySlice<UInt8> { set.pixels[3 * pixel..<3 * pixel + 3] }

  @Test("changes the ground alone, and 0 is the smooth texture")
  func groundAlone() throws {
    let (smooth, rough) = (painted(0), painted(0.2))
    let masks = try #require(smooth.masks)
    #expect(rough.masks == masks && rough.labels == smooth.labels)
    let changed = masks.indices.filter { colour(smooth, $0) != colour(rough, $0) }
    #expect(changed.allSatisfy { masks[$0] == 0 })
    #expect(changed.count > masks.count { $0 == 0 } / 2)
  }

  @Test("of PartShapes leaves the object and its parts as they are")
  func parts() throws {
    let smooth = PartShapes(seed: 3)
    var rough = smooth
    rough.grain = 0.3
    let (a, b) = (smooth.images(.train, count: 40), rough.images(.train, count: 40))
    #expect(a.parts == b.parts && a.labels == b.labels)
    let parts = try #require(a.parts)
    let same = parts.indices.filter { colour(a, $0) == colour(b, $0) }
    let object = parts.indices.filter { parts[$0] != 0 }
    // The edge of the object lets the ground through.
    #expect(Double(Set(same).intersection(object).count) > 0.6 * Double(object.count))
    #expect(Double(same.filter { parts[$0] == 0 }.count) < 0.8 * Double(parts.count - object.count))
  }

  @Test("has an amplitude of its own in every image, below the bound, on single pixels and on pairs")
  func amplitudes() throws {
    let (smooth, rough) = (painted(0), painted(0.2))
    let masks = try #require(smooth.masks)
    let deviations = (0..<20).map { image -> Double in
      let ground = (image * 1024..<(image + 1) * 1024).filter { pixel in
        // Bytes at the ends of the scale hide the noise.
        masks[pixel] == 0 && smooth.pixels[3 * pixel..<3 * pixel + 3].allSatisfy { (60..<200).contains($0) }
      }
      let squares = ground.map { pixel -> Double in
        let difference = (Double(rough.pixels[3 * pixel]) - Double(smooth.pixels[3 * pixel])) / 255
        return difference * difference
      }
      return squares.isEmpty ? 0 : (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }.filter { $0 > 0 }
    #expect(deviations.allSatisfy { $0 < 0.24 })
    #expect((deviations.max() ?? 0) > 0.12 && (deviations.min() ?? 1) < 0.08, "\(deviations)")
  }

  @Test("pictures without an object have none, are of no split, and are the same however many are made")
  func backgrounds() throws {
    let shapes = PartShapes(seed: 3)
    let few = shapes.backgrounds(count: 5)
    let many = shapes.backgrounds(count: 20)
    #expect(many.subset(Array(0..<5)).pixels == few.pixels && many.masks?.contains(1) == false)
    #expect(Set(images(many)).count == 20)
    #expect(Set(images(many)).isDisjoint(with: images(shapes.images(.train, count: 20))))
    let painter = GarmentPainter(correlation: 0, grain: 0.2, jitter: 0, seed: 3)
    let textures = painter.backgrounds(count: 12)
    #expect(textures.count == 12 && textures.masks?.contains(1) == false && textures.height == 32)
    #expect(Set(images(textures)).count == 12)
  }
}
