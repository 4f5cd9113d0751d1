import Datasets
import Support
import Testing

@Suite("Two glyphs") struct TwoGlyphsTests {
  private func glyphs(_ label: TwoGlyphs.Glyph = .a, twoColours: Bool = true) -> TwoGlyphs {
    var glyphs = TwoGlyphs(seed: 5)
    (glyphs.label, glyphs.hasTwoColours) = (label, twoColours)
    return glyphs
  }

  @Test("the pictures are the same whichever glyph is the label, which names its shape", arguments: [true, false])
  func labels(twoColours: Bool) {
    let (a, b) = (
      glyphs(.a, twoColours: twoColours).images(.train, count: 64),
      glyphs(.b, twoColours: twoColours).images(.train, count: 64)
    )
    #expect(a.pixels == b.pixels && a.parts == b.parts && a.masks == b.masks)
    #expect(a.classes == ["plus", "saltire", "tee", "corner"] && b.classes == ["block", "diamond", "bars", "dots"])
    // All sixteen pairs of shapes, each as often.
    #expect(Set(zip(a.labels, b.labels).map { [$0, $1] }).count == 16)
    #expect(a.classCounts == [16, 16, 16, 16] && b.classCounts == [16, 16, 16, 16])
  }

  @Test("both glyphs have one size and do not touch", arguments: [16, 32, 50])
  func places(size: Int) throws {
    var glyphs = glyphs()
    glyphs.size = size
    let set = glyphs.images(.test, count: 200)
    let parts = try #require(set.parts)
    let side = 5 * (size / 16)
    var rows: Set<Int> = []
    for image in 0..<set.count {
      for glyph: UInt8 in [1, 2] {
        let own = (0..<size * size).filter { parts[image * size * size + $0] == glyph }
        #expect(own.count == side * side, "image \(image)")
        rows.insert((own.first ?? 0) / size)
      }
    }
    #expect(rows == Set(0...(size - side)))
  }

  @Test("all shapes have as much ink, each its own", arguments: TwoGlyphs.Glyph.allCases)
  func ink(glyph: TwoGlyphs.Glyph) {
    let shapes = (0..<TwoGlyphs.shapeCount).map { glyph.ink($0) }
    #expect(shapes.allSatisfy { $0.count == 25 && $0.count { $0 } == 9 })
    #expect(Set(shapes).count == 4)
  }

  @Test("with two colours A is the redder one, with one colour neither; both are as bright", arguments: [true, false])
  func colours(twoColours: Bool) throws {
    let set = glyphs(twoColours: twoColours).images(.train, count: 400)
    let parts = try #require(set.parts)
    var (red, light) = ([0.0, 0.0], [0.0, 0.0])
    for (pixel, part) in parts.enumerated() where part > 0 {
      let color = set.pixels[3 * pixel..<3 * pixel + 3].map { Double($0) }
      red[Int(part) - 1] += color[0] - color[1]
      light[Int(part) - 1] += 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]
    }
    let area = 400.0 * 100
    // The gaps show the ground, which swells by 25 from place to place.
    #expect(abs(light[0] - light[1]) / area < 2)
    // Ink is nine of twenty-five fields, its red 0.45 above its green.
    let difference = (red[0] - red[1]) / area
    #expect(twoColours ? abs(difference - 2 * 0.45 * 255 * 9 / 25) < 3 : abs(difference) < 2, "\(difference)")
  }

  @Test("the background is the ground without glyphs, and other pictures than the sets'")
  func backgrounds() throws {
    let splits = try load("two-glyphs", ["train": .number(32), "development": .number(16), "test": .number(16)])
    let draw = try #require(splits.backgrounds)
    let set = draw(20)
    #expect(set.count == 20 && set.masks?.contains(1) == false)
    #expect(Set(images(set)).isDisjoint(with: images(splits.train)))
  }
}
