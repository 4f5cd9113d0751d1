import Support

/// The catalogue entry of ``TwoGlyphs``.
enum TwoGlyphsSet {
  static let entry = CatalogEntry(
    "two-glyphs", "two glyphs, A and B, at random places on rough ground; a mask per glyph",
    facts: [
      ("shapes of A", TwoGlyphs.Glyph.a.shapes.joined(separator: ", ")),
      ("shapes of B", TwoGlyphs.Glyph.b.shapes.joined(separator: ", ")),
    ],
    options: [size.option, label.option, colours.option, Grain.key.option] + counts.options + augmentation.options)
  /// Whose shape the class is.
  enum Label: String, OptionChoice { case a, b }
  /// Whether A and B differ in colour.
  enum Colours: String, OptionChoice { case two, one }
  private static let size = OptionKey.integer("size", 16...128, default: 32, "side of the images, pixels")
  private static let label = OptionKey.choice(
    "label", default: Label.a, "whose shape the class is; the pictures are the same")
  private static let colours = OptionKey.choice(
    "colours", default: Colours.two, "whether A and B differ in colour, or both have one that is drawn for every image")
  private static let counts = DrawnCounts(train: 8000, development: 1000, test: 1000)
  private static let augmentation = AugmentationOptions(padCrop: 0, flip: false)

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    var glyphs = TwoGlyphs(seed: seed)
    glyphs.size = options[Self.size]
    glyphs.label = options[Self.label] == .b ? .b : .a
    glyphs.hasTwoColours = options[Self.colours] == .two
    glyphs.grain = Float(options[Grain.key])
    let counts = Self.counts.read(options)
    try refuseHugeSets(counts, side: glyphs.size)
    return DataSplits(
      train: glyphs.images(.train, count: counts[0]), development: glyphs.images(.development, count: counts[1]),
      test: glyphs.images(.test, count: counts[2]), augmentation: try augmentation.read(options),
      backgrounds: glyphs.backgrounds)
  }
}
