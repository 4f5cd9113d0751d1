/// A path with its filling and its stroke.
package struct Shape: Sendable {
  /// One step of a path.
  package enum Step: Sendable, Equatable {
    case move(Point)
    case line(Point)
    case circle(Point, radius: Double)
    case close
  }

  /// An even colour.
  package struct Paint: Sendable, Equatable {
    package var color: Color
    package var alpha = 1.0
  }

  /// A line of some width.
  package struct Stroke: Sendable, Equatable {
    package var color: Color
    package var width: Double
    /// Strokes and gaps in points; empty for a solid line.
    package var dash: [Double] = []
    package var alpha = 1.0
  }

  package var steps: [Step]
  package var fill: Paint?
  package var stroke: Stroke?

  /// The points of a shape that is one line from point to point; nil for any other.
  package var openLine: [Point]? {
    var points: [Point] = []
    for (index, step) in steps.enumerated() {
      switch step {
      case .move(let point) where index == 0: points.append(point)
      case .line(let point) where index > 0: points.append(point)
      case .move, .line, .circle, .close: return nil
      }
    }
    return points
  }

  package static func rectangle(_ box: Rectangle, fill: Paint? = nil, stroke: Stroke? = nil) -> Shape {
    polygon(
      [Point(box.x, box.y), Point(box.maxX, box.y), Point(box.maxX, box.maxY), Point(box.x, box.maxY)], fill: fill,
      stroke: stroke)
  }

  package static func polygon(_ points: [Point], fill: Paint? = nil, stroke: Stroke? = nil) -> Shape {
    Shape(steps: polyline(points).steps + [.close], fill: fill, stroke: stroke)
  }

  package static func polyline(_ points: [Point], stroke: Stroke? = nil) -> Shape {
    Shape(steps: points.enumerated().map { $0 == 0 ? .move($1) : .line($1) }, stroke: stroke)
  }

  package static func segment(_ start: Point, _ end: Point, _ stroke: Stroke) -> Shape {
    polyline([start, end], stroke: stroke)
  }

  package static func horizontal(_ y: Double, _ x: ClosedRange<Double>, _ stroke: Stroke) -> Shape {
    segment(Point(x.lowerBound, y), Point(x.upperBound, y), stroke)
  }

  package static func vertical(_ x: Double, _ y: ClosedRange<Double>, _ stroke: Stroke) -> Shape {
    segment(Point(x, y.lowerBound), Point(x, y.upperBound), stroke)
  }
}
