import Support

/// A drawing before it has pixels: what the layout decides and every form of file draws, in points.
package struct Scene: Sendable {
  package var size: Size
  package var elements: [Element]

  /// All texts, also those inside clips, in drawing order.
  package var texts: [TextRun] { Self.texts(elements) }

  private static func texts(_ elements: [Element]) -> [TextRun] {
    elements.flatMap { element -> [TextRun] in
      switch element {
      case .text(let run): [run]
      case .clipped(_, let inner), .noted(_, let inner): texts(inner)
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
  /// Elements that tell more where a reader points at them; on paper they are elements like any others.
  case noted(String, [Element])
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
  /// How far the pen moves.
  package var advance: Double
  /// What the ink covers.
  package var box: Rectangle
}

/// Small pixels that are drawn large, by nearest neighbour.
package struct Raster: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// Row by row.
  package let pixels: [Color]
  /// What the pixels say to a reader who points at them; nil for nothing.
  package let legend: RasterLegend?

  package init(width: Int, height: Int, pixels: [Color], legend: RasterLegend? = nil) {
    precondition(pixels.count == width * height, "Raster: \(pixels.count) pixels for \(width)×\(height)")
    precondition(
      legend.map { $0.values.count == pixels.count } ?? true,
      "Raster: \(legend?.values.count ?? 0) values for \(width)×\(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.legend = legend
  }
}

/// The numbers behind the pixels of a raster.
package struct RasterLegend: Sendable, Equatable {
  /// Names of the rows; empty for none.
  package var rows: [String] = []
  /// Names of the columns; empty for none.
  package var columns: [String] = []
  /// What the numbers are, with their unit.
  package var quantity: String
  /// Row by row; not finite for what is not known.
  package var values: [Double]
}
