import Datasets
import Support
import TestSupport
import Testing

@Suite("PartShapes seen from near")
struct CloseUpTests {
  private func shapes(_ closeUp: Float, part: Part = .head) -> PartShapes {
    var shapes = PartShapes(seed: 8)
    (shapes.label, shapes.closeUp, shapes.textureCorrelation) = (.variant(of: part), closeUp, 0)
    return shapes
  }

  private func pixels(of part: Part, in set: ImageSet) throws -> [Int] {
    let parts = try #require(set.parts)
    let size = set.height * set.width
    return (0..<set.count).map { image in
      parts[image * size..<(image + 1) * size].count { $0 == part.rawValue }
    }
  }

  @Test("changes nothing at magnification 1, nor where the label is the object")
  func unchanged() {
    let plain = shapes(1).images(.train, count: 30)
    var object = PartShapes(seed: 8)
    let before = object.images(.train, count: 30)
    object.closeUp = 3
    let after = object.images(.train, count: 30)
    #expect(after.pixels == before.pixels && after.parts == before.parts)
    #expect(shapes(1).images(.train, count: 30).pixels == plain.pixels)
    #expect(shapes(2).images(.train, count: 30).pixels != plain.pixels)
  }

  @Test(
    "shows the part larger, in nearly every image, and nearly whole", arguments: [Part.head, .wings])
  func larger(part: Part) throws {
    let near = try pixels(of: part, in: shapes(2, part: part).images(.train, count: 40))
    let far = try pixels(of: part, in: shapes(1, part: part).images(.train, count: 40))
    let ratio = Double(near.reduce(0, +)) / Double(far.reduce(0, +))
    // Four times the area; parts that come in pairs, such as wings, lie partly outside then.
    #expect(ratio > (part == .wings ? 1.5 : 2.8) && ratio < 4.6, "\(ratio)")
    #expect(near.count { $0 >= 16 } >= 38)
  }

  @Test("the head's mask is there, and the label is a function of the head alone: all else may be another's")
  func headAlone() throws {
    let shapes = shapes(2)
    let scenes = (0..<40).map { shapes.scene(.development, $0) }
    let others = scenes.map { scene in
      var scene = scene
      scene.object = scene.object == .dog ? .bird : .dog
      for part in Part.allCases where part != .head && part.variants != nil {
        scene.variants[part] = (scene.variants[part] + 1) % Part.variantCount
      }
      scene.textureFamily = (scene.textureFamily + 1) % 10
      return scene
    }
    let (first, second) = (shapes.images(.development, scenes), shapes.images(.development, others))
    #expect(second.labels.map(Int.init) == others.map { $0.variants[.head] })
    #expect(first.labels == second.labels)
    let size = first.imageSize
    for image in 0..<40 {
      #expect(first.pixels[image * size..<(image + 1) * size] != second.pixels[image * size..<(image + 1) * size])
    }
    #expect(try pixels(of: .head, in: first).allSatisfy { $0 > 0 })
    #expect(try pixels(of: .head, in: second).allSatisfy { $0 > 0 })
  }

  @Test("is refused without a part to look at, and outside its range")
  func refusals() {
    #expect(
      throws: InputError(
        "data.close-up", "there is no part to look at", remedy: "give label a part, such as head")
    ) { try load("part-shapes", ["close-up": .number(2), "train": .number(40)]) }
    #expect(throws: InputError.self) {
      try load("part-shapes", ["close-up": .number(9), "label": .text("head"), "train": .number(40)])
    }
  }
}
