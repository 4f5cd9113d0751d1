extension Look {
  /// A filled box, hatched in the marker's own way so that series stay apart in grey too.
  ///
  /// - Parameters:
  ///   - box: in points.
  ///   - spacing: between the lines of the hatching.
  /// - Returns: from back to front; nothing for a box without extent.
  func filling(_ box: Rectangle, spacing: Double) -> [Element] {
    guard box.width > 0, box.height > 0 else { return [] }
    let fill = Element.shape(.rectangle(box, fill: Shape.Paint(color: color)))
    let steps = slopes.flatMap { hatching(box, slope: $0, spacing) }
    guard !steps.isEmpty else { return [fill] }
    let stroke = Shape.Stroke(color: .white, width: spacing * 0.22, alpha: 0.85)
    return [fill, .clipped(box, [.shape(Shape(steps: steps, stroke: stroke))])]
  }

  /// Directions of the hatching: 1 rises, −1 falls, 0 is level.
  private var slopes: [Double] {
    switch marker {
    case .none, .circle: []
    case .square: [1]
    case .diamond: [-1]
    case .triangleUp: [0]
    case .triangleDown: [1, -1]
    case .cross: [0, 1]
    case .plus: [0, -1]
    }
  }

  /// Parallel lines over a box, at places of the page, so that the pattern runs on from box to box.
  private func hatching(_ box: Rectangle, slope: Double, _ spacing: Double) -> [Shape.Step] {
    let step = slope == 0 ? spacing : spacing * 2.0.squareRoot()
    // A line is y = −slope·x + offset; these are the offsets that meet the box.
    let ends = [box.y + slope * box.x, box.y + slope * box.maxX, box.maxY + slope * box.x, box.maxY + slope * box.maxX]
    guard let lowest = ends.min(), let highest = ends.max() else { return [] }
    return stride(from: (lowest / step).rounded(.up) * step, through: highest, by: step).flatMap { offset in
      [
        Shape.Step.move(Point(box.x, offset - slope * box.x)),
        .line(Point(box.maxX, offset - slope * box.maxX)),
      ]
    }
  }
}
