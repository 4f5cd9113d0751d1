extension Look {
  /// The marker as a shape, with a thin white edge that keeps neighbours apart.
  ///
  /// - Parameters:
  ///   - center: its middle.
  ///   - diameter: in points.
  /// - Returns: nil where the look has no marker.
  func markerShape(at center: Point, diameter: Double) -> Shape? {
    let edge = Shape.Stroke(color: .white, width: diameter * 0.1)
    let ink = Shape.Stroke(color: color, width: diameter * 0.25)
    let r = diameter / 2
    func polygon(_ corners: [(Double, Double)]) -> Shape {
      .polygon(
        corners.map { Point(center.x + $0 * r, center.y + $1 * r) }, fill: Shape.Paint(color: color), stroke: edge)
    }
    switch marker {
    case .none: return nil
    case .circle: return Shape(steps: [.circle(center, radius: r)], fill: Shape.Paint(color: color), stroke: edge)
    case .square: return polygon([(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)])
    case .diamond: return polygon([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)])
    case .triangleUp: return polygon([(0, -1.15), (1.1, 0.85), (-1.1, 0.85)])
    case .triangleDown: return polygon([(0, 1.15), (1.1, -0.85), (-1.1, -0.85)])
    case .cross: return strokes(center, [(-0.8, -0.8, 0.8, 0.8), (-0.8, 0.8, 0.8, -0.8)], r, ink)
    case .plus: return strokes(center, [(-1.1, 0, 1.1, 0), (0, -1.1, 0, 1.1)], r, ink)
    }
  }

  /// The stroke of a line in this look.
  func stroke(_ width: Double) -> Shape.Stroke {
    Shape.Stroke(color: color, width: width, dash: dash.map { $0 * width })
  }

  private func strokes(
    _ center: Point, _ ends: [(Double, Double, Double, Double)], _ r: Double, _ stroke: Shape.Stroke
  ) -> Shape {
    let steps = ends.flatMap { x1, y1, x2, y2 -> [Shape.Step] in
      [.move(Point(center.x + x1 * r, center.y + y1 * r)), .line(Point(center.x + x2 * r, center.y + y2 * r))]
    }
    return Shape(steps: steps, stroke: stroke)
  }
}
