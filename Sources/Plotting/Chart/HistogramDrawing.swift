extension Histogram {
  /// The bins of all series.
  ///
  /// - Parameter frame: the box and its scales.
  /// - Returns: from back to front.
  func elements(in frame: PlotFrame) -> [Element] {
    let zero = frame.y(frame.y.shows(0) ? 0 : frame.y.domain.lowerBound)
    switch style {
    case .sideBySide:
      return frame.clipped(series.indices.flatMap { bars($0, zero, frame) })
    case .steps:
      return frame.clipped(
        (series.count > Histogram.mostFilled ? [] : series.flatMap { steps($0, zero, frame, isOutline: false) })
          + series.flatMap { steps($0, zero, frame, isOutline: true) } + targets(frame))
    }
  }

  private func bars(_ order: Int, _ zero: Double, _ frame: PlotFrame) -> [Element] {
    let one = series[order]
    return one.counts.enumerated().flatMap { bin, count -> [Element] in
      guard frame.y.shows(count), frame.x.shows(edges[bin]) else { return [] }
      let (left, right) = (frame.x(edges[bin]), frame.x(edges[bin + 1]))
      let gap = (right - left) * 0.06
      let width = (right - left - 2 * gap) / Double(series.count)
      let top = frame.y(count)
      let box = Rectangle(
        x: left + gap + Double(order) * width, y: min(top, zero), width: width, height: abs(top - zero))
      return frame.noted(one.look.filling(box, spacing: frame.measures.hatching)) {
        $0.bin(one.name, edges[bin], edges[bin + 1], count)
      }
    }
  }

  /// One place for each bin, which tells the counts of all series.
  private func targets(_ frame: PlotFrame) -> [Element] {
    zip(edges, edges.dropFirst()).enumerated().flatMap { bin, ends -> [Element] in
      guard frame.x.shows(ends.0), frame.x.shows(ends.1) else { return [] }
      let left = frame.x(ends.0)
      let box = Rectangle(x: left, y: frame.box.y, width: frame.x(ends.1) - left, height: frame.box.height)
      return frame.target(box) { notes in
        series.map { notes.bin($0.name, ends.0, ends.1, $0.counts[bin]) }.joined(separator: "\n")
      }
    }
  }

  private func steps(_ one: Series, _ zero: Double, _ frame: PlotFrame, isOutline: Bool) -> [Element] {
    guard let first = edges.first, let last = edges.last, frame.x.shows(first) else { return [] }
    var outline = [Point(frame.x(first), zero)]
    for (bin, count) in one.counts.enumerated() {
      let top = frame.y.shows(count) ? frame.y(count) : zero
      outline += [Point(frame.x(edges[bin]), top), Point(frame.x(edges[bin + 1]), top)]
    }
    outline.append(Point(frame.x(last), zero))
    return [
      .shape(
        isOutline
          ? .polyline(outline, stroke: one.look.stroke(frame.measures.dataLine))
          : .polygon(outline, fill: Shape.Paint(color: one.look.color, alpha: 0.15)))
    ]
  }
}
