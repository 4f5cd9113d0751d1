import Support

/// The catalogue entry of ``PartShapes``.
enum PartShapesSet {
  private static let labelParts = Part.allCases.filter { $0.variants != nil }

  static let entry = CatalogEntry(
    "part-shapes", "procedural objects of 10 classes composed of parts, on cluttered textures; one mask per part",
    facts: [
      ("classes", ObjectClass.allCases.map(\.name).joined(separator: ", ")),
      ("parts", Part.allCases.map(\.name).joined(separator: ", ")),
    ],
    options: [
      OptionDescription("size", .integer(16...128), default: .number(32), "side of the images, pixels"),
      OptionDescription(
        "label", .choice(["object"] + labelParts.map(\.name)), default: .text("object"),
        "what the class is: the object, or the variant of a single part"),
      OptionDescription(
        "texture-correlation", .number(0...1), default: .number(0.3),
        "probability that the background's texture is of the label's own family, else of a random one"),
      OptionDescription("clutter", .number(0...1), default: .number(0.5), "how many loose parts are scattered around"),
      OptionDescription(
        "pose", .number(0...1), default: .number(1), "how much position, size and rotation vary"),
      .grain(default: nil),
      OptionDescription(
        "close-up", .number(1...4), "with a part as label: magnification around that part; 1 unless given"),
    ] + heldOutOptions(development: 2000, train: 10_000, test: 2000) + augmentationOptions(padCrop: 0, flip: true))

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    var shapes = PartShapes(seed: seed)
    shapes.size = options.integer("size")
    shapes.textureCorrelation = Float(options.number("texture-correlation"))
    shapes.clutter = Float(options.number("clutter"))
    shapes.pose = Float(options.number("pose"))
    shapes.grain = Float(options.numberIfGiven("grain") ?? 0)
    if let closeUp = options.numberIfGiven("close-up") {
      guard options.text("label") != "object" else {
        throw InputError("data.close-up", "there is no part to look at", remedy: "give label a part, such as head")
      }
      shapes.closeUp = Float(closeUp)
    }
    if let part = labelParts.first(where: { $0.name == options.text("label") }) { shapes.label = .variant(of: part) }
    let counts = ["train", "development", "test"].map(options.integer)
    try refuseHugeSets(counts, side: shapes.size)
    return DataSplits(
      train: shapes.images(.train, count: counts[0]), development: shapes.images(.development, count: counts[1]),
      test: shapes.images(.test, count: counts[2]), augmentation: try options.augmentation,
      backgrounds: shapes.backgrounds)
  }
}
