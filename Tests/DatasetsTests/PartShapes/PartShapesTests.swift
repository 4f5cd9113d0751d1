import Datasets
import Support
import Tensors
import Testing

@Suite("PartShapes", .serialized) struct PartShapesTests {
  @Test("the same seed makes the same bytes, another seed others, whatever the number of threads")
  func determinism() {
    let shapes = PartShapes(seed: 3)
    let first = shapes.images(.train, count: 40)
    #expect(shapes.images(.train, count: 40).pixels == first.pixels)
    let threads = Threads.count
    Threads.use(1)
    #expect(shapes.images(.train, count: 40).pixels == first.pixels)
    Threads.use(threads)
    #expect(Set(images(PartShapes(seed: 4).images(.train, count: 40))).isDisjoint(with: images(first)))
  }

  @Test("an image does not depend on how many are made")
  func prefix() {
    let shapes = PartShapes(seed: 3)
    let (few, many) = (shapes.images(.test, count: 7), shapes.images(.test, count: 31))
    #expect(many.subset(Array(0..<7)).pixels == few.pixels)
    #expect(many.subset(Array(0..<7)).parts == few.parts)
  }

  @Test("no image is in two splits, and classes are balanced")
  func splits() throws {
    let splits = try load("part-shapes", ["train": .number(500), "development": .number(200), "test": .number(200)])
    let sets = [splits.train, splits.development, splits.test]
    #expect(splitSizes(splits) == [500, 200, 200])
    #expect(Set(sets.flatMap(images)).count == 900)
    for set in sets { #expect(set.classCounts == [Int](repeating: set.count / 10, count: 10)) }
  }

  @Test("the mask is the union of the parts, and the parts are those of the class")
  func masks() throws {
    let set = PartShapes(seed: 1).images(.train, count: 500)
    let (masks, parts) = (try #require(set.masks), try #require(set.parts))
    #expect(set.partNames == Part.allCases.map(\.name))
    var seen = [Set<Part>](repeating: [], count: 10)
    for image in 0..<set.count {
      let range = image * 1024..<(image + 1) * 1024
      let shown = Set(parts[range]).subtracting([0])
      #expect(zip(masks[range], parts[range]).allSatisfy { ($0 == 1) == ($1 != 0) })
      // Small objects that are partly covered still show something.
      #expect((15..<900).contains(masks[range].count { $0 == 1 }), "image \(image)")
      for value in shown { seen[Int(set.labels[image])].insert(try #require(Part(rawValue: value))) }
    }
    for (label, object) in ObjectClass.allCases.enumerated() { #expect(seen[label] == Set(object.parts)) }
  }

  @Test("any size shows the same scene", arguments: [16, 47, 128])
  func sizes(size: Int) throws {
    var shapes = PartShapes(seed: 1)
    let reference = try #require(shapes.images(.train, count: 60).masks)
    shapes.size = size
    let set = shapes.images(.train, count: 60)
    let masks = try #require(set.masks)
    #expect(set.height == size && set.width == size && masks.count == 60 * size * size)
    for image in 0..<60 {
      let share = Float(masks[image * size * size..<(image + 1) * size * size].count { $0 == 1 }) / Float(size * size)
      let expected = Float(reference[image * 1024..<(image + 1) * 1024].count { $0 == 1 }) / 1024
      // Thin limbs come and go with the resolution.
      #expect(abs(share - expected) < 0.05, "image \(image)")
    }
  }

  @Test("the background's texture follows the label as often as the correlation says", arguments: [0, 0.3, 1])
  func correlation(strength: Float) {
    for label in [PartShapes.Label.object, .variant(of: .head)] {
      var shapes = PartShapes(seed: 2)
      shapes.label = label
      shapes.textureCorrelation = strength
      let scenes = (0..<20_000).map { shapes.scene(.train, $0) }
      let own = scenes.count { $0.textureFamily == $0.label }
      // A random family is the own one in a tenth of the cases; binomial deviation at most 0.0035, five of them.
      #expect(abs(Float(own) / 20_000 - (strength + (1 - strength) * 0.1)) < 0.018)
    }
  }

  @Test("texture families can be told from the pixels: at full correlation each class has one")
  func visibleTexture() {
    var shapes = PartShapes(seed: 2)
    (shapes.textureCorrelation, shapes.clutter) = (1, 0)
    #expect((0..<100).allSatisfy { shapes.scene(.train, $0).textureFamily == $0 % 10 })
    var scenes = (0..<20).map { shapes.scene(.train, $0) }
    let before = images(shapes.images(.train, scenes))
    for index in scenes.indices { scenes[index].textureFamily = (scenes[index].textureFamily + 1) % 10 }
    let after = images(shapes.images(.train, scenes))
    #expect(zip(before, after).allSatisfy { $0 != $1 })
  }
}

@Suite("PartShapes with a part as label") struct PartLabelTests {
  private static let parts = Part.allCases.filter { $0.variants != nil }

  @Test("the label is the part's variant, in objects that have the part", arguments: parts)
  func label(part: Part) throws {
    var shapes = PartShapes(seed: 5)
    shapes.label = .variant(of: part)
    let scenes = (0..<400).map { shapes.scene(.train, $0) }
    #expect(scenes.allSatisfy { $0.label == $0.variants[part] && $0.object.parts.contains(part) })
    #expect(Set(scenes.map(\.object)).count == shapes.objects.count)
    let splits = try load(
      "part-shapes", ["label": .text(part.name), "train": .number(40), "development": .number(40), "test": .number(40)])
    #expect(splits.train.classes == part.variants)
    #expect(splits.train.classCounts == [10, 10, 10, 10])
  }

  /// Chi-square statistic of a table of counts against independence.
  private func chiSquare(_ pairs: [(Int, Int)], _ rows: Int, _ columns: Int) -> Double {
    var table = [Double](repeating: 0, count: rows * columns)
    for (row, column) in pairs { table[row * columns + column] += 1 }
    let rowSums = (0..<rows).map { r in (0..<columns).reduce(0) { $0 + table[r * columns + $1] } }
    let columnSums = (0..<columns).map { c in (0..<rows).reduce(0) { $0 + table[$1 * columns + c] } }
    return table.indices.reduce(0) { sum, cell in
      let expected = rowSums[cell / columns] * columnSums[cell % columns] / Double(pairs.count)
      return expected == 0 ? sum : sum + (table[cell] - expected) * (table[cell] - expected) / expected
    }
  }

  @Test("the label says nothing about the object, its other parts and the texture")
  func independence() {
    var shapes = PartShapes(seed: 5)
    (shapes.label, shapes.textureCorrelation) = (.variant(of: .head), 0)
    let scenes = (0..<20_000).map { shapes.scene(.train, $0) }
    // Mean = degrees of freedom, variance twice that: five deviations above the mean.
    func bound(_ freedom: Double) -> Double { freedom + 5 * (2 * freedom).squareRoot() }
    #expect(chiSquare(scenes.map { ($0.label, $0.object.rawValue) }, 4, 10) < bound(15))
    #expect(chiSquare(scenes.map { ($0.label, $0.textureFamily) }, 4, 10) < bound(27))
    for part in Self.parts where part != .head {
      #expect(chiSquare(scenes.map { ($0.label, $0.variants[part]) }, 4, 4) < bound(9))
    }
    #expect(chiSquare(scenes.map { ($0.label, $0.variants[.head]) }, 4, 4) > 50_000)
  }

  @Test("another variant changes pixels at that part alone", arguments: parts)
  func locality(part: Part) throws {
    var shapes = PartShapes(seed: 6)
    (shapes.label, shapes.size) = (.variant(of: part), 48)
    let scenes = (0..<60).map { shapes.scene(.development, $0) }
    let changed = scenes.map { scene in
      var scene = scene
      scene.variants[part] = (scene.variants[part] + 1) % Part.variantCount
      return scene
    }
    let (before, after) = (shapes.images(.development, scenes), shapes.images(.development, changed))
    let (old, new) = (try #require(before.parts), try #require(after.parts))
    var (imagesChanged, pixelsChanged, strays) = (0, 0, 0)
    for image in 0..<60 {
      let earlier = pixelsChanged
      for pixel in image * 2304..<(image + 1) * 2304 {
        guard before.pixels[3 * pixel..<3 * pixel + 3] != after.pixels[3 * pixel..<3 * pixel + 3] else { continue }
        pixelsChanged += 1
        let near = neighbours(of: pixel)
        strays += near.contains { old[$0] == part.rawValue || new[$0] == part.rawValue } ? 0 : 1
      }
      imagesChanged += pixelsChanged > earlier ? 1 : 0
    }
    // Edges are soft: a little shows through what covers a part, and beyond a tip that covers less than half a pixel.
    #expect(strays * 50 < pixelsChanged, "\(strays) of \(pixelsChanged)")
    // A part may be hidden behind the object or what lies before it.
    #expect(imagesChanged >= 55)
  }

  /// A pixel of a 48×48 image and those around it.
  private func neighbours(of pixel: Int) -> [Int] {
    let (image, row, column) = (pixel / 2304, pixel % 2304 / 48, pixel % 48)
    return (max(0, row - 1)...min(47, row + 1)).flatMap { r in
      (max(0, column - 1)...min(47, column + 1)).map { image * 2304 + r * 48 + $0 }
    }
  }
}
