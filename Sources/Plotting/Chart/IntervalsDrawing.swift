import Support

extension Intervals {
  /// The pale grounds of the rows.
  ///
  /// - Parameter frame: the box and its scales; y counts rows.
  /// - Returns: what belongs behind everything else.
  func grounds(in frame: PlotFrame) -> [Element] {
    guard let reference, frame.x.shows(reference) else { return [] }
    let edge = frame.x(reference).clamped(to: frame.box.x...frame.box.maxX)
    let slots = max(1, frame.y.domain.upperBound)
    let height = frame.box.height / slots
    return rows.enumerated().compactMap { index, row in
      guard let side = row.shaded, Double(index) < slots else { return nil }
      let (start, end) = side == .above ? (edge, frame.box.maxX) : (frame.box.x, edge)
      guard end > start else { return nil }
      let box = Rectangle(x: start, y: frame.box.y + height * Double(index), width: end - start, height: height)
      return .shape(.rectangle(box, fill: Shape.Paint(color: Measures.shade)))
    }
  }

  /// The rows' whiskers and markers, with the line of "no difference".
  ///
  /// - Parameters:
  ///   - frame: the box and its scales; y counts rows.
  ///   - order: of these intervals among those of the chart.
  ///   - count: of intervals in the chart, which share each row.
  /// - Returns: from back to front.
  func elements(in frame: PlotFrame, order: Int, of count: Int) -> [Element] {
    let slots = max(1, frame.y.domain.upperBound)
    let height = frame.box.height / slots
    var bars: [Element] = []
    var markers: [Element] = []
    for (index, row) in rows.enumerated() where Double(index) < slots {
      let y = frame.box.y + height * (Double(index) + (Double(order) + 1) / (Double(count) + 1))
      let look = row.look ?? look
      if frame.x.shows(row.interval.lower) && frame.x.shows(row.interval.upper) {
        let (start, end) = (frame.x(row.interval.lower), frame.x(row.interval.upper))
        let cap = frame.measures.marker * 0.9
        bars += frame.whisker(Point(start, y), Point(end, y), color: look.color, cap: cap)
        bars += frame.target(Rectangle(x: start, y: y - cap, width: end - start, height: 2 * cap)) { $0.row(name, row) }
      }
      if frame.x.shows(row.value) {
        markers += frame.noted(frame.marker(look, at: Point(frame.x(row.value), y), larger: 1.3)) { $0.row(name, row) }
      }
    }
    var back: [Element] = []
    if order == 0, let reference, frame.x.shows(reference), frame.x.domain.contains(reference) {
      let stroke = Shape.Stroke(color: Measures.axis, width: frame.measures.axisLine)
      back.append(.shape(.vertical(frame.x(reference), frame.box.y...frame.box.maxY, stroke)))
    }
    return frame.clipped(back + bars) + markers
  }
}
