import Support

/// The catalogue entry of ``TwoGlyphs``.
enum TwoGlyphsSet {
  static let entry = CatalogEntry(
    "two-glyphs", "two glyphs, A and B, at random places on rough ground; a mask per glyph",
    facts: [
      ("shapes of A", TwoGlyphs.Glyph.a.shapes.joined(separator: ", ")),
      ("shapes of B", TwoGlyphs.Glyph.b.shapes.joined(separator: ", ")),
    ],
    options: [
      OptionDescription("size", .integer(16...128), default: .number(32), "side of the images, pixels"),
      OptionDescription(
        "label", .choice(["a", "b"]), default: .text("a"), "whose shape the class is; the pictures are the same"),
      OptionDescription(
        "colours", .choice(["two", "one"]), default: .text("two"),
        "whether A and B differ in colour, or both have one that is drawn for every image"),
      .grain(default: 0.2),
    ] + heldOutOptions(development: 1000, train: 8000, test: 1000) + augmentationOptions(padCrop: 0, flip: false))

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    var glyphs = TwoGlyphs(seed: seed)
    glyphs.size = options.integer("size")
    glyphs.label = options.text("label") == "b" ? .b : .a
    glyphs.hasTwoColours = options.text("colours") == "two"
    glyphs.grain = Float(options.number("grain"))
    let counts = ["train", "development", "test"].map(options.integer)
    try refuseHugeSets(counts, side: glyphs.size)
    return DataSplits(
      train: glyphs.images(.train, count: counts[0]), development: glyphs.images(.development, count: counts[1]),
      test: glyphs.images(.test, count: counts[2]), augmentation: try options.augmentation,
      backgrounds: glyphs.backgrounds)
  }
}
