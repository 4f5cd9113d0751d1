import Support

/// A drawing before it has pixels: what the layout decides and the painter draws, in points.
package struct Scene: Sendable {
  package var size: Size
  package var elements: [Element]

  /// All texts, also those inside clips, in drawing order.
  package var texts: [TextRun] { Self.texts(elements) }

  private static func texts(_ elements: [Element]) -> [TextRun] {
    elements.flatMap { element -> [TextRun] in
      switch element {
      case .text(let run): [run]
      case .clipped(_, let inner): texts(inner)
      case .shape, .raster: []
      }
    }
  }
}

/// One piece of a scene.
package enum Element: Sendable {
  case text(TextRun)
  case shape(Shape)
  case raster(Raster, Rectangle)
  case clipped(Rectangle, [Element])
}

/// A text on one line in its final place.
package struct TextRun: Sendable, Equatable {
  package var text: String
  /// Where the baseline starts.
  package var origin: Point
  package var size: Double
  package var color: Color
  /// Whether it reads upwards.
  package var isVertical: Bool
  /// What the ink covers.
  package var box: Rectangle
}

/// Small pixels that are drawn large, by nearest neighbour.
package struct Raster: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// Row by row.
  package let pixels: [Color]

  package init(width: Int, height: Int, pixels: [Color]) {
    precondition(pixels.count == width * height, "Raster: \(pixels.count) pixels for \(width)×\(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
