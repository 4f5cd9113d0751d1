/// A width and a height, in points.
package struct Size: Sendable, Equatable {
  package var width: Double
  package var height: Double

  package init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }
}

/// A rectangle with its top left corner, in points; y grows downwards.
package struct Rectangle: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var maxX: Double { x + width }
  package var maxY: Double { y + height }
  package var midX: Double { x + width / 2 }
  package var midY: Double { y + height / 2 }
  package var size: Size { Size(width, height) }

  /// Whether `other` lies inside, or reaches out by no more than `slack`.
  package func contains(_ other: Rectangle, slack: Double = 0) -> Bool {
    other.x >= x - slack && other.y >= y - slack && other.maxX <= maxX + slack && other.maxY <= maxY + slack
  }

  package func contains(_ point: Point, slack: Double = 0) -> Bool {
    contains(Rectangle(x: point.x, y: point.y, width: 0, height: 0), slack: slack)
  }

  /// Whether some of `other` lies inside by more than `slack`.
  package func overlaps(_ other: Rectangle, slack: Double = 0) -> Bool {
    x + slack < other.maxX && other.x + slack < maxX && y + slack < other.maxY && other.y + slack < maxY
  }

  /// What is left within `insets`, at least one point wide and high.
  package func inset(by insets: Insets) -> Rectangle {
    Rectangle(
      x: x + insets.left, y: y + insets.top, width: max(1, width - insets.left - insets.right),
      height: max(1, height - insets.top - insets.bottom))
  }
}

/// Widths of what surrounds a plot, in points.
package struct Insets: Sendable, Equatable {
  package var top = 0.0
  package var left = 0.0
  package var bottom = 0.0
  package var right = 0.0

  /// The larger of two on each side.
  package func union(_ other: Insets) -> Insets {
    Insets(
      top: max(top, other.top), left: max(left, other.left), bottom: max(bottom, other.bottom),
      right: max(right, other.right))
  }
}
