import Support

/// The catalogue entry of ``PartShapes``.
enum PartShapesSet {
  static let entry = CatalogEntry(
    "part-shapes", "procedural objects of 10 classes composed of parts, on cluttered textures; one mask per part",
    facts: [
      ("classes", ObjectClass.allCases.map(\.name).joined(separator: ", ")),
      ("parts", Part.allCases.map(\.name).joined(separator: ", ")),
    ],
    options: [
      size.option, label.option, textureCorrelation.option, clutter.option, pose.option, Grain.keyWithoutDefault.option,
      closeUp.option,
    ] + counts.options + augmentation.options)
  private static let size = OptionKey.integer("size", 16...128, default: 32, "side of the images, pixels")
  private static let label = OptionKey.choice(
    "label", default: PartShapes.Label.object, "what the class is: the object, or the variant of a single part")
  private static let textureCorrelation = OptionKey.number(
    "texture-correlation", 0...1, default: 0.3,
    "probability that the background's texture is of the label's own family, else of a random one")
  private static let clutter = OptionKey.number(
    "clutter", 0...1, default: 0.5, "how many loose parts are scattered around")
  private static let pose = OptionKey.number("pose", 0...1, default: 1, "how much position, size and rotation vary")
  private static let closeUp = OptionKey.number(
    "close-up", 1...4, "with a part as label: magnification around that part; 1 unless given")
  private static let counts = DrawnCounts(train: 10_000, development: 2000, test: 2000)
  private static let augmentation = AugmentationOptions(padCrop: 0, flip: true)

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    var shapes = PartShapes(seed: seed)
    shapes.label = options[Self.label]
    shapes.size = options[Self.size]
    shapes.textureCorrelation = Float(options[Self.textureCorrelation])
    shapes.clutter = Float(options[Self.clutter])
    shapes.pose = Float(options[Self.pose])
    shapes.grain = Float(options[Grain.keyWithoutDefault] ?? 0)
    if let closeUp = options[Self.closeUp] {
      guard options[Self.label] != .object else {
        throw InputError("data.close-up", "there is no part to look at", remedy: "give label a part, such as head")
      }
      shapes.closeUp = Float(closeUp)
    }
    let counts = Self.counts.read(options)
    try refuseHugeSets(counts, side: shapes.size)
    return DataSplits(
      train: shapes.images(.train, count: counts[0]), development: shapes.images(.development, count: counts[1]),
      test: shapes.images(.test, count: counts[2]), augmentation: try augmentation.read(options),
      backgrounds: shapes.backgrounds)
  }
}

extension PartShapes.Label: OptionChoice {
  package static let allCases = [object] + Part.allCases.filter { $0.variants != nil }.map(variant)

  package init?(rawValue: String) {
    guard let label = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = label
  }

  /// The word in recipes.
  package var rawValue: String { if case .variant(let part) = self { part.name } else { "object" } }
}
