/// Labels of rules, outside the data: of vertical ones above the plot, of horizontal ones at its right.
struct RuleLabels {
  /// Room at the right of the plot.
  let width: Double
  /// Room above the plot.
  let height: Double
  private var above: [(block: TextBlock, x: Double, level: Int)] = []
  private var beside: [(block: TextBlock, y: Double)] = []
  private let levelHeight: Double
  private let gap: Double

  init(
    _ marks: [Mark], _ contents: ChartContents, plot: Size, outer: Size, measures: Measures, meter: TextMeter
  ) {
    gap = measures.tickPad
    var vertical: [(block: TextBlock, x: Double)] = []
    var horizontal: [(block: TextBlock, y: Double)] = []
    for mark in marks {
      switch mark {
      case .verticalRule(let value, let label?) where Self.isInside(value, contents.x):
        let block = meter.fitted(label, measures.tick, within: plot.width, maximumLines: 2)
        let half = min(plot.width, block.width) / 2
        vertical.append((block, (contents.x.fraction(value) * plot.width).clamped(to: half...(plot.width - half))))
      case .horizontalRule(let value, let label?) where Self.isInside(value, contents.y):
        let block = meter.fitted(label, measures.tick, within: max(30, outer.width * 0.22))
        horizontal.append((block, (1 - contents.y.fraction(value)) * plot.height))
      default: break
      }
    }
    levelHeight = vertical.map(\.block.height).max() ?? 0
    var ends: [Double] = []
    for (block, x) in vertical.sorted(by: { $0.x < $1.x }) where !block.isEmpty {
      let start = x - block.width / 2
      let level = ends.firstIndex { $0 + measures.tick * 0.6 <= start } ?? ends.count
      if level == ends.count { ends.append(0) }
      ends[level] = x + block.width / 2
      above.append((block, x, level))
    }
    height = ends.isEmpty ? 0 : gap + Double(ends.count) * levelHeight
    // Half a line may stand out of the plot: ticks and title keep away that far.
    let edges = (-0.5 * measures.tick)...(plot.height + 0.5 * measures.tick)
    beside = Self.spread(horizontal.filter { !$0.block.isEmpty }.sorted { $0.y < $1.y }, within: edges)
    width = beside.isEmpty ? 0 : gap + (beside.map(\.block.width).max() ?? 0)
  }

  /// The labels around the plot.
  func elements(_ plot: Rectangle, meter: TextMeter) -> [Element] {
    above.flatMap { block, x, level in
      block.elements(
        at: Point(plot.x + x, plot.y - gap - Double(level) * levelHeight), .center, .bottom, color: Measures.axis,
        meter: meter)
    }
      + beside.flatMap { block, y in
        block.elements(at: Point(plot.maxX + gap, plot.y + y), .leading, .middle, color: Measures.axis, meter: meter)
      }
  }

  private static func isInside(_ value: Double, _ scale: AxisScale) -> Bool {
    scale.shows(value) && (0...1).contains(scale.fraction(value))
  }

  /// Moves labels apart that would overlap: downwards from the top, then upwards from the bottom.
  private static func spread(
    _ labels: [(block: TextBlock, y: Double)], within edges: ClosedRange<Double>
  ) -> [(block: TextBlock, y: Double)] {
    var labels = labels
    var top = edges.lowerBound
    for index in labels.indices {
      let half = labels[index].block.height / 2
      labels[index].y = max(labels[index].y, top + half)
      top = labels[index].y + half
    }
    // More labels than there is room for stay apart and stand out below.
    var bottom = max(edges.upperBound, labels.reduce(edges.lowerBound) { $0 + $1.block.height })
    for index in labels.indices.reversed() {
      let half = labels[index].block.height / 2
      labels[index].y = min(labels[index].y, bottom - half)
      bottom = labels[index].y - half
    }
    return labels
  }
}
