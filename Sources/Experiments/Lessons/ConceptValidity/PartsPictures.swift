import Datasets

/// What the two networks are shown.
package enum PartsLevel: String, CaseIterable, Sendable {
  /// Two glyphs that differ in colour, too.
  case twoColours = "two-colours"
  /// Two glyphs of one colour, which says nothing.
  case oneColour = "one-colour"
  /// The pattern of the body and that of the wheels of a drawn car.
  case partShapes = "part-shapes"

  /// What it is called in figures and tables.
  package var title: String {
    switch self {
    case .twoColours: "two glyphs, two colours"
    case .oneColour: "two glyphs, one colour"
    case .partShapes: "PartShapes: body, wheels"
    }
  }

  /// Passes over the pictures, in those of the glyphs: more for what is harder to learn.
  var effort: Int { self == .partShapes ? 3 : 1 }

  /// What A and B are.
  package var parts: (a: String, b: String) {
    self == .partShapes ? (Part.body.name, Part.wheels.name) : ("glyph A", "glyph B")
  }
}

/// The pictures of a level with both labels: they are the same, whichever part is the label.
package struct PartsPictures {
  /// Whose label is part A's variant.
  package let a: DataSplits
  /// Whose label is part B's variant.
  package let b: DataSplits
  /// Values of both parts in the pictures' `parts`.
  package let parts: (a: UInt8, b: UInt8)

  private static let held = 1000

  /// Cars and trucks: objects that have wheels. They are large, and not cluttered, so that a small network learns both
  /// parts in minutes.
  private static var shapes: PartShapes {
    var shapes = PartShapes(seed: 1)
    shapes.label = .variant(of: .wheels)
    (shapes.pose, shapes.closeUp) = (0.25, 1.6)
    (shapes.textureCorrelation, shapes.clutter, shapes.grain) = (0, 0, 0.2)
    return shapes
  }

  /// - Parameters:
  ///   - level: what is shown.
  ///   - train: number of training images.
  package init(_ level: PartsLevel, train: Int) {
    switch level {
    case .twoColours, .oneColour:
      func splits(_ label: TwoGlyphs.Glyph) -> DataSplits {
        var glyphs = TwoGlyphs(seed: 1)
        (glyphs.label, glyphs.hasTwoColours) = (label, level == .twoColours)
        return DataSplits(
          train: glyphs.images(.train, count: train), development: glyphs.images(.development, count: Self.held),
          test: glyphs.images(.test, count: Self.held), backgrounds: glyphs.backgrounds)
      }
      (a, b) = (splits(.a), splits(.b))
      parts = (TwoGlyphs.Glyph.a.rawValue, TwoGlyphs.Glyph.b.rawValue)
    case .partShapes:
      let drawn = Self.shapes
      func splits(_ label: Part, _ wholes: [ImageSet]) -> DataSplits {
        let sets = zip([PartShapes.Split.train, .development, .test], wholes).map { split, whole in
          ImageSet(
            name: whole.name, height: whole.height, width: whole.width, channels: whole.channels,
            classes: label.variants ?? [], pixels: whole.pixels,
            labels: (0..<whole.count).map { Int32(drawn.scene(split, $0).variants[label]) }, masks: whole.masks,
            parts: whole.parts, partNames: whole.partNames)
        }
        return DataSplits(train: sets[0], development: sets[1], test: sets[2], backgrounds: drawn.backgrounds)
      }
      let wholes = [
        drawn.images(.train, count: train), drawn.images(.development, count: Self.held),
        drawn.images(.test, count: Self.held),
      ]
      (a, b) = (splits(.body, wholes), splits(.wheels, wholes))
      parts = (Part.body.rawValue, Part.wheels.rawValue)
    }
  }
}
