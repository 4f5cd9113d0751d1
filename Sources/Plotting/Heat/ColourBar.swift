/// A vertical bar of a scale's colours with ticks and a label.
struct ColourBar {
  let scale: ColorScale
  let range: ClosedRange<Double>
  let label: String
  let measures: Measures
  let meter: TextMeter

  /// The range for numbers: theirs, with equal limits for a diverging scale, and some length where they have none.
  ///
  /// - Parameters:
  ///   - asked: what the caller wants; nil for the numbers' own.
  ///   - values: those that are not finite are skipped.
  ///   - scale: whose ends the range belongs to.
  /// - Returns: of positive length.
  static func range(
    _ asked: ClosedRange<Double>?, _ values: some Sequence<Double>, _ scale: ColorScale
  ) -> ClosedRange<Double> {
    var extent = Extent()
    extent.include(values)
    let asked = asked.flatMap { $0.lowerBound.isPlottable && $0.upperBound.isPlottable ? $0 : nil }
    guard var range = asked ?? extent.range else { return scale == .diverging ? -1...1 : 0...1 }
    if scale == .diverging {
      let limit = max(abs(range.lowerBound), abs(range.upperBound))
      range = -limit...limit
    }
    return AxisScale(Axis("", range: range), extent: nil).domain
  }

  /// The colour of a value; grey where it is not known.
  func color(_ value: Double) -> Color {
    guard value.isFinite else { return ColorScale.unknown }
    return scale.color(at: (value - range.lowerBound) / (range.upperBound - range.lowerBound))
  }

  /// All that the bar takes, with the gap at its left.
  func width(height: Double) -> Double {
    let widest = ticks(height).map { meter.width($0.label, measures.tick) }.max() ?? 0
    let title = labelBlock(height)
    return 2 * measures.pad + barWidth + tickLength + measures.tickPad + widest
      + (title.isEmpty ? 0 : measures.labelPad + title.height)
  }

  /// The bar at the right of a box, as high as that.
  func elements(beside box: Rectangle) -> [Element] {
    let bar = Rectangle(x: box.maxX + 2 * measures.pad, y: box.y, width: barWidth, height: box.height)
    let steps = 256
    let colors = (0..<steps).map { scale.color(at: 1 - Double($0) / Double(steps - 1)) }
    let stroke = Shape.Stroke(color: Measures.axis, width: measures.axisLine * 0.8)
    var elements: [Element] = [.raster(Raster(width: 1, height: steps, pixels: colors), bar)]
    let ticks = ticks(box.height)
    let axis = AxisScale(Axis("", range: range), extent: nil)
    for tick in ticks {
      let y = bar.maxY - axis.fraction(tick.value) * bar.height
      elements.append(.shape(.horizontal(y, bar.maxX...(bar.maxX + tickLength), stroke)))
      elements += meter.block(tick.label, measures.tick).elements(
        at: Point(bar.maxX + tickLength + measures.tickPad, y), .leading, .middle, meter: meter)
    }
    let widest = ticks.map { meter.width($0.label, measures.tick) }.max() ?? 0
    let labelEdge = bar.maxX + tickLength + measures.tickPad + widest + measures.labelPad
    return elements + labelBlock(box.height).verticalElements(x: labelEdge, y: bar.midY, meter: meter)
  }

  private var barWidth: Double { measures.tick }
  private var tickLength: Double { measures.tickLength * 0.6 }

  private func ticks(_ height: Double) -> [Tick] {
    let axis = Axis("", range: range)
    return TickChoice(axis: axis, scale: AxisScale(axis, extent: nil)).vertical(length: height, size: measures.tick)
  }

  private func labelBlock(_ height: Double) -> TextBlock {
    meter.fitted(label, measures.label, within: max(20, height))
  }
}
