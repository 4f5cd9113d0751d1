/// What the marks of a chart say about its axes.
struct ChartContents {
  /// Names of the places of x, if bars give them.
  private(set) var categories: [String]?
  /// Names of the rows of y, if intervals give them.
  private(set) var rows: [String]?
  /// What stands at the right of those rows; empty where nothing does.
  private(set) var notes: [String] = []
  /// Whether anything but rules can be shown.
  private(set) var hasData = false
  let x: AxisScale
  let y: AxisScale

  init(_ chart: Chart) {
    var (xExtent, yExtent) = (Extent(chart.x), Extent(chart.y))
    var hasBars = false
    for mark in chart.marks {
      let isRule: Bool
      var (x, y) = (Extent(chart.x), Extent(chart.y))
      switch mark {
      case .line(let line):
        isRule = false
        x.include(line.points.map(\.x))
        y.include(line.points.map(\.y))
        y.include(line.band)
      case .points(let points):
        isRule = false
        x.include(points.points.map(\.x))
        y.include(points.points.map(\.y))
        y.include(points.errors)
      case .bars(let bars):
        isRule = false
        hasBars = true
        categories = categories ?? bars.categories
        x.include(bars.categories.isEmpty ? [] : [0])
        bars.series.forEach {
          y.include($0.values)
          y.include($0.errors)
        }
      case .intervals(let intervals):
        isRule = false
        rows = rows ?? intervals.rows.map(\.label)
        if notes.isEmpty, intervals.rows.contains(where: { $0.note != nil }) {
          notes = intervals.rows.map { $0.note ?? "" }
        }
        intervals.rows.forEach {
          x.include([$0.value])
          x.include([$0.interval])
        }
        y.include(x.range == nil ? [] : [1])
      case .histogram(let histogram):
        isRule = false
        hasBars = true
        x.include(histogram.edges)
        histogram.series.forEach { y.include($0.counts) }
      case .horizontalRule(let value, _):
        isRule = true
        y.include([value])
      case .verticalRule(let value, _), .shade(let value, _):
        isRule = true
        x.include([value])
      }
      if !isRule && x.range != nil && y.range != nil { hasData = true }
      if case .intervals(let intervals) = mark, x.range != nil, let reference = intervals.reference {
        x.include([reference])
      }
      xExtent.include(x)
      yExtent.include(y)
    }
    var (xAxis, yAxis) = (chart.x, chart.y)
    if hasBars && !yAxis.isLogarithmic {
      yAxis.startsAtZero = true
      yAxis.range = yAxis.range.map { min(0, $0.lowerBound)...max(0, $0.upperBound) }
    }
    if let categories {
      xAxis = Axis(xAxis.label, range: -0.5...(max(1, Double(categories.count)) - 0.5))
    }
    if let rows { yAxis = Axis(yAxis.label, range: 0...max(1, Double(rows.count))) }
    self.x = AxisScale(xAxis, extent: xExtent.range)
    self.y = AxisScale(yAxis, extent: yExtent.range)
  }
}

/// The least and the largest of the numbers that an axis can show.
struct Extent {
  private(set) var range: ClosedRange<Double>?
  private let isPositive: Bool

  init(_ axis: Axis) { isPositive = axis.isLogarithmic }

  init() { isPositive = false }

  mutating func include(_ values: some Sequence<Double>) {
    for value in values where isPositive ? value.isPlottableLogarithm : value.isPlottable {
      range = range.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
    }
  }

  mutating func include(_ intervals: [Interval]) { include(intervals.flatMap { [$0.lower, $0.upper] }) }

  mutating func include(_ other: Extent) {
    if let range = other.range { include([range.lowerBound, range.upperBound]) }
  }
}
