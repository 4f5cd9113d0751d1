extension Points {
  /// The markers over their error bars.
  ///
  /// - Parameter frame: the box and its scales.
  /// - Returns: from back to front.
  func elements(in frame: PlotFrame) -> [Element] {
    var bars: [Element] = []
    for (point, error) in zip(points, errors) {
      guard frame.place(point) != nil, frame.y.shows(error.lower), frame.y.shows(error.upper) else { continue }
      let x = frame.x(point.x)
      bars += frame.whisker(
        Point(x, frame.y(error.lower)), Point(x, frame.y(error.upper)), color: look.color,
        cap: frame.measures.marker * 0.8)
    }
    guard points.count <= Thinning.mostNoted else {
      return frame.clipped(bars)
        + Thinning.markers(points.compactMap { frame.place($0) }).flatMap { frame.marker(look, at: $0, larger: 1.15) }
    }
    let markers = points.enumerated().flatMap { index, point -> [Element] in
      guard let place = frame.place(point) else { return [] }
      return frame.noted(frame.marker(look, at: place, larger: 1.15)) {
        $0.point(name ?? label, point, errors.isEmpty ? nil : errors[index])
      }
    }
    return frame.clipped(bars) + markers
  }
}
