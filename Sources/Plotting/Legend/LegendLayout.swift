/// A legend in as many lines as it needs.
struct LegendLayout {
  private typealias Item = (entry: LegendEntry, label: TextBlock)

  /// With the room above it; 0 without entries.
  let height: Double
  private let lines: [[Item]]
  private let measures: Measures
  private let meter: TextMeter

  /// - Parameters:
  ///   - entries: in the order of the legend.
  ///   - width: what a line may take, in points.
  ///   - measures: sizes of text and lines.
  ///   - meter: measures the names.
  init(_ entries: [LegendEntry], width: Double, measures: Measures, meter: TextMeter) {
    self.measures = measures
    self.meter = meter
    let items = entries.map { entry in
      let fixed = Self.sampleWidth(entry, measures) + Self.samplePad(measures)
      return (entry: entry, label: meter.fitted(entry.name, measures.legend, within: max(20, width - fixed)))
    }
    var lines = Self.lines(items, width, measures)
    // No more lines than it takes, but of nearly the same length: the narrowest legend of that many lines.
    var (narrow, wide) = (0.0, width)
    for _ in 0..<10 where lines.count > 1 {
      let middle = (narrow + wide) / 2
      let some = Self.lines(items, middle, measures)
      if some.count == lines.count { (lines, wide) = (some, middle) } else { narrow = middle }
    }
    self.lines = lines
    height = lines.isEmpty ? 0 : lines.reduce(2 * measures.pad) { $0 + Self.lineHeight($1, measures) }
  }

  /// The legend at the top of a box, its lines beginning below each other, centred as a whole.
  func elements(_ box: Rectangle) -> [Element] {
    var top = box.y + 2 * measures.pad
    let widths = lines.map { line in
      line.reduce(Double(line.count - 1) * Self.gap(measures)) { $0 + Self.width($1, measures) }
    }
    let left = box.midX - (widths.max() ?? 0) / 2
    return lines.flatMap { line -> [Element] in
      let height = Self.lineHeight(line, measures)
      var x = left
      let middle = top + height / 2
      top += height
      return line.flatMap { entry, label -> [Element] in
        let sample = Rectangle(
          x: x, y: middle - measures.legend * 0.36, width: Self.sampleWidth(entry, measures),
          height: measures.legend * 0.72)
        let text = Point(sample.maxX + Self.samplePad(measures), middle)
        x = text.x + label.width + Self.gap(measures)
        return entry.sample(sample, measures) + label.elements(at: text, .leading, .middle, meter: meter)
      }
    }
  }

  /// Fills line after line up to a width; what is wider has a line of its own.
  private static func lines(_ items: [Item], _ width: Double, _ measures: Measures) -> [[Item]] {
    var lines: [[Item]] = []
    var rest = 0.0
    for item in items {
      let needed = Self.width(item, measures)
      if lines.isEmpty || rest < needed + gap(measures) {
        lines.append([item])
        rest = width - needed
      } else {
        lines[lines.count - 1].append(item)
        rest -= needed + gap(measures)
      }
    }
    return lines
  }

  private static func width(_ item: Item, _ measures: Measures) -> Double {
    sampleWidth(item.entry, measures) + samplePad(measures) + item.label.width
  }

  private static func lineHeight(_ line: [Item], _ measures: Measures) -> Double {
    (line.map(\.label.height).max() ?? 0) + 0.35 * measures.legend
  }

  private static func sampleWidth(_ entry: LegendEntry, _ measures: Measures) -> Double {
    (entry.hasLine || entry.hasBand ? 2.6 : 1) * measures.legend
  }
  private static func samplePad(_ measures: Measures) -> Double { 0.5 * measures.legend }
  private static func gap(_ measures: Measures) -> Double { 1.6 * measures.legend }
}
