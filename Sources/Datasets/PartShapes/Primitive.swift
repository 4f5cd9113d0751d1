typealias Point = SIMD2<Float>

/// A plane shape, in the coordinates of its object: the object lies within about ±1, x to the right, y down.
struct Primitive {
  private enum Kind { case ellipse, dome, limb, quadrilateral }

  private let kind: Kind
  private let a: Point
  private let b: Point
  private let c: Point
  private let d: Point
  private let radii: Point
  /// Upper left and lower right corner of a box around the shape.
  let bounds: (Point, Point)

  /// An ellipse with the given half axes, the first of them along a unit vector.
  static func ellipse(_ center: Point, _ radii: Point, along direction: Point = Point(1, 0)) -> Primitive {
    let reach = Point(repeating: radii.max())
    return Primitive(.ellipse, center, direction, .zero, .zero, radii, (center - reach, center + reach))
  }

  /// The upper part of an ellipse, flat at its center's height.
  static func dome(_ center: Point, _ radii: Point) -> Primitive {
    Primitive(.dome, center, Point(1, 0), .zero, .zero, radii, (center - radii, center + Point(radii.x, 0)))
  }

  /// A straight limb with round ends whose radius changes evenly.
  static func limb(from a: Point, to b: Point, radius: Float, endRadius: Float) -> Primitive {
    let reach = Point(repeating: max(radius, endRadius))
    return Primitive(
      .limb, a, b, .zero, .zero, Point(radius, endRadius),
      (pointwiseMin(a, b) - reach, pointwiseMax(a, b) + reach))
  }

  /// A convex quadrilateral (a triangle if two neighbours agree) with corners in order, grown by a round border.
  static func quadrilateral(_ a: Point, _ b: Point, _ c: Point, _ d: Point, border: Float = 0.02) -> Primitive {
    let reach = Point(repeating: border)
    let bounds = (
      pointwiseMin(pointwiseMin(a, b), pointwiseMin(c, d)) - reach,
      pointwiseMax(pointwiseMax(a, b), pointwiseMax(c, d)) + reach
    )
    // Corners run clockwise on the screen, so that the outside is on the left of every edge.
    let isClockwise = cross(b - a, c - a) + cross(c - a, d - a) > 0
    return isClockwise
      ? Primitive(.quadrilateral, a, b, c, d, Point(border, 0), bounds)
      : Primitive(.quadrilateral, d, c, b, a, Point(border, 0), bounds)
  }

  private init(
    _ kind: Kind, _ a: Point, _ b: Point, _ c: Point, _ d: Point, _ radii: Point, _ bounds: (Point, Point)
  ) {
    self.kind = kind
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
    self.radii = radii
    self.bounds = bounds
  }

  /// Signed distance of a point from the outline, negative inside; near the outline exact to first order.
  func distance(_ p: Point) -> Float {
    switch kind {
    case .ellipse: return ellipseDistance(Point(((p - a) * b).sum(), cross(b, p - a)))
    case .dome: return max(ellipseDistance(p - a), p.y - a.y)
    case .limb:
      let axis = b - a
      let along = min(1, max(0, ((p - a) * axis).sum() / max((axis * axis).sum(), 1e-6)))
      let away = p - a - axis * along
      return (away * away).sum().squareRoot() - radii.x - (radii.y - radii.x) * along
    case .quadrilateral:
      let first = max(edgeDistance(p, a, b), edgeDistance(p, b, c))
      return max(first, max(edgeDistance(p, c, d), edgeDistance(p, d, a))) - radii.x
    }
  }

  private func ellipseDistance(_ p: Point) -> Float {
    let level = ((p / radii) * (p / radii)).sum().squareRoot()
    let q = p / (radii * radii)
    return level * (level - 1) / max((q * q).sum().squareRoot(), 1e-6)
  }

  private func edgeDistance(_ p: Point, _ from: Point, _ to: Point) -> Float {
    let edge = to - from
    let length = (edge * edge).sum().squareRoot()
    return length < 1e-6 ? -.infinity : -cross(edge, p - from) / length
  }
}

@inline(__always)
private func cross(_ a: Point, _ b: Point) -> Float { a.x * b.y - a.y * b.x }
