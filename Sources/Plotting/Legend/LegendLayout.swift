/// A legend in as many lines as it needs.
struct LegendLayout {
  /// With the room above it; 0 without entries.
  let height: Double
  private let lines: [[(entry: LegendEntry, label: TextBlock)]]
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
    let fixed = Self.sampleWidth(measures) + Self.samplePad(measures)
    var lines: [[(entry: LegendEntry, label: TextBlock)]] = []
    var rest = 0.0
    for entry in entries {
      let label = meter.fitted(entry.name, measures.legend, within: max(20, width - fixed))
      let needed = fixed + label.width
      if lines.isEmpty || rest < needed + Self.gap(measures) {
        lines.append([(entry, label)])
        rest = width - needed
      } else {
        lines[lines.count - 1].append((entry, label))
        rest -= needed + Self.gap(measures)
      }
    }
    self.lines = lines
    height = lines.isEmpty ? 0 : lines.reduce(2 * measures.pad) { $0 + Self.lineHeight($1, measures) }
  }

  /// The legend below a height, its lines centred.
  func elements(_ box: Rectangle) -> [Element] {
    var top = box.y + 2 * measures.pad
    return lines.flatMap { line -> [Element] in
      let height = Self.lineHeight(line, measures)
      let fixed = Self.sampleWidth(measures) + Self.samplePad(measures)
      let width = line.reduce(Double(line.count - 1) * Self.gap(measures)) { $0 + fixed + $1.label.width }
      var x = box.midX - width / 2
      let middle = top + height / 2
      top += height
      return line.flatMap { entry, label -> [Element] in
        let sample = Rectangle(
          x: x, y: middle - measures.legend * 0.36, width: Self.sampleWidth(measures), height: measures.legend * 0.72)
        let text = Point(x + fixed, middle)
        x += fixed + label.width + Self.gap(measures)
        return entry.sample(sample, measures) + label.elements(at: text, .leading, .middle, meter: meter)
      }
    }
  }

  private static func lineHeight(_ line: [(entry: LegendEntry, label: TextBlock)], _ measures: Measures) -> Double {
    (line.map(\.label.height).max() ?? 0) + 0.35 * measures.legend
  }

  private static func sampleWidth(_ measures: Measures) -> Double { 2.6 * measures.legend }
  private static func samplePad(_ measures: Measures) -> Double { 0.5 * measures.legend }
  private static func gap(_ measures: Measures) -> Double { 1.6 * measures.legend }
}
