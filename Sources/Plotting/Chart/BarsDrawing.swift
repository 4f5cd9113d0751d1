extension Bars {
  /// The bars with their error bars.
  ///
  /// - Parameter frame: the box and its scales.
  /// - Returns: from back to front.
  func elements(in frame: PlotFrame) -> [Element] {
    let width = 0.8 / Double(max(1, series.count))
    let zero = frame.y(frame.y.shows(0) ? 0 : frame.y.domain.lowerBound)
    var bars: [Element] = []
    var errorBars: [Element] = []
    for (order, one) in series.enumerated() {
      for (category, value) in one.values.enumerated() where frame.y.shows(value) {
        let start = Double(category) - 0.4 + Double(order) * width
        let (left, right) = (frame.x(start), frame.x(start + width))
        let top = frame.y(value)
        let gap = series.count > 1 ? (right - left) * 0.06 : 0
        let box = Rectangle(
          x: left + gap, y: min(top, zero), width: right - left - 2 * gap, height: abs(top - zero))
        bars += frame.noted(one.look.filling(box, spacing: frame.measures.hatching)) {
          $0.bar(one.name, categories[category], value, one.errors.isEmpty ? nil : one.errors[category])
        }
        guard !one.errors.isEmpty, frame.y.shows(one.errors[category].lower),
          frame.y.shows(one.errors[category].upper)
        else { continue }
        let error = one.errors[category]
        errorBars += frame.whisker(
          Point(box.midX, frame.y(error.lower)), Point(box.midX, frame.y(error.upper)), color: Measures.ink,
          cap: min(frame.measures.marker, box.width * 0.5))
      }
    }
    let ground = Shape.horizontal(
      zero, frame.box.x...frame.box.maxX, Shape.Stroke(color: Measures.axis, width: frame.measures.axisLine))
    return frame.clipped(bars + [.shape(ground)] + errorBars)
  }
}
