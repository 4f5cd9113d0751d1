/// A chart with its axes, labels and title.
struct ChartLayout: PanelLayout {
  let chart: Chart
  let contents: ChartContents
  let measures: Measures
  let meter: TextMeter
  private let isNoted: Bool
  private let namedPanels: Int

  /// - Parameters:
  ///   - chart: marks over two axes.
  ///   - namedPanels: whose rows have their labels at the left of this one: its own, and those at its right with the
  ///     same rows; 0 where a neighbour has them.
  ///   - measures: sizes of text and gaps.
  ///   - meter: measures all texts.
  ///   - isNoted: whether marks tell their values.
  init(_ chart: Chart, namedPanels: Int, measures: Measures, meter: TextMeter, isNoted: Bool) {
    self.chart = chart
    self.namedPanels = namedPanels
    self.isNoted = isNoted
    contents = ChartContents(chart)
    self.measures = measures
    self.meter = meter
  }

  func neededHeight(width: Double) -> Double? {
    guard let rows = contents.rows else { return nil }
    let surroundings = surroundings(plot: Size(width / 2, width), outer: Size(width, width))
    let texts = surroundings.rowLabels + surroundings.rowNotes
    let row = (texts.map(\.height).max() ?? 0) + 0.5 * measures.tick
    let series = chart.marks.count { if case .intervals = $0 { true } else { false } }
    let dodged = Double(series + 1) * measures.marker * 1.3
    return Double(rows.count) * max(row, dodged) + surroundings.insets.top + surroundings.insets.bottom
  }

  func insets(plot: Size, outer: Size) -> Insets { surroundings(plot: plot, outer: outer).insets }

  func elements(plot: Rectangle, outer: Rectangle) -> [Element] {
    let surroundings = surroundings(plot: plot.size, outer: outer.size)
    let frame = PlotFrame(
      box: plot, x: contents.x, y: contents.y, measures: measures,
      notes: isNoted ? MarkNotes(x: chart.x.label, y: chart.y.label) : nil)
    return grounds(frame) + surroundings.grid(frame) + rules(frame) + marks(frame) + surroundings.axes(frame)
      + PointLabels(chart.marks, in: frame, meter: meter).elements(meter: meter)
      + surroundings.texts(frame) + (contents.hasData ? [] : noData(plot))
  }

  private func surroundings(plot: Size, outer: Size) -> ChartSurroundings {
    ChartSurroundings(
      chart, contents, namedPanels: namedPanels, plot: plot, outer: outer, measures: measures, meter: meter)
  }

  private func marks(_ frame: PlotFrame) -> [Element] {
    var lines = 0
    var intervals = 0
    let intervalCount = chart.marks.count { if case .intervals = $0 { true } else { false } }
    return chart.marks.flatMap { mark -> [Element] in
      switch mark {
      case .line(let line):
        defer { lines += 1 }
        return line.elements(in: frame, order: lines)
      case .points(let points): return points.elements(in: frame)
      case .bars(let bars): return bars.elements(in: frame)
      case .intervals(let rows):
        defer { intervals += 1 }
        return rows.elements(in: frame, order: intervals, of: intervalCount)
      case .histogram(let histogram): return histogram.elements(in: frame)
      case .shade, .horizontalRule, .verticalRule: return []
      }
    }
  }

  /// What lies behind grid and rules.
  private func grounds(_ frame: PlotFrame) -> [Element] {
    chart.marks.flatMap { mark -> [Element] in
      switch mark {
      case .shade(let value, let isAbove): shade(value, isAbove: isAbove, frame)
      case .intervals(let rows): rows.grounds(in: frame)
      default: []
      }
    }
  }

  private func shade(_ value: Double, isAbove: Bool, _ frame: PlotFrame) -> [Element] {
    guard frame.x.shows(value) else { return [] }
    let edge = frame.x(value).clamped(to: frame.box.x...frame.box.maxX)
    let (start, end) = isAbove ? (edge, frame.box.maxX) : (frame.box.x, edge)
    let box = Rectangle(x: start, y: frame.box.y, width: end - start, height: frame.box.height)
    return box.width > 0 ? [.shape(.rectangle(box, fill: Shape.Paint(color: Measures.shade)))] : []
  }

  private func rules(_ frame: PlotFrame) -> [Element] {
    let stroke = RoleLook.reference.stroke(measures.dataLine)
    return frame.clipped(
      chart.marks.compactMap { mark in
        switch mark {
        case .horizontalRule(let value, _) where frame.y.shows(value):
          .shape(.horizontal(frame.y(value), frame.box.x...frame.box.maxX, stroke))
        case .verticalRule(let value, _) where frame.x.shows(value):
          .shape(.vertical(frame.x(value), frame.box.y...frame.box.maxY, stroke))
        default: nil
        }
      })
  }

  private func noData(_ plot: Rectangle) -> [Element] {
    meter.fitted("no data", measures.label, within: plot.width, maximumLines: 1)
      .elements(at: Point(plot.midX, plot.midY), .center, .middle, color: Measures.faint, meter: meter)
  }
}
