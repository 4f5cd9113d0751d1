/// The box that marks are drawn in, with its scales.
struct PlotFrame {
  let box: Rectangle
  let x: AxisScale
  let y: AxisScale
  let measures: Measures
  /// What marks tell a reader who points at them; nil for nothing.
  let notes: MarkNotes?

  /// Where a value of x stands.
  func x(_ value: Double) -> Double { box.x + x.fraction(value) * box.width }

  /// Where a value of y stands.
  func y(_ value: Double) -> Double { box.maxY - y.fraction(value) * box.height }

  /// Where a point of the data stands; nil if it cannot be shown.
  func place(_ point: Point) -> Point? {
    x.shows(point.x) && y.shows(point.y) ? Point(x(point.x), y(point.y)) : nil
  }

  /// Elements that end at the box, save for half the width of a line.
  func clipped(_ elements: [Element]) -> [Element] {
    guard !elements.isEmpty else { return [] }
    let slack = measures.dataLine
    return [
      .clipped(
        Rectangle(x: box.x - slack, y: box.y - slack, width: box.width + 2 * slack, height: box.height + 2 * slack),
        elements)
    ]
  }

  /// The marker of a look; nothing where it lies outside of the box.
  func marker(_ look: Look, at point: Point, larger factor: Double = 1) -> [Element] {
    guard box.contains(point, slack: 0.01) else { return [] }
    return look.markerShape(at: point, diameter: measures.marker * factor).map { [.shape($0)] } ?? []
  }

  /// Elements with their note, where marks have notes.
  func noted(_ elements: [Element], _ note: (MarkNotes) -> String) -> [Element] {
    guard let notes, !elements.isEmpty else { return elements }
    return [.noted(note(notes), elements)]
  }

  /// A place without ink that tells something; nothing where marks have no notes.
  func target(_ box: Rectangle, _ note: (MarkNotes) -> String) -> [Element] {
    guard let notes else { return [] }
    return [.noted(note(notes), [.shape(.rectangle(box))])]
  }

  /// A line between two places, perhaps with crossbars at its ends.
  func whisker(_ start: Point, _ end: Point, color: Color, cap: Double) -> [Element] {
    let stroke = Shape.Stroke(color: color, width: measures.dataLine)
    let (dx, dy) = start.x == end.x ? (cap / 2, 0) : (0, cap / 2)
    return [
      .shape(.segment(start, end, stroke)),
      .shape(.segment(Point(start.x - dx, start.y - dy), Point(start.x + dx, start.y + dy), stroke)),
      .shape(.segment(Point(end.x - dx, end.y - dy), Point(end.x + dx, end.y + dy), stroke)),
    ]
  }
}
